import type { LoginResult, RealmModel } from '../../../../model';
import { OWN_CERTIFICATE, simulate } from '../../../../model';
import type { LoginRequest, Page, ProfileChange, Session, SimulatedUser } from '../../../../model/simulate';
import { OTP_SECRET } from '../../../checks/support/representation';
import { PASSWORD } from '../../../support/imported-realm';
import { importRealm } from '../../checks/import-realm';
import { authorizationUrl, describePage, endOf, endOfLive, type Place } from '../../conformance/compare';
import { type Arrival, LiveLogin, type LivePage } from '../../conformance/driver';
import { testKeycloak, uniqueRealmName } from '../../support/keycloak';
import { actionUrl } from './action-url';
import { Mailbox } from './mailbox';

/** What is done before the first page is answered. */
export type Opening = 'restart' | 'lost-cookie';

export interface MoveAttempt {
  readonly request: LoginRequest;
  readonly user?: SimulatedUser;
  /** @default bob, who has a password and an OTP */
  readonly username?: string;
  readonly session?: Session | undefined;
  readonly browser?: LiveLogin;
  readonly now?: number;
  /** Which proofs the person gives: the first set of a page that they suffice for. @default those of the account, mail included */
  readonly proofs?: readonly string[];
  /** Which change is chosen where an action offers several. @default none */
  readonly change?: (change: ProfileChange) => boolean;
  /** The address that mails to the account go to. @default that of the imported account */
  readonly mailTo?: string;
  /** What stands for the own certificate in an attribute. */
  readonly ownCertificate?: string;
  /** How a restarted login is begun anew. @default 'restart' */
  readonly opening?: Opening;
}

export interface Compared {
  readonly result: LoginResult;
  readonly simulated: string;
  readonly live: string;
  readonly browser: LiveLogin;
}

export const BOB: SimulatedUser = { credentials: ['password', 'otp'] };
export const ALICE: SimulatedUser = { credentials: ['password'] };

/** A realm on the run's Keycloak that a model describes, with bob and alice, and a mailbox that all its mails come to. */
export class MovePlace {
  readonly realm = uniqueRealmName('moves');
  readonly mailbox = new Mailbox();
  private place: Place | undefined;
  private registrations = 0;

  constructor(readonly model: RealmModel) {}

  async open(): Promise<void> {
    const { admin, url } = await testKeycloak();
    const { realm, model } = this;
    await this.mailbox.open();
    await importRealm(admin, realm, model);
    const { selfService, bindings } = model;
    const representation = await admin.realms.findOne({ realm });
    await admin.realms.update(
      { realm },
      {
        ...representation,
        smtpServer: this.mailbox.settings,
        resetPasswordAllowed: selfService.resetPassword === true,
        registrationAllowed: selfService.registration === true,
        verifyEmail: selfService.verifyEmail === true,
        loginWithEmailAllowed: selfService.loginWithEmail !== false,
        editUsernameAllowed: selfService.editUsername === true,
        resetCredentialsFlow: bindings.resetCredentials as string,
        registrationFlow: bindings.registration as string,
      },
    );
    if (model.defaultRoles !== undefined) await giveRoles(realm, model.defaultRoles as readonly string[]);
    this.place = { url, realm, model };
  }

  async close(): Promise<void> {
    this.mailbox.close();
    const { admin } = await testKeycloak();
    if (await admin.realms.findOne({ realm: this.realm })) await admin.realms.del({ realm: this.realm });
  }

  /** One login as it is simulated and as it is, in the same words. */
  async compare(attempt: MoveAttempt): Promise<Compared> {
    const { request, user = BOB, session, now = 1_700_000_000 } = attempt;
    const owned = new Set<string>(attempt.proofs ?? ['username', 'email', 'registration', ...user.credentials]);
    const result = simulate(this.model, request, user, session, {
      now,
      actor: (page) => answerTo(page, owned, attempt.change),
    });
    const simulated = [...result.asked.map(({ page }) => describePage(page)), endOf(result)].join(', ');
    const username = attempt.username ?? 'bob';
    const browser = attempt.browser ?? new LiveLogin(username, username === 'bob' ? OTP_SECRET : undefined);
    const live = await new LiveMove(this, this.known(), attempt, username, browser).perform(result);
    return { result, simulated, live, browser };
  }

  /** What an action lets its user change, as the simulator has it. */
  changesOf(action: string): readonly ProfileChange[] | undefined {
    const { asked } = simulate(this.model, { clientId: 'app', action }, ALICE);
    const page = asked.map((each) => each.page).find((each) => each.kind === 'action' && each.action === action);
    return page?.kind === 'action' ? page.changes : undefined;
  }

  /** A user name that nobody in the realm has. */
  newName(): string {
    this.registrations++;
    return `new-${this.registrations}`;
  }

  known(): Place {
    if (!this.place) throw new Error('The realm is not open yet');
    return this.place;
  }
}

function answerTo(page: Page, owned: ReadonlySet<string>, wanted: MoveAttempt['change']) {
  if (page.kind === 'consent') return { give: 0 };
  if (page.kind === 'action') {
    const change = page.changes?.findIndex((each) => wanted?.(each) ?? false) ?? -1;
    return { give: Math.max(change, 0) };
  }
  const give = page.accepts.findIndex((proofs) => proofs.every((proof) => owned.has(proof)));
  return give >= 0 ? { give } : ({ stop: true } as const);
}

/** Performs what was simulated, as long as the pages are the same. */
class LiveMove {
  constructor(
    private readonly moves: MovePlace,
    private readonly place: Place,
    private readonly attempt: MoveAttempt,
    private readonly username: string,
    private readonly browser: LiveLogin,
  ) {}

  async perform({ asked }: LoginResult): Promise<string> {
    const seen: string[] = [];
    let arrival = await this.throughDoor(await this.browser.open(authorizationUrl(this.place, await this.request())));
    const reset = this.attempt.request.midway && 'page' in arrival && actionUrl(arrival.page, 'reset-credentials');
    let left = !reset;
    for (const { page, answer } of asked) {
      if ('redirect' in arrival) break;
      if (reset && !left && arrival.page.kind === 'error') {
        left = true;
        arrival = await this.browser.open(reset);
        if ('redirect' in arrival) break;
      }
      const name = page.kind === 'form' && page.accepts[0]?.includes('email') ? 'email' : arrival.page.text;
      seen.push(name);
      if (name !== describePage(page)) return seen.join(', ');
      if ('stop' in answer && left) return [...seen, 'abandoned'].join(', ');
      if ('stop' in answer && reset) {
        left = true;
        arrival = await this.browser.open(reset);
        continue;
      }
      const change = page.kind === 'action' && 'give' in answer ? page.changes?.[answer.give] : undefined;
      arrival = await this.answer(arrival.page, name, change);
    }
    if ('page' in arrival && arrival.page.text === 'done') return [...seen, 'done'].join(', ');
    return [...seen, await endOfLive(this.place, this.attempt.request.clientId, arrival)].join(', ');
  }

  /** Accounts of the simulator have no credential ids. */
  private async request(): Promise<LoginRequest> {
    const { request } = this.attempt;
    const [action, type] = request.action?.split(':') ?? [];
    if (action !== 'delete_credential') return request;
    const { admin } = await testKeycloak();
    const { realm } = this.place;
    const [user] = await admin.users.find({ realm, username: this.username, exact: true });
    const credentials = await admin.users.getCredentials({ realm, id: user?.id as string });
    return { ...request, action: `${action}:${credentials.find((each) => each.type === type)?.id}` };
  }

  private async throughDoor(arrival: Arrival): Promise<Arrival> {
    const { door = 'login', restarted, midway } = this.attempt.request;
    if ((door === 'login' && !restarted) || midway || 'redirect' in arrival) return arrival;
    let page = arrival.page;
    if (restarted) {
      const again = await this.restart(page);
      if ('redirect' in again || door === 'login') return again;
      page = again.page;
    }
    const path = door === 'reset' ? 'reset-credentials' : 'registration';
    return this.browser.open(actionUrl(page, path));
  }

  private async restart(page: LivePage): Promise<Arrival> {
    if (this.attempt.opening !== 'lost-cookie') {
      const url = actionUrl(page, 'restart');
      url.searchParams.set('skip_logout', 'true');
      return this.browser.open(url);
    }
    await this.browser.forget('AUTH_SESSION_ID', page.url);
    return this.browser.open(actionUrl(page, 'authenticate'));
  }

  private async answer(page: LivePage, name: string, change: ProfileChange | undefined): Promise<Arrival> {
    const { mailbox } = this.moves;
    switch (name) {
      case 'email':
      case 'VERIFY_EMAIL':
        return this.browser.open(await mailbox.linkTo(this.address));
      case 'registration': {
        const username = this.moves.newName();
        const email = `${username}@thief.invalid`;
        this.newAddress = email;
        const names = { username, email, firstName: 'New', lastName: 'User' };
        return this.browser.send(page, { ...names, password: PASSWORD, 'password-confirm': PASSWORD });
      }
      case 'UPDATE_PROFILE':
        return this.browser.send(page, this.changed(change));
      case 'UPDATE_EMAIL':
        return this.confirmed(await this.browser.send(page, this.changed(change)));
      case 'delete_account':
      case 'idp_link':
      case 'TERMS_AND_CONDITIONS':
        return this.browser.send(page, { accept: 'on' });
      case 'username':
        return this.browser.send(page, { username: this.username });
      default:
        return this.browser.answer(page, {});
    }
  }

  /** Where addresses are verified, the new one counts once its mail is answered. */
  private async confirmed(arrival: Arrival): Promise<Arrival> {
    if ('redirect' in arrival || arrival.page.text !== 'done') return arrival;
    return this.browser.open(await this.moves.mailbox.linkTo(this.address));
  }

  private newAddress: string | undefined;

  private get address(): string {
    return this.newAddress ?? this.attempt.mailTo ?? `${this.username}@checks.invalid`;
  }

  private changed(change: ProfileChange | undefined): Record<string, string> {
    switch (change?.kind) {
      case 'email':
        this.newAddress = `${this.username}@thief.invalid`;
        return { email: this.newAddress };
      case 'username':
        return { username: `${this.username}-moved` };
      case 'attribute':
        if (change.name === 'email') this.newAddress = change.value;
        return { [change.name]: change.value === OWN_CERTIFICATE ? (this.attempt.ownCertificate ?? '') : change.value };
      default:
        return {};
    }
  }
}

/** Gives the imported users roles of clients, as conditions name them. */
async function giveRoles(realm: string, roles: readonly string[]): Promise<void> {
  const { admin } = await testKeycloak();
  for (const role of roles) {
    const [clientId, name] = role.split('.') as [string, string];
    const [client] = await admin.clients.find({ realm, clientId });
    const found = await admin.clients.findRole({ realm, id: client?.id as string, roleName: name });
    const clientRole = { realm, clientUniqueId: client?.id as string };
    for (const { id } of await admin.users.find({ realm })) {
      const roleMapping = [{ id: found?.id as string, name }];
      await admin.users.addClientRoleMappings({ ...clientRole, id: id as string, roles: roleMapping });
    }
  }
}

/** Opens a place before the tests of this block, and removes it after them. */
export function withPlace(model: RealmModel): MovePlace {
  const place = new MovePlace(model);
  beforeAll(() => place.open());
  afterAll(() => place.close());
  return place;
}

/** Expects the same of the simulator and of Keycloak. */
export async function expectBoth(place: MovePlace, attempt: MoveAttempt, outcome: string): Promise<Compared> {
  const compared = await place.compare(attempt);
  expect([compared.simulated, compared.live]).toEqual([outcome, outcome]);
  return compared;
}
