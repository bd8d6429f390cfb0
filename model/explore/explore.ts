import { parseJavaInt } from '../keycloak/java';
import { type AcrLoaMap, type Client, isUnknown, type RealmModel } from '../realm-model';
import { acrLoaMap, hasAcrMapper, loaOf } from '../simulate/requested-level';
import type { ClientClass } from './client-classes';
import { type Exploration, explorationOf } from './exploration';
import { acrNames } from './requests';
import type { Arrival, Search } from './search';
import { minimalWays, type Way } from './ways';

/** Which proofs reach a level of a client. */
export interface LevelExplanation {
  readonly clientId: string;
  readonly acr: string;
  readonly loa: number;
  /** The minimal sets: whoever holds all of one of them gets a token of this acr or a higher one. */
  readonly ways: readonly Way[];
  /** The same of a client whose tokens have no acr: logins that reach the level, of which the token says nothing. @default none */
  readonly unsaid?: readonly Way[];
  /** Why there may be further ways: the model doesn't say enough. Empty if there are none. */
  readonly cannotTell: readonly string[];
  /** What was taken for granted because the model doesn't say it, for example that the user is a member of no organization. */
  readonly assumes: readonly string[];
}

export interface ExploreOptions {
  /** Only this client. @default all clients but those that Keycloak makes itself */
  readonly clientId?: string;
  /** Only this acr. @default all of the client's */
  readonly acr?: string;
}

/**
 * For every client and level: the minimal sets of proofs that reach it, over all requests, sessions and enrolments.
 *
 * Clients that no login can tell apart share the work. A token's acr counts as reaching each level that isn't above it.
 */
export function explore(model: RealmModel, options: ExploreOptions = {}): LevelExplanation[] {
  const exploration = explorationOf(model);
  const explanations: LevelExplanation[] = [];
  for (const client of model.clients) {
    if (options.clientId === undefined ? client.builtIn : client.clientId !== options.clientId) continue;
    const ofClass = exploration.classOf(client.clientId);
    if (!ofClass || client.protocol === 'saml') continue;
    const names = acrNames(model, client).filter((acr) => options.acr === undefined || acr === options.acr);
    for (const acr of names) {
      const explained = explainLevel(exploration, client, ofClass, acr);
      const unsaid = explained.ways.length === 0 && lacksAcr(model, client) ? unsaidWays(model, client, acr) : [];
      explanations.push({ ...explained, ...(unsaid.length > 0 && { unsaid }) });
    }
    if (names.length === 0 && isUnknown(model.acrLoaMap)) {
      explanations.push(nothingKnown(client, model.acrLoaMap.unknown));
    }
  }
  return explanations;
}

function lacksAcr(model: RealmModel, client: Client): boolean {
  return !isUnknown(client.defaultScopes) && hasAcrMapper(model, client, client.defaultScopes) === false;
}

const said = new WeakMap<RealmModel, RealmModel>();

/** The ways to the level if the client's tokens said it. */
function unsaidWays(model: RealmModel, { clientId }: Client, acr: string): readonly Way[] {
  const config = { 'id.token.claim': 'true', 'access.token.claim': 'true' };
  const mapper = { name: 'acr', mapper: 'oidc-acr-mapper', config };
  const clients = model.clients.map((one) =>
    lacksAcr(model, one) ? { ...one, mappers: [...one.mappers, mapper] } : one,
  );
  const saying = said.get(model) ?? { ...model, clients };
  said.set(model, saying);
  const exploration = explorationOf(saying);
  const client = saying.clients.find((one) => one.clientId === clientId) as Client;
  const ofClass = exploration.classOf(clientId);
  return ofClass ? explainLevel(exploration, client, ofClass, acr).ways : [];
}

function nothingKnown({ clientId }: Client, because: string): LevelExplanation {
  return { clientId, acr: '?', loa: 0, ways: [], cannotTell: [`acr.loa.map of the realm: ${because}`], assumes: [] };
}

function explainLevel(exploration: Exploration, client: Client, ofClass: ClientClass, acr: string): LevelExplanation {
  const map = acrLoaMap(exploration.model, client);
  const loa = loaOf(map, acr) ?? (parseJavaInt(acr) as number);
  const ways = exploration.remember(ofClass, `acr:${acr}`, () =>
    minimalWays(exploration, (search) => arrivalsAt(search, ofClass, map, loa), map.levels),
  );
  return {
    clientId: client.clientId,
    acr,
    loa,
    ways: forClient(ways, ofClass.representative.clientId, client.clientId),
    cannotTell: exploration.cannotTell,
    assumes: exploration.assumes,
  };
}

/** Arrivals with tokens of the level or a higher one. */
export function* arrivalsAt(search: Search, client: ClientClass, map: AcrLoaMap, loa: number): Generator<Arrival> {
  for (const gain of search.gainsOf(client)) {
    if (!gain.startsWith('acr:')) continue;
    const got = gain.slice('acr:'.length);
    if ((loaOf(map, got) ?? parseJavaInt(got) ?? -1) >= loa) yield* search.arrivals(client, gain);
  }
}

/** The ways of a class of clients with the name of one of them. */
export function forClient(ways: readonly Way[], from: string, to: string): readonly Way[] {
  if (from === to) return ways;
  return ways.map((way) => ({
    ...way,
    witness: way.witness.map((step) => (step.clientId === from ? { ...step, clientId: to } : step)),
  }));
}
