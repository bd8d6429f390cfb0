import type { TerraformStack } from 'cdktf';
import { type AssuranceLevel, StepUpClient, StepUpFlow, StepUpRealm, type StepUpRealmProps } from '../../../lib';
import {
  type Answers,
  Browser,
  createUser,
  type LoginRequest,
  type LoginResult,
  RecoveryCodes,
  signIn,
  type TestUser,
  type TestUserOptions,
} from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { testKeycloak, withRealmName } from '../support/keycloak';

/**
 * Makes a realm with these levels, their step-up flow and a public client `app` before the tests of this block, and
 * removes it after them.
 *
 * @returns the realm's name
 */
export function withLevelsRealm(
  levels: (stack: TerraformStack) => readonly AssuranceLevel[],
  props: Partial<StepUpRealmProps> = {},
): string {
  const name = withRealmName('http');
  const folder = withStackFolder();
  beforeAll(() =>
    folder.apply((stack) => {
      const realm = new StepUpRealm(stack, 'realm', { name, levels: levels(stack), ...props });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
      const validRedirectUris = [REDIRECT_URI];
      new StepUpClient(stack, 'app', { realm, clientId: 'app', accessType: 'PUBLIC', validRedirectUris });
    }),
  );
  return name;
}

/** A user who may have written recovery codes down. */
export interface HttpUser extends TestUser {
  readonly codes: readonly string[];
}

/** Logins to the client `app` of a realm, each by a user of its own, because wrong answers in a row lock an account. */
export function loginsTo(realm: string) {
  let users = 0;
  return {
    async user(options: Partial<TestUserOptions> & { recoveryCodes?: true } = {}): Promise<HttpUser> {
      users += 1;
      const { recoveryCodes, ...rest } = options;
      const sheet = recoveryCodes && new RecoveryCodes();
      const credentials = sheet ? [sheet.credential()] : [];
      const { admin } = await testKeycloak();
      return {
        ...(await createUser(admin, realm, { username: `user-${users}`, credentials, ...rest })),
        codes: sheet?.codes ?? [],
      };
    },

    async login(
      acr: string | undefined,
      answers: Answers,
      { browser = new Browser(), ...request }: Partial<LoginRequest> & { browser?: Browser } = {},
    ): Promise<LoginResult> {
      const issuer = `${(await testKeycloak()).url}/realms/${realm}`;
      const acrValues = acr === undefined ? {} : { acrValues: [acr] };
      const client = { issuer, clientId: 'app' };
      return signIn(browser, { client, redirectUri: REDIRECT_URI, ...acrValues, ...request }, answers);
    },
  };
}

/** The password, and nothing else. */
export function passwordOf({ username, password }: TestUser): Answers {
  return { username, password };
}
