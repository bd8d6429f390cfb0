import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { type Answers, Browser, createUser, type LoginResult, signIn, type TestUser } from '../../sandbox/login';
import { REDIRECT_URI } from '../../test/support/imported-realm';

/** One login, and what is to come of it where the stack is as declared. */
interface Attempt {
  readonly name: string;
  readonly clientId: string;
  readonly acr?: string;
  readonly essential?: string;
  readonly scope?: string;
  /** Whether what is guarded was had. */
  readonly had: (result: LoginResult) => boolean;
}

const isGranted = ({ outcome }: LoginResult) => outcome === 'granted';
const isAbove = (result: LoginResult) => isGranted(result) && result.acr !== undefined && result.acr !== 'silver';
const hasScope = (name: string) => (result: LoginResult) => isGranted(result) && result.scope.includes(name);

/** What a thief tries, who has a password and nothing else; the owner of the OTP must have each. */
const GUARDED: readonly Attempt[] = [
  { name: 'scope payments', clientId: 'app', scope: 'payments', had: hasScope('payments') },
  { name: 'acr gold', clientId: 'app', acr: 'gold', had: isAbove },
  { name: 'essential gold', clientId: 'app', essential: 'gold', had: isAbove },
  { name: 'client with a minimum', clientId: 'vault', had: isGranted },
];
/** Only where it is declared: there is no such scope else, or it is on its way. */
const TRANSFERS: Attempt = { name: 'scope transfers', clientId: 'app', scope: 'transfers', had: hasScope('transfers') };

/** An ordinary login, which a password is enough for. */
const PLAIN: Attempt = { name: 'ordinary login', clientId: 'app', had: isGranted };

/** A user whose password the thief has, and the logins of both. */
export interface Visitors {
  /** What a thief has who has the password alone; empty is right. */
  thief(): Promise<string[]>;
  /** What the owner of the OTP does not have; empty is right. */
  owner(transfers: boolean): Promise<string[]>;
  /** Logins so far. */
  readonly logins: number;
}

/** @param keycloak base URL, not of the proxy */
export async function visitors(admin: KeycloakAdminClient, keycloak: string, realm: string): Promise<Visitors> {
  const bob = await createUser(admin, realm, { username: 'bob', totp: true });
  const attempt = ({ clientId, acr, essential, scope }: Attempt, answers: Answers) =>
    signIn(
      new Browser(),
      {
        client: { issuer: `${keycloak}/realms/${realm}`, clientId },
        redirectUri: REDIRECT_URI,
        scope: ['openid', ...(scope ? [scope] : [])],
        ...(acr && { acrValues: [acr] }),
        ...(essential && { claims: { id_token: { acr: { essential: true, values: [essential] } } } }),
      },
      answers,
    );
  let logins = 0;
  const run = async (attempts: readonly Attempt[], answers: Answers, isWrong: (had: boolean) => boolean) => {
    const wrong: string[] = [];
    for (const each of attempts) {
      const result = await attempt(each, answers);
      logins += 1;
      if (!isWrong(each.had(result))) continue;
      const { outcome, error, acr } = result;
      wrong.push(`${each.name} (${[outcome, error, acr && `acr ${acr}`].filter(Boolean).join(', ')})`);
    }
    return wrong;
  };
  return {
    get logins() {
      return logins;
    },
    thief: () => run([...GUARDED, TRANSFERS], passwordOf(bob), (had) => had),
    owner: (transfers) =>
      run(
        [PLAIN, ...GUARDED, ...(transfers ? [TRANSFERS] : [])],
        { ...passwordOf(bob), otp: () => bob.totp?.now() as string },
        (had) => !had,
      ),
  };
}

function passwordOf({ username, password }: TestUser): Answers {
  return { username, password };
}
