import { loginFlows } from '../../model/explore/features';
import { loginPaths } from '../../model/explore/logins';
import { ProofTable } from '../../model/explore/proofs';
import type { Flow, RealmModel } from '../../model/realm-model';
import type { LoginRequest, Proof } from '../../model/simulate';
import { levelConditions } from '../../model/simulate/acr-store';
import { flowByAlias } from '../../model/simulate/choose-flow';
import { CannotTell, ServerError } from '../../model/simulate/signals';
import { enforced } from './flow-uses';
import { enrolled, OWNER_OF_ALL, PROBE, probeFor, proofsGiven, withProbe } from './trial';

/** Types of credentials that the account doesn't have. */
export type Lacking = readonly string[];

/** A set of proofs, all of which are given. */
export type ProofSet = ReadonlySet<Proof>;

/**
 * The sets of proofs that a level takes of somebody who logs in anew and asks for it: what its flow is there for. Of the realm's browser
 * flow if that has the level; else of the flow that takes the most.
 */
export function proofsOfLevel(model: RealmModel, loa: number, lacking: Lacking = []): readonly ProofSet[] {
  const { browser } = model.bindings;
  const bound = typeof browser === 'string' ? flowByAlias(model, browser) : undefined;
  const ofBound = bound ? straightforward(model, bound, loa, lacking) : [];
  if (ofBound.length > 0) return ofBound;
  const stamped = new Set(enforced(model).map(({ alias }) => alias));
  const others = loginFlows(model)
    .filter((flow) => flow !== bound && !stamped.has(flow.alias))
    .map((flow) => straightforward(model, flow, loa, lacking))
    .filter((sets) => sets.length > 0);
  const strongest = others.find((sets) => others.every((other) => sets.every((set) => covers(set, other))));
  return strongest ?? others.flat();
}

/** Whether a set of proofs has all of one of these. */
export function covers(held: ReadonlySet<string>, sets: readonly ProofSet[]): boolean {
  return sets.some((set) => [...set].every((proof) => held.has(proof)));
}

/** What a login through a flow takes that asks for a level, in whatever way it is answered. */
export function straightforward(
  model: RealmModel,
  flow: Flow,
  loa: number,
  lacking: Lacking = [],
): readonly ProofSet[] {
  if (!grants(flow, loa)) return [];
  const trial = probeFor(withProbe(model, flow), loa);
  const acrClaim = { essential: true, values: trial.request.acrValues ?? [] };
  return minimal(trial.model, { clientId: PROBE, acrClaim }, loa, lacking);
}

/** What an ordinary login through a flow takes, with these scopes asked for. */
export function ordinary(
  model: RealmModel,
  flow: Flow,
  scope: readonly string[],
  lacking: Lacking = [],
): readonly ProofSet[] {
  const probe = withProbe(model, flow, { optionalScopes: scope });
  return minimal(probe, { clientId: PROBE, scope: ['openid', ...scope] }, -1, lacking);
}

function minimal(model: RealmModel, request: LoginRequest, loa: number, lacking: Lacking): readonly ProofSet[] {
  const credentials = OWNER_OF_ALL.credentials.filter((type) => !lacking.includes(type));
  const { results } = loginPaths(model, new ProofTable(model), request, { credentials }, undefined, 0);
  const sets: ProofSet[] = [];
  for (const result of results) {
    if (result.outcome.kind !== 'granted' || result.outcome.loa < loa || enrolled(result).length > 0) continue;
    const given = proofsGiven(result);
    if (covers(given, sets)) continue;
    sets.splice(0, sets.length, ...sets.filter((set) => !covers(set, [given])), given);
  }
  return sets;
}

function grants(flow: Flow, loa: number): boolean {
  try {
    return levelConditions(flow).some(({ config }) => config?.values['loa-condition-level'] === String(loa));
  } catch (error) {
    if (error instanceof CannotTell || error instanceof ServerError) return false;
    throw error;
  }
}
