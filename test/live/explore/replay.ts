import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { HeldProof, Way, WitnessStep } from '../../../model';
import { Browser, type LoginPage, TotpDevice } from '../../../sandbox/login';
import { importedOtp, PASSWORD } from '../../support/imported-realm';
import { acrOf, type GrantAnswer, post, redeem } from '../support/grants';

/** A realm of a live Keycloak. */
export interface Place {
  readonly admin: KeycloakAdminClient;
  readonly url: string;
  readonly realm: string;
}

/** What a realm's witnesses leave to whoever replays them. */
export interface Circumstances {
  /** A client whose login proves no level; sessions without a level come from there. */
  readonly levelless: string;
  /** A client that takes a login at each level; sessions of a level come from there. @default 'app' */
  readonly sessionClient?: string;
  /** Seconds that a session waits before it is used, unless the way says that it must be younger. @default 0 */
  readonly sessionAge?: number;
  /** A header that matches the patterns of the realm's flows. */
  readonly header?: readonly [name: string, value: string];
}

interface Account {
  readonly id: string;
  readonly username: string;
  readonly device: TotpDevice;
}

type Outcome = { readonly asked: readonly string[]; readonly end: string };

const PARAMETER_OF_HEADERS = 'header that matches';

/** What the steps of the witness should show, one line a login: `username password → silver`. */
export function claimed({ witness }: Way): string[] {
  return witness.filter(({ clientId }) => clientId !== undefined).map(stepLine);
}

/**
 * Does what the way's witness says in a new account, as somebody who holds these proofs and nothing else, and says what was
 * seen, in the words of {@link claimed}. A login that asks for more than they hold is left: `username password otp → stopped`.
 */
export async function replay(
  place: Place,
  way: Way,
  held: readonly HeldProof[],
  circumstances: Circumstances,
): Promise<string[]> {
  const credentials = credentialsOf(way.witness);
  const session = held.find((proof) => proof.startsWith('session'));
  const account = await newAccount(place, session === undefined ? credentials : ['password', 'otp']);
  const browser = session === undefined ? new Browser() : await sessionOf(place, account, session, circumstances);
  if (session !== undefined) {
    const { sessionAge = 0 } = circumstances;
    if ((way.sessionAge ?? 0) > sessionAge) await sleep(sessionAge * 1000);
    await removeCredentials(place, account, credentials);
  }
  const person = new Person(place, account, new Set(held), browser, circumstances.header);
  const lines: string[] = [];
  for (const step of way.witness) if (step.clientId !== undefined) lines.push(lineOf(await person.perform(step)));
  return lines;
}

/** Somebody who holds some proofs of an account. */
class Person {
  private ownDevice?: TotpDevice;
  private ownPassword?: string;

  constructor(
    private readonly place: Place,
    private readonly account: Account,
    private readonly held: ReadonlySet<HeldProof>,
    private readonly browser: Browser,
    private readonly header: readonly [string, string] | undefined = undefined,
  ) {}

  perform({ does, clientId = '', parameters = {} }: WitnessStep): Promise<Outcome> {
    if (does.startsWith('Send a token request')) return this.passwordGrant(clientId, parameters);
    if (does.startsWith('Open the login')) return this.login(clientId, parameters);
    throw new Error(`Nobody here knows how to do this: ${does}`);
  }

  private async login(clientId: string, parameters: Readonly<Record<string, string>>): Promise<Outcome> {
    const { [PARAMETER_OF_HEADERS]: pattern, ...sent } = parameters;
    const browser = pattern === undefined ? this.browser : this.withHeader();
    const leave = await this.redirectUri(clientId);
    const query = { response_type: 'code', client_id: clientId, redirect_uri: leave.href, ...sent };
    const asked: string[] = [];
    let arrival = await browser.open(
      new URL(`${await this.site.issuer()}/protocol/openid-connect/auth?${new URLSearchParams(query)}`),
      leave,
    );
    while ('page' in arrival) {
      const { page } = arrival;
      if (page.kind !== 'form' || page.error !== undefined) return { asked, end: `${page.kind}: ${page.error}` };
      asked.push(...page.asks.keys());
      const values = await this.answer(page);
      if (!values) return { asked, end: 'stopped' };
      arrival = await browser.submit(page, values, leave);
    }
    const { searchParams } = arrival.redirect;
    if (!searchParams.has('code')) return { asked, end: `refused: ${searchParams.get('error')}` };
    const answer = await redeem(this.site, clientId, arrival.redirect, { redirectUri: leave.href });
    return { asked, end: endOf(answer) };
  }

  /** The first of the client's own: witnesses go by Keycloak's clients too. */
  private async redirectUri(clientId: string): Promise<URL> {
    const { admin, realm, url } = this.place;
    const [client] = await admin.clients.find({ realm, clientId });
    const [pattern = ''] = client?.redirectUris ?? [];
    return new URL(pattern.replace(/\*$/, ''), url);
  }

  private async passwordGrant(clientId: string, parameters: Readonly<Record<string, string>>): Promise<Outcome> {
    const password = this.password();
    const otp = this.otp();
    const answer = await post(this.site, 'token', {
      grant_type: 'password',
      client_id: clientId,
      ...parameters,
      username: this.account.username,
      ...(password !== undefined && { password }),
      ...(otp !== undefined && { totp: otp }),
    });
    return { asked: ['username', ...(password ? ['password'] : []), ...(otp ? ['otp'] : [])], end: endOf(answer) };
  }

  /** The values for a page, if what it asks for is held. */
  private async answer(page: LoginPage): Promise<Record<string, string> | undefined> {
    const values: Record<string, string> = {};
    for (const [asked, field] of page.asks) {
      const value = this.valueFor(asked, page);
      if (value === undefined) return undefined;
      values[field] = value;
      if (asked === 'new-password') values['password-confirm'] = value;
    }
    return values;
  }

  private valueFor(asked: string, page: LoginPage): string | undefined {
    switch (asked) {
      case 'username':
        return this.account.username;
      case 'password':
        return this.password();
      case 'otp':
        return this.otp();
      case 'enrol-otp':
        if (!this.held.has('enrol:otp')) return undefined;
        this.ownDevice = new TotpDevice(page.fields.totpSecret as string);
        return this.ownDevice.now();
      case 'new-password':
        // Another one than the account's, which stays unknown.
        this.ownPassword = this.held.has('enrol:password') ? randomUUID() : undefined;
        return this.ownPassword;
      case 'consent':
        return 'Yes';
      default:
        return undefined;
    }
  }

  private password(): string | undefined {
    return this.ownPassword ?? (this.held.has('password') ? PASSWORD : undefined);
  }

  private otp(): string | undefined {
    return (this.ownDevice ?? (this.held.has('otp') ? this.account.device : undefined))?.now();
  }

  private withHeader(): Browser {
    if (!this.held.has('header') || !this.header) throw new Error('The witness needs a header that is not held');
    const [name, value] = this.header;
    return new Browser((input, init) => {
      const headers = new Headers(init?.headers);
      headers.set(name, value);
      return this.browser.fetch(input, { ...init, headers });
    });
  }

  private readonly site = { issuer: async () => `${this.place.url}/realms/${this.place.realm}` };
}

function endOf(answer: GrantAnswer): string {
  return answer.id_token === undefined ? `refused: ${answer.error}` : (acrOf(answer) ?? 'no acr');
}

/** A browser in which the account's owner has logged in, up to the level of the session and no further. */
async function sessionOf(
  place: Place,
  account: Account,
  session: HeldProof,
  { levelless, sessionClient = 'app' }: Circumstances,
): Promise<Browser> {
  const [, acr] = session.split(/:(.*)/);
  const browser = new Browser();
  const owner = new Person(place, account, new Set<HeldProof>(['password', 'otp']), browser);
  const { end } = await owner.perform({
    does: 'Open the login',
    clientId: acr === undefined ? levelless : sessionClient,
    parameters: { scope: 'openid', ...(acr !== undefined && { acr_values: acr }) },
  });
  if (acr !== undefined && end !== acr) throw new Error(`The owner's login for ${session} ended with ${end}`);
  return browser;
}

async function newAccount({ admin, realm }: Place, credentials: readonly string[]): Promise<Account> {
  const username = `user-${randomUUID()}`;
  const secret = randomUUID().slice(0, 20);
  const { id } = await admin.users.create({
    realm,
    username,
    enabled: true,
    firstName: 'Some',
    lastName: 'Body',
    email: `${username}@explore.invalid`,
    emailVerified: true,
    credentials: [
      { type: 'password', value: PASSWORD, temporary: false },
      ...(credentials.includes('otp') ? [importedOtp(secret)] : []),
    ],
  });
  return { id, username, device: new TotpDevice(secret) };
}

/** Leaves the account these: a session that an OTP proved outlives the OTP. */
async function removeCredentials({ admin, realm }: Place, { id }: Account, keep: readonly string[]): Promise<void> {
  for (const credential of await admin.users.getCredentials({ realm, id })) {
    if (keep.includes(credential.type as string)) continue;
    await admin.users.deleteCredential({ realm, id, credentialId: credential.id as string });
  }
}

function credentialsOf([first]: readonly WitnessStep[]): string[] {
  const [, list] = /^Take an account whose credentials are: (.*)$/.exec(first?.does ?? '') ?? [];
  if (list === undefined) throw new Error(`The witness begins with no account: ${first?.does}`);
  return list.split(', ');
}

function stepLine({ pages = [], acr }: WitnessStep): string {
  return lineOf({ asked: pages.flatMap(askedOn), end: acr ?? 'no acr' });
}

const ACTIONS: Readonly<Record<string, string>> = {
  'CONFIGURE_TOTP: do it': 'enrol-otp',
  'UPDATE_PASSWORD: do it': 'new-password',
  consent: 'consent',
};

function askedOn(page: string): string[] {
  const [, proofs] = /: give (.*)$/.exec(page) ?? [];
  if (proofs !== undefined) return proofs.split(' and ');
  const action = ACTIONS[page];
  if (action === undefined) throw new Error(`Nobody here knows how to answer this: ${page}`);
  return [action];
}

function lineOf({ asked, end }: Outcome): string {
  return `${asked.join(' ')} → ${end}`.trim();
}
