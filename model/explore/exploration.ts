import { DEFAULT_USER_ROLES } from '../keycloak/built-in-realm';
import { isUnknown, type RealmModel } from '../realm-model';
import type { SimulatedUser } from '../simulate/types';
import { type ClientClass, clientClasses } from './client-classes';
import { accountKinds, type Features, featuresOf } from './features';
import { notFollowed } from './not-followed';
import { type HeldSession, ProofTable } from './proofs';
import { providerKinds } from './provider-kinds';
import { type RequestSpace, requestSpace } from './requests';
import { tooManyScopes } from './scope-space';
import { Search, type Whose } from './search';
import { heldSessions } from './sessions';
import { Situations } from './situations';
import type { Way } from './ways';

/** What an attacker can do about one kind of account. */
export interface ExploredAccount {
  /** Its features, by name. */
  readonly names: ReadonlySet<string>;
  readonly user: SimulatedUser;
  readonly search: Search;
}

/** All that can be done in a realm: searched once, asked for many things. */
export class Exploration {
  readonly proofs: ProofTable;
  /** Identity providers by the one that stands for all alike. */
  readonly providers: ReadonlyMap<string, string>;
  readonly features: Features;
  readonly space: RequestSpace;
  /** Kinds of users' accounts. */
  readonly accounts: readonly ExploredAccount[];
  /** The account that an attacker makes, if users may register. */
  readonly own: ExploredAccount | undefined;
  /** Why there may be more than was found. */
  readonly cannotTell: readonly string[];
  /** What was taken for granted of logins and accounts because the model doesn't say it. */
  readonly assumes: readonly string[];
  private readonly remembered = new Map<ClientClass, Map<string, readonly Way[]>>();
  private readonly classes: ReadonlyMap<string, ClientClass>;

  constructor(readonly model: RealmModel) {
    this.providers = providerKinds(model);
    this.proofs = new ProofTable(model, this.providers);
    this.features = featuresOf(model);
    this.space = requestSpace(model, this.proofs, this.features);
    this.classes = clientClasses(model, this.space);
    const distinct = [...new Set(this.classes.values())];
    const situations = new Situations(model, this);
    const search = (user: SimulatedUser, held: readonly HeldSession[], whose?: Whose) =>
      new Search(distinct, situations, this, user, held, whose).run();
    const kinds = accountKinds(this.features);
    // Whoever has every credential gets every session that there is.
    const richest = Math.max(...kinds.map(({ user }) => user.credentials.length));
    const left = kinds
      .filter(({ user }) => user.credentials.length === richest)
      .flatMap(({ user }) => [...search(user, []).sessions]);
    const held = heldSessions(model, new Set(left));
    this.accounts = kinds.map(({ names, user }) => ({ names, user, search: search(user, held) }));
    this.own = mayMakeAccounts(model) ? ownAccount(model, (user) => search(user, [], 'own')) : undefined;
    this.cannotTell = [...new Set(this.reasons(distinct))];
    this.assumes = [...new Set(this.searches().flatMap(({ assumed }) => [...assumed]))];
  }

  classOf(clientId: string): ClientClass | undefined {
    return this.classes.get(clientId);
  }

  /** Works something out about a class of clients once. */
  remember(client: ClientClass, what: string, work: () => readonly Way[]): readonly Way[] {
    const known = this.remembered.get(client) ?? new Map<string, readonly Way[]>();
    this.remembered.set(client, known);
    const ways = known.get(what) ?? work();
    known.set(what, ways);
    return ways;
  }

  private reasons(classes: readonly ClientClass[]): string[] {
    const { leftOut } = this.features;
    const manyScopes = classes.filter(({ representative }) => tooManyScopes(representative, this.space.scopes));
    return [
      ...(leftOut.length > 0 ? [`accounts were not told apart by ${leftOut.join(', ')}`] : []),
      ...this.proofs.leftOut.map(
        (alias) => `logins by the identity provider ${alias} were not tried: there are too many`,
      ),
      ...this.proofs.stepsLeftOut.map(
        (authenticator) => `${authenticator} was not followed: there are too many steps like it`,
      ),
      ...manyScopes.map(
        ({ representative }) =>
          `not every set of the scopes of ${representative.clientId} was asked for in one request`,
      ),
      ...notFollowed(this.model),
      ...this.searches().flatMap(({ open }) => [...open]),
    ];
  }

  private searches(): Search[] {
    return [...this.accounts, ...(this.own ? [this.own] : [])].map(({ search }) => search);
  }
}

/** Whether somebody may get an account of their own, by registering or by a first login at an identity provider. */
function mayMakeAccounts({ selfService, identityProviders }: RealmModel): boolean {
  return selfService.registration !== false || identityProviders.some(({ enabled }) => enabled !== false);
}

function ownAccount(model: RealmModel, search: (user: SimulatedUser) => Search): ExploredAccount {
  const { defaultRoles = DEFAULT_USER_ROLES } = model;
  const user: SimulatedUser = { credentials: ['password'], ...(!isUnknown(defaultRoles) && { roles: defaultRoles }) };
  return { names: new Set(), user, search: search(user) };
}

const explorations = new WeakMap<RealmModel, Exploration>();

/** The exploration of a realm, which is made once. */
export function explorationOf(model: RealmModel): Exploration {
  const known = explorations.get(model);
  if (known) return known;
  const exploration = new Exploration(model);
  explorations.set(model, exploration);
  return exploration;
}
