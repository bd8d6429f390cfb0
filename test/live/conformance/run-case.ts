import { randomUUID } from 'node:crypto';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { CookieJar } from 'tough-cookie';
import { type LoginRequest, type Session, type SimulatedUser, simulate } from '../../../model';
import { ENROLMENTS } from '../../../model/keycloak/authenticators';
import { type SimulatedBrowser, visit } from './at-browser';
import { type ConformanceCase, HEADER, type LoginSettings, PROVIDER, type UserSettings } from './case';
import { samlClientIdOf, secondClientIdOf, serviceClientIdOf } from './client-ids';
import { performLive } from './compare';
import { LiveLogin } from './driver';
import { isOfProvider } from './moves';
import type { Place } from './perform';
import { PLAIN_CLIENT } from './realm';
import { clientIdOf } from './realm-flows';
import { type Identity, identityOf } from './realm-provider';
import { otpSecret, type Person, simulatedUser, usernameOf } from './realm-users';
import type { SimulatedLogin } from './simulated-login';

/** A login that was simulated and performed. */
export interface ComparedLogin extends SimulatedLogin {
  readonly settings: LoginSettings;
  readonly request: LoginRequest;
  readonly simulated: string;
  readonly live: string;
  /** The session that the browser had. */
  readonly before: Session | undefined;
  /** Whether the simulator can't tell: the login then was not performed. */
  readonly untold: boolean;
}

/** Where a case stands: the same people at the same browser, simulated and live. */
export class CaseRun {
  /** When the last login ended. */
  since = 0;
  private browser: SimulatedBrowser;
  private readonly browsers: Readonly<Record<Person, LiveLogin>>;

  constructor(
    private readonly place: Place,
    private readonly admin: KeycloakAdminClient,
    readonly settings: ConformanceCase,
    readonly index: number,
  ) {
    const { user, other } = settings;
    const jar = new CookieJar();
    const browserOf = (person: Person, settings: UserSettings | undefined) =>
      new LiveLogin(
        usernameOf(index, person),
        settings?.credentials.includes('otp') ? otpSecret(index, person) : undefined,
        { jar },
      );
    const users = { user: simulatedUser(user, index), ...(other && { other: simulatedUser(other, index) }) };
    this.browser = { session: undefined, owner: 'user', users };
    this.browsers = { user: browserOf('user', user), other: browserOf('other', other) };
  }

  /** @param now on the simulated clock */
  async login(round: number, now: number): Promise<ComparedLogin> {
    const settings = this.settings.logins[round] as LoginSettings;
    const person = settings.by ?? 'user';
    const asked = this.withPossibleDeletion(requestOf(settings, this.index, this.settings), person);
    const request = this.hasLinks(asked, now) ? asked : { ...asked, door: undefined, midway: undefined };
    const { model } = this.place;
    const { login, whose, text, after, undone } = visit(
      model,
      this.browser,
      person,
      request,
      { ...settings, identity: (each) => this.identity(each, settings) },
      now,
    );
    const owned = this.browsers[whose].owned;
    const untold = login.result.outcome.kind === 'cannot-tell';
    const live = untold
      ? text
      : await this.perform(request, whose, login, settings).catch((error) => `failed: ${error.message}`);
    if (undone && login.done.at(-1)?.page.kind === 'action') this.browsers[whose].owned = owned;
    const { session: before } = this.browser;
    this.browser = after;
    this.since = Date.now();
    return { ...login, settings, request, simulated: text, live, before, untold };
  }

  /** Links to other doors are on the first page of a login, if there is one; they are followed by whom the browser doesn't know. */
  private hasLinks({ door: _, ...request }: LoginRequest, now: number): boolean {
    const { session, users } = this.browser;
    if (session) return false;
    const { asked } = simulate(this.place.model, request, users.user as SimulatedUser, undefined, {
      now,
      actor: () => ({ stop: true }),
    });
    const [first] = asked;
    return first?.page.kind === 'form' && !isOfProvider(first.page);
  }

  private identity(whose: Person, { identity }: Pick<LoginSettings, 'identity'>): Identity {
    if (identity === 'new') return 'new';
    const isLinked = this.settings[whose]?.linked || this.browser.users[whose]?.linked?.includes(PROVIDER);
    return isLinked ? 'linked' : 'matching';
  }

  /** Prepares the browser for what the login may come to: an identity provider, or an exchange of its tokens. */
  private prepare(browser: LiveLogin, whose: Person, settings: LoginSettings): void {
    const identity = this.identity(whose, settings);
    const isMine = identity === 'linked' && !this.settings[whose]?.linked;
    browser.identity = identityOf(browser.username, isMine ? 'matching' : identity);
    browser.keepTokensOf(Object.keys(this.browser.session?.clients ?? {}));
  }

  /** A credential that the login itself makes has no id yet when the login begins, nor does one that comes beside another. */
  private withPossibleDeletion(request: LoginRequest, person: Person): LoginRequest {
    const [action, type] = request.action?.split(':') ?? [];
    const { users, owner } = this.browser;
    const has = (whose: Person) => {
      const { credentials = [], requiredActions = [] } = users[whose] ?? {};
      return credentials.some((each) => each === type) && !requiredActions.some((alias) => ENROLMENTS[alias] === type);
    };
    return type === undefined || (has(person) && has(owner)) ? request : { ...request, action: `${action}:missing` };
  }

  private async perform(
    request: LoginRequest,
    whose: Person,
    login: SimulatedLogin,
    settings: LoginSettings,
  ): Promise<string> {
    const browser = this.browsers[whose];
    this.prepare(browser, whose, settings);
    const live = await performLive(this.place, await this.withCredentialId(request, whose), browser, login);
    const deleted = login.results.some(({ trace }) =>
      trace.some(({ rule, detail }) => rule === 'credential-deleted' && detail === 'otp'),
    );
    if (deleted) browser.forgetDevice();
    return live;
  }

  /**
   * A deletion names the credential by its type in the simulator, by its id in Keycloak. An account has one of a type there, so
   * that others are removed here.
   */
  private async withCredentialId(request: LoginRequest, whose: Person): Promise<LoginRequest> {
    const [action, type] = request.action?.split(':') ?? [];
    if (type === undefined) return request;
    const { admin, index } = this;
    const { realm } = this.place;
    const [user] = await admin.users.find({ realm, username: usernameOf(index, whose), exact: true });
    const id = user?.id as string;
    const [first, ...others] = (await admin.users.getCredentials({ realm, id })).filter((each) => each.type === type);
    for (const { id: credentialId = '' } of others) await admin.users.deleteCredential({ realm, id, credentialId });
    if (type === 'otp') this.browsers[whose].forgetNewerDevices();
    return { ...request, action: `${action}:${first?.id ?? randomUUID()}` };
  }
}

function requestOf(
  { to, by: _, header, moves: __, usual: ___, identity: ____, ...request }: LoginSettings,
  index: number,
  { saml }: ConformanceCase,
): LoginRequest {
  const clientId = {
    own: clientIdOf(index),
    second: secondClientIdOf(index),
    plain: PLAIN_CLIENT,
    saml: samlClientIdOf(index),
    service: serviceClientIdOf(index),
  }[to];
  const { door, midway } = request;
  const throughDoor = {
    ...(door && { door }),
    ...(midway && { midway }),
    ...(door === 'broker' && { broker: PROVIDER }),
  };
  // Such a login has no request that could ask for anything.
  if (to === 'saml' && saml?.begun) return { clientId, initiatedByProvider: true, ...throughDoor };
  return { ...request, ...throughDoor, clientId, ...(header !== undefined && { headers: { [HEADER]: header } }) };
}
