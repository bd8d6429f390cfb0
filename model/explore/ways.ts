import type { CredentialType } from '../keycloak/authenticators';
import type { Exploration, ExploredAccount } from './exploration';
import type { DemandedFeature, Feature } from './features';
import { Antichain, type HeldProof, type HeldSession, isWeaker, type Need } from './proofs';
import { byEachProvider } from './provider-kinds';
import type { Arrival, Search } from './search';
import { type WitnessStep, witnessOf } from './witness';

/** One minimal set of proofs that gains something. */
export interface Way {
  readonly proofs: readonly HeldProof[];
  /** Seconds since the levels of the `session` among the proofs may have been proven at most. */
  readonly sessionAge?: number;
  /** What must be true of the account, for example `not has:otp` or `role:admin`; what the proofs imply is left out. */
  readonly when: readonly string[];
  /** Whether it is about an account that the attacker makes. @default false: about a user's */
  readonly own?: boolean;
  /** One way to do it, step by step. */
  readonly witness: readonly WitnessStep[];
}

/** Names of levels, for the sessions in which they were proven. */
export type LevelNames = readonly { readonly acr: string; readonly loa: number }[];

interface FoundWay extends Way, Need {}

/** Whose accounts a question is about. */
export interface AccountsThatCount {
  /** Which of the users'. @default all */
  readonly only?: (account: ExploredAccount) => boolean;
  /** The one that the attacker makes; null if that doesn't count. @default the exploration's */
  readonly own?: ExploredAccount | null | undefined;
}

/**
 * The minimal ways to what `arrivalsOf` finds in a search, over all accounts.
 */
export function minimalWays(
  exploration: Exploration,
  arrivalsOf: (search: Search) => Iterable<Arrival>,
  levels: LevelNames,
  { only = () => true, own = exploration.own }: AccountsThatCount = {},
): Way[] {
  const { proofs, features } = exploration;
  const accounts = exploration.accounts.filter(only);
  const weakest = accounts.map(({ search }) => weakestOf(arrivalsOf(search)));
  const ways: FoundWay[] = [];
  const add = (arrival: Arrival, when: readonly string[], account: ExploredAccount) => {
    if (ways.some((way) => isWeaker(way, arrival) && sameOrMore(way.when, when))) return;
    const held = [...sessionProof(arrival.session, levels), ...proofs.proofsOf(arrival.mask)];
    ways.push({
      mask: arrival.mask,
      session: arrival.session,
      proofs: held,
      ...(arrival.session && { sessionAge: arrival.session.age }),
      when: when.filter((fact) => !isImplied(fact, held)),
      ...(account === own && { own: true }),
      witness: witnessOf(arrival, account.user),
    });
  };
  accounts.forEach((account, index) => {
    for (const arrival of weakest[index]?.members ?? []) {
      add(arrival, circumstances(arrival, account, accounts, weakest, features), account);
    }
  });
  if (own) for (const arrival of weakestOf(arrivalsOf(own.search)).members) add(arrival, [], own);
  const minimal = ways.filter(
    (way) =>
      !ways.some(
        (other) =>
          other !== way &&
          // What is had of an account of one's own is no user's.
          (!other.own || way.own) &&
          isWeaker(other, way) &&
          sameOrMore(other.when, way.when) &&
          !isWeaker(way, other),
      ),
  );
  const found = minimal.map(({ mask: _, session: __, ...way }) => way);
  return byEachProvider(found, exploration.providers).sort(plainFirst);
}

function weakestOf(arrivals: Iterable<Arrival>): Antichain<Arrival> {
  const antichain = new Antichain<Arrival>();
  for (const arrival of arrivals) antichain.add(arrival);
  return antichain;
}

/** Short ways first, and of equally long ones those that enrol nothing. */
function plainFirst({ proofs: a }: Way, { proofs: b }: Way): number {
  const enrolments = (proofs: readonly HeldProof[]) => proofs.filter((proof) => proof.startsWith('enrol:')).length;
  return a.length - b.length || enrolments(a) - enrolments(b);
}

/** Facts about the account that the way rests on: each is dropped if the way exists without it as well. */
function circumstances(
  need: Need,
  account: ExploredAccount,
  accounts: readonly ExploredAccount[],
  weakest: readonly Antichain<Arrival>[],
  { free, demanded }: { readonly free: readonly Feature[]; readonly demanded: readonly DemandedFeature[] },
): string[] {
  const features = [...free, ...demanded.map(({ feature }) => feature)];
  const facts = new Map(features.map(({ name }) => [name, account.names.has(name)]));
  for (const { name } of features) {
    const fact = facts.get(name) as boolean;
    facts.delete(name);
    const always = accounts.every(
      (other, index) =>
        ![...facts].every(([each, value]) => other.names.has(each) === value) || weakest[index]?.covers(need),
    );
    if (!always) facts.set(name, fact);
  }
  return [...facts].flatMap(([name, value]) => {
    const alike = demanded.find(({ feature }) => feature.name === name)?.members ?? [{ name }];
    return alike.map((each) => (value ? each.name : `not ${each.name}`));
  });
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

function sessionProof(session: HeldSession | undefined, levels: LevelNames): HeldProof[] {
  if (!session) return [];
  const highest = session.levels?.at(-1);
  if (highest === undefined) return ['session'];
  return [`session:${levels.find(({ loa }) => loa === highest)?.acr ?? highest}`];
}
