import { type Client, isUnknown, type RealmModel } from '../realm-model';
import { acrLoaMap } from '../simulate/requested-level';
import { CannotTell } from '../simulate/signals';
import type { ClientClass } from './client-classes';
import { type Exploration, type ExploredAccount, explorationOf } from './exploration';
import { explore, forClient } from './explore';
import { renamed, usesProvider } from './provider-kinds';
import { acrNames } from './requests';
import type { Arrival, Search } from './search';
import { type LevelNames, minimalWays, type Way } from './ways';

/** Something that can be had, and that a realm may guard. */
export type Goal =
  /** A token of this acr or a higher one. */
  | { readonly kind: 'acr'; readonly name: string }
  /** Any token of the client. */
  | { readonly kind: 'token' }
  /** A client scope in the token. */
  | { readonly kind: 'scope'; readonly name: string }
  /** A role in the token: `role` of the realm, `client.role` of a client. */
  | { readonly kind: 'role'; readonly name: string }
  /** A change of the account by its required action; `delete_credential:otp` and `idp_link:google` name their object. */
  | { readonly kind: 'action'; readonly name: string };

/** What it takes to have something. */
export interface GoalExplanation {
  /** The client whose token it is; none for what is of the account. */
  readonly clientId?: string;
  readonly goal: Goal;
  readonly ways: readonly Way[];
  /** Why there may be further ways. */
  readonly cannotTell: readonly string[];
  /** What was taken for granted because the model doesn't say it. */
  readonly assumes: readonly string[];
}

export interface GoalOptions {
  /** Only what is had of this client. @default all clients but those that Keycloak makes itself, and the account */
  readonly clientId?: string;
  /** Only these. @default all that the realm knows */
  readonly goals?: readonly Goal[];
}

/** For everything that can be had of the clients and the account: the minimal sets of proofs. */
export function exploreGoals(model: RealmModel, { clientId, goals }: GoalOptions = {}): GoalExplanation[] {
  const exploration = explorationOf(model);
  const clients = model.clients.filter((client) =>
    clientId === undefined ? !client.builtIn : client.clientId === clientId,
  );
  const explained = clients.flatMap((client) => {
    const ofClass = exploration.classOf(client.clientId);
    if (!ofClass) return [];
    const wanted = goals ?? goalsOf(exploration, client);
    return wanted.flatMap((goal) => explainGoal(exploration, client, ofClass, goal) ?? []);
  });
  const actions = (goals ?? actionGoals(exploration)).filter((goal) => goal.kind === 'action');
  const ofAccount = clientId === undefined || goals ? actions : [];
  return [...explained, ...ofAccount.map((goal) => explainAction(exploration, goal))];
}

/** What can be had of a client. */
export function goalsOf({ model }: Exploration, client: Client): Goal[] {
  return [
    { kind: 'token' },
    ...acrNames(model, client).map((name): Goal => ({ kind: 'acr', name })),
    ...scopesOf(model, client).map((name): Goal => ({ kind: 'scope', name })),
    ...guardedRoles(model)
      .filter((role) => showsRole(client, role))
      .map((name): Goal => ({ kind: 'role', name })),
  ];
}

/** Client scopes that somebody made, which the client's tokens may have. */
function scopesOf(model: RealmModel, { defaultScopes, optionalScopes }: Client): string[] {
  const names = [defaultScopes, optionalScopes].flatMap((scopes) => (isUnknown(scopes) ? [] : scopes));
  const own = new Set(
    model.clientScopes.filter(({ realmDefault }) => realmDefault === undefined).map(({ name }) => name),
  );
  return names.filter((name) => own.has(name));
}

/** Roles that some login looks at: others are had by whoever has a token. */
function guardedRoles(model: RealmModel): string[] {
  const { features } = explorationOf(model);
  const all = [...features.free, ...features.demanded.flatMap(({ members }) => members)];
  return all.flatMap(({ name }) => (name.startsWith('role:') ? [name.slice('role:'.length)] : []));
}

function showsRole({ clientId, fullScope = true, scopeRoles }: Client, role: string): boolean {
  if (fullScope !== false) return true;
  if (role.startsWith(`${clientId}.`)) return true;
  return isUnknown(scopeRoles) || (scopeRoles ?? []).includes(role);
}

const LINK = 'idp_link:';

function actionGoals({ space, providers }: Exploration): Goal[] {
  const names = space.actions.flatMap((name) => {
    if (!name.startsWith(LINK)) return [name];
    const kind = name.slice(LINK.length);
    return [...providers].flatMap(([alias, of]) => (of === kind ? [`${LINK}${alias}`] : []));
  });
  return names.map((name): Goal => ({ kind: 'action', name }));
}

function explainGoal(
  exploration: Exploration,
  client: Client,
  ofClass: ClientClass,
  goal: Goal,
): GoalExplanation | undefined {
  if (goal.kind === 'action') return undefined;
  const { clientId } = client;
  const { model, cannotTell, assumes } = exploration;
  const named = (ways: readonly Way[]) => forClient(ways, ofClass.representative.clientId, clientId);
  switch (goal.kind) {
    case 'acr': {
      if (client.protocol === 'saml') return undefined;
      const [level] = explore(model, { clientId, acr: goal.name });
      return level && { clientId, goal, ways: level.ways, cannotTell, assumes };
    }
    case 'token': {
      const ways = waysTo(exploration, ofClass, 'token', client);
      return { clientId, goal, ways: named(ways), cannotTell, assumes };
    }
    case 'role': {
      if (!showsRole(client, goal.name)) return undefined;
      const ways = waysTo(exploration, ofClass, 'token', client, [goal.name]);
      return { clientId, goal, ways: named(ways), cannotTell, assumes };
    }
    case 'scope':
      return explainScope(exploration, client, ofClass, goal, named);
  }
}

function explainScope(
  exploration: Exploration,
  client: Client,
  ofClass: ClientClass,
  goal: Extract<Goal, { kind: 'scope' }>,
  named: (ways: readonly Way[]) => readonly Way[],
): GoalExplanation | undefined {
  const { clientId, defaultScopes, optionalScopes } = client;
  const { scopes } = exploration.space;
  const { cannotTell, assumes } = exploration;
  const has = (names: Client['defaultScopes']) => !isUnknown(names) && names.includes(goal.name);
  if (isUnknown(defaultScopes) || isUnknown(optionalScopes)) {
    return {
      clientId,
      goal,
      ways: [],
      cannotTell: [...cannotTell, `the scopes of ${clientId} are not known`],
      assumes,
    };
  }
  const { roles = [] } = exploration.model.clientScopes.find(({ name }) => name === goal.name) ?? {};
  if (isUnknown(roles)) {
    return {
      clientId,
      goal,
      ways: [],
      cannotTell: [...cannotTell, `the roles of the scope ${goal.name} are not known`],
      assumes,
    };
  }
  if (has(defaultScopes)) {
    return { clientId, goal, ways: named(waysTo(exploration, ofClass, 'token', client, roles)), cannotTell, assumes };
  }
  if (!has(optionalScopes)) return undefined;
  const asked = scopeAskedFor(ofClass.representative, goal.name, scopes);
  const found = waysTo(exploration, ofClass, asked === undefined ? 'token' : `scope:${asked}`, client, roles);
  return { clientId, goal, ways: named(found.map((way) => asking(way, asked, goal.name))), cannotTell, assumes };
}

/** The scope that stands for another in the requests of a class; none if no login looks at it. */
function scopeAskedFor(
  { optionalScopes }: Client,
  name: string,
  { free, demanding }: Exploration['space']['scopes'],
): string | undefined {
  if (free.includes(name)) return name;
  const kind = demanding.get(name);
  if (kind === undefined || isUnknown(optionalScopes)) return undefined;
  return optionalScopes.find((scope) => demanding.get(scope) === kind);
}

/** The way with a request for the scope in place of the one that stands for it. */
function asking(way: Way, asked: string | undefined, name: string): Way {
  const last = way.witness.at(-1);
  if (!last?.parameters || asked === name) return way;
  const before = last.parameters.scope?.split(' ') ?? ['openid'];
  const scope = [...before.filter((each) => each !== asked), name].join(' ');
  const step = { ...last, parameters: { ...last.parameters, scope } };
  return { ...way, witness: [...way.witness.slice(0, -1), step] };
}

function waysTo(
  exploration: Exploration,
  ofClass: ClientClass,
  gain: string,
  client: Client,
  roles: readonly string[] = [],
): readonly Way[] {
  const arrivals = (search: Search): readonly Arrival[] => search.arrivals(ofClass, gain);
  const only = (account: ExploredAccount) =>
    roles.length === 0 || roles.some((role) => hasRole(exploration, role, account));
  return exploration.remember(ofClass, `${gain} ${roles.join(' ')}`, () =>
    minimalWays(exploration, arrivals, levelNames(exploration.model, client), { only }),
  );
}

/** Accounts with the role; of those that are alike to all logins, the one that stands for them. */
function hasRole({ features }: Exploration, role: string, { names }: ExploredAccount): boolean {
  const fact = `role:${role}`;
  const alike = features.demanded.find(({ members }) => members.some(({ name }) => name === fact));
  if (alike) return names.has(alike.feature.name);
  return !features.free.some(({ name }) => name === fact) || names.has(fact);
}

/** Of users' accounts: whoever makes an account may do with it what they like. */
function explainAction(exploration: Exploration, goal: Extract<Goal, { kind: 'action' }>): GoalExplanation {
  const { model, cannotTell, assumes, providers } = exploration;
  const levels = isUnknown(model.acrLoaMap) ? [] : model.acrLoaMap.levels;
  const waysOf = (gain: string) =>
    minimalWays(exploration, (search) => search.arrivals(undefined, gain), levels, { own: null });
  const linked = goal.name.startsWith(LINK) ? goal.name.slice(LINK.length) : undefined;
  const kind = linked === undefined ? undefined : providers.get(linked);
  if (linked === undefined || kind === undefined) {
    return { goal, ways: waysOf(`action:${goal.name}`), cannotTell, assumes };
  }
  const ways = waysOf(`action:${LINK}${kind}`).filter((way) => usesProvider(way, kind));
  return { goal, ways: ways.map((way) => renamed(way, kind, linked)), cannotTell, assumes };
}

function levelNames(model: RealmModel, client: Client): LevelNames {
  try {
    return acrLoaMap(model, client).levels;
  } catch (error) {
    if (!(error instanceof CannotTell)) throw error;
    return [];
  }
}
