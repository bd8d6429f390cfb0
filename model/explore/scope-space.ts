import { type Client, isUnknown, type RealmModel } from '../realm-model';
import { scopesWithAcr } from '../simulate/acr-claim';
import { allExecutions } from '../simulate/flow-index';
import { type Demand, factsOf, scopesOfPolicies } from './demands';
import { userFlows } from './features';

/** The client scopes whose request makes a difference to logins. */
export interface ScopeSpace {
  /** Scopes that are tried together with each other: what they do together isn't the sum. */
  readonly free: readonly string[];
  /** Scopes by the one that stands for all that are alike: their request makes the login ask for more, and nothing else. */
  readonly demanding: ReadonlyMap<string, string>;
}

/** Sets of free scopes up to this size are asked for in one request. */
const MAX_TOGETHER = 3;

export function scopeSpace(model: RealmModel, demands: readonly Demand[]): ScopeSpace {
  const flows = userFlows(model);
  const demanding = new Map<string, string>();
  for (const { facts, madeWhen } of demands) {
    const scopes = facts.flatMap((fact) => (fact.startsWith('scope:') ? [fact.slice('scope:'.length)] : []));
    const [first] = scopes;
    if (!madeWhen || first === undefined) continue;
    for (const scope of scopes) demanding.set(scope, first);
  }
  const looked = flows.flatMap((flow) =>
    [...allExecutions(flow)].flatMap(({ execution }) =>
      execution.kind === 'authenticator' ? factsOf(execution).filter((fact) => fact.startsWith('scope:')) : [],
    ),
  );
  const writing = scopesWithAcr(model);
  for (const scope of writing) demanding.delete(scope);
  const all = new Set([...looked.map((fact) => fact.slice('scope:'.length)), ...scopesOfPolicies(model), ...writing]);
  return { free: [...all].filter((scope) => !demanding.has(scope)), demanding };
}

/** The scopes that make a difference, by those that stand for them. */
export function normalized(scopes: readonly string[], { free, demanding }: ScopeSpace): string[] {
  const kept = scopes.flatMap((scope) => (free.includes(scope) ? [scope] : (demanding.get(scope) ?? [])));
  return [...new Set(kept)].sort();
}

/** Sets of scopes, beside `openid`, that requests of the client can differ in. */
export function scopeSets(client: Client, { free, demanding }: ScopeSpace): (readonly string[])[] {
  const optional = isUnknown(client.optionalScopes) ? [] : client.optionalScopes;
  const together = subsets(free.filter((scope) => optional.includes(scope)));
  const representatives = new Map<string, string>();
  for (const scope of optional) {
    const kind = demanding.get(scope);
    if (kind !== undefined && !representatives.has(kind)) representatives.set(kind, scope);
  }
  return [[], ...[...representatives.values()].map((scope) => [scope])].flatMap((one) =>
    together.map((others) => [...others, ...one]),
  );
}

/** Free scopes of a client of which not every set is tried. */
export function tooManyScopes({ optionalScopes }: Client, { free }: ScopeSpace): boolean {
  return !isUnknown(optionalScopes) && free.filter((scope) => optionalScopes.includes(scope)).length > MAX_TOGETHER;
}

function subsets(scopes: readonly string[]): string[][] {
  const sets: string[][] = [[]];
  for (const scope of scopes) {
    for (const set of [...sets]) if (set.length < MAX_TOGETHER) sets.push([...set, scope]);
  }
  return sets;
}
