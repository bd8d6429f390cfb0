import type { CredentialType } from '../keycloak/authenticators';
import { parseJavaInt } from '../keycloak/java';
import { type Client, isUnknown, type RealmModel } from '../realm-model';
import { acrLoaMap, loaOf } from '../simulate/requested-level';
import type { SimulatedUser } from '../simulate/types';
import { type ClientClass, clientClasses } from './client-classes';
import { type Feature, featuresOf } from './features';
import { Antichain, type HeldProof, type HeldSession, isWeaker, type Need, proofsOf } from './proofs';
import { acrNames } from './requests';
import { type Arrival, Search } from './search';
import { Situations } from './situations';
import { type WitnessStep, witnessOf } from './witness';

/** Which proofs reach a level of a client. */
export interface LevelExplanation {
  readonly clientId: string;
  readonly acr: string;
  readonly loa: number;
  /** The minimal sets: whoever holds all of one of them gets a token of this acr or a higher one. */
  readonly ways: readonly Way[];
  /** Why there may be further ways: the model doesn't say enough. Empty if there are none. */
  readonly cannotTell: readonly string[];
}

export interface Way {
  readonly proofs: readonly HeldProof[];
  /** Seconds since the levels of the `session` among the proofs may have been proven at most. */
  readonly sessionAge?: number;
  /** What must be true of the account, for example `not has:otp` or `role:admin`; what the proofs imply is left out. */
  readonly when: readonly string[];
  /** One way to do it, step by step. */
  readonly witness: readonly WitnessStep[];
}

export interface ExploreOptions {
  /** Only this client. @default all clients but those that Keycloak makes itself */
  readonly clientId?: string;
  /** Only this acr. @default all of the client's */
  readonly acr?: string;
}

/** Levels reached by one account with these features. */
interface Account {
  readonly features: ReadonlySet<string>;
  readonly user: SimulatedUser;
  readonly search: Search;
}

/**
 * For every client and level: the minimal sets of proofs that reach it, over all requests, sessions and enrolments.
 *
 * Clients that no login can tell apart share the work. A token's acr counts as reaching each level that isn't above it.
 */
export function explore(model: RealmModel, options: ExploreOptions = {}): LevelExplanation[] {
  const { features, leftOut } = featuresOf(model);
  const classes = clientClasses(model);
  const situations = new Situations(model);
  const distinct = [...new Set(classes.values())];
  const accounts = accountsOf(features).map(({ names, user }): Account => {
    return { features: names, user, search: new Search(model, distinct, situations, user).run() };
  });
  const reasons = leftOut.length > 0 ? [`accounts were not told apart by ${leftOut.join(', ')}`] : [];
  const elsewhere = unique(accounts.flatMap(({ search }) => [...search.open.values()].flatMap((each) => [...each])));
  const shared = new Map<string, LevelExplanation>();
  const explanations: LevelExplanation[] = [];
  for (const client of model.clients) {
    if (options.clientId === undefined ? client.builtIn : client.clientId !== options.clientId) continue;
    const ofClass = classes.get(client.clientId);
    if (!ofClass) continue;
    const names = acrNames(model, client).filter((acr) => options.acr === undefined || acr === options.acr);
    for (const acr of names) {
      const key = `${ofClass.representative.clientId} ${acr}`;
      const explained =
        shared.get(key) ?? explainLevel(model, ofClass, acr, accounts, features, [...reasons, ...elsewhere]);
      shared.set(key, explained);
      explanations.push(forClient(explained, ofClass.representative.clientId, client.clientId));
    }
    if (names.length === 0 && isUnknown(model.acrLoaMap)) {
      explanations.push(nothingKnown(client, model.acrLoaMap.unknown));
    }
  }
  return explanations;
}

function nothingKnown({ clientId }: Client, because: string): LevelExplanation {
  return { clientId, acr: '?', loa: 0, ways: [], cannotTell: [`acr.loa.map of the realm: ${because}`] };
}

function accountsOf(
  features: readonly Feature[],
): { readonly names: ReadonlySet<string>; readonly user: SimulatedUser }[] {
  const accounts: { names: ReadonlySet<string>; user: SimulatedUser }[] = [];
  for (let bits = 0; bits < 2 ** features.length; bits++) {
    const chosen = features.filter((_, index) => bits & (1 << index));
    const user = chosen.reduce((base, feature) => feature.apply(base), { credentials: ['password'] } as SimulatedUser);
    accounts.push({ names: new Set(chosen.map(({ name }) => name)), user });
  }
  return accounts;
}

function explainLevel(
  model: RealmModel,
  client: ClientClass,
  acr: string,
  accounts: readonly Account[],
  features: readonly Feature[],
  cannotTell: readonly string[],
): LevelExplanation {
  const { representative } = client;
  const map = acrLoaMap(model, representative);
  const loa = loaOf(map, acr) as number;
  const reaches = ({ acr: got }: Arrival) => got !== undefined && (loaOf(map, got) ?? parseJavaInt(got) ?? -1) >= loa;
  const weakest = accounts.map(({ search }) => {
    const antichain = new Antichain<Arrival>();
    for (const arrival of search.arrivals.get(client) ?? []) if (reaches(arrival)) antichain.add(arrival);
    return antichain;
  });
  const ways: (Way & Need)[] = [];
  accounts.forEach((account, index) => {
    for (const arrival of weakest[index]?.members ?? []) {
      const when = circumstances(arrival, account, accounts, weakest, features);
      if (ways.some((way) => isWeaker(way, arrival) && sameOrMore(way.when, when))) continue;
      const proofs = [...sessionProof(arrival.session, map.levels), ...proofsOf(arrival.mask)];
      ways.push({
        mask: arrival.mask,
        session: arrival.session,
        proofs,
        ...(arrival.session && { sessionAge: arrival.session.age }),
        when: when.filter((fact) => !isImplied(fact, proofs)),
        witness: witnessOf(arrival, account.user),
      });
    }
  });
  const minimal = ways.filter(
    (way) =>
      !ways.some(
        (other) => other !== way && isWeaker(other, way) && sameOrMore(other.when, way.when) && !isWeaker(way, other),
      ),
  );
  return {
    clientId: representative.clientId,
    acr,
    loa,
    ways: minimal.map(({ mask: _, session: __, ...way }) => way).sort(plainFirst),
    cannotTell: unique(cannotTell),
  };
}

/** Short ways first, and of equally long ones those that enrol nothing. */
function plainFirst({ proofs: a }: Way, { proofs: b }: Way): number {
  const enrolments = (proofs: readonly HeldProof[]) => proofs.filter((proof) => proof.startsWith('enrol:')).length;
  return a.length - b.length || enrolments(a) - enrolments(b);
}

/** Facts about the account that the way rests on: each is dropped if the way exists without it as well. */
function circumstances(
  need: Need,
  account: Account,
  accounts: readonly Account[],
  weakest: readonly Antichain<Arrival>[],
  features: readonly Feature[],
): string[] {
  const facts = new Map(features.map(({ name }) => [name, account.features.has(name)]));
  for (const { name } of features) {
    const fact = facts.get(name) as boolean;
    facts.delete(name);
    const always = accounts.every(
      (other, index) =>
        ![...facts].every(([each, value]) => other.features.has(each) === value) || weakest[index]?.covers(need),
    );
    if (!always) facts.set(name, fact);
  }
  return [...facts].map(([name, value]) => (value ? name : `not ${name}`));
}

/** Whether circumstances `a` hold wherever `b` hold. */
function sameOrMore(a: readonly string[], b: readonly string[]): boolean {
  return a.every((fact) => b.includes(fact));
}

function isImplied(fact: string, proofs: readonly HeldProof[]): boolean {
  const [, not, credential] = /^(not )?has:(.*)$/.exec(fact) ?? [];
  if (credential === undefined) return false;
  return proofs.includes(not ? `enrol:${credential as CredentialType}` : (credential as CredentialType));
}

function sessionProof(session: HeldSession | undefined, levels: readonly { acr: string; loa: number }[]): HeldProof[] {
  if (!session) return [];
  const highest = session.levels?.at(-1);
  if (highest === undefined) return ['session'];
  return [`session:${levels.find(({ loa }) => loa === highest)?.acr ?? highest}`];
}

function forClient(explained: LevelExplanation, from: string, to: string): LevelExplanation {
  if (from === to) return explained;
  const ways = explained.ways.map((way) => ({
    ...way,
    witness: way.witness.map((step) => (step.clientId === from ? { ...step, clientId: to } : step)),
  }));
  return { ...explained, clientId: to, ways };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
