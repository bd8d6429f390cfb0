import { demandsOf } from '../../model/explore/demands';
import { type Client, type Flow, isUnknown, type RealmModel } from '../../model/realm-model';
import { flowByAlias } from '../../model/simulate/choose-flow';
import { contextClasses } from '../../model/simulate/saml';
import { CannotTell } from '../../model/simulate/signals';
import type { Guard } from '../guard';
import { enforced } from './flow-uses';
import { covers, type Lacking, ordinary, type ProofSet, proofsOfLevel } from './level-proofs';
import { listOf } from './protected';

/** Something that is guarded, and the proofs that it takes. */
export interface GuardedThing {
  readonly guard: Omit<Guard, 'level'>;
  /** The level that is meant, in words. */
  readonly by: string;
  /** Those of an account that lacks some credentials: a flow may ask for what is there only. */
  readonly proofs: (lacking: Lacking) => readonly ProofSet[];
}

/** What is guarded: what somebody says, and what the realm itself shows. */
export function guardedThings(model: RealmModel, said: readonly Guard[]): GuardedThing[] {
  const levels = isUnknown(model.acrLoaMap) ? [] : model.acrLoaMap.levels;
  const proofs = new Map(
    levels.map(({ acr, loa }) => [acr, remembered((lacking) => proofsOfLevel(model, loa, lacking))]),
  );
  const things: GuardedThing[] = [];
  const add = (guard: Omit<Guard, 'level'>, level: string) => {
    const needed = proofs.get(level);
    if (needed && needed([]).length > 0) things.push({ guard, by: `level "${level}"`, proofs: needed });
  };
  for (const { level, ...guard } of said) add(guard, level);
  for (const { acr } of levels) add({ goal: { kind: 'acr', name: acr } }, acr);
  for (const client of model.clients) {
    const goal = { kind: 'token' } as const;
    const { clientId } = client;
    if (client.protocol === 'saml') {
      const loa = minimumOfSaml(model, client);
      const needed = loa === undefined ? undefined : remembered((lacking) => proofsOfLevel(model, loa, lacking));
      if (needed && needed([]).length > 0) {
        things.push({ guard: { goal, clientId }, by: `class "${client.minimumAcr}"`, proofs: needed });
      }
      continue;
    }
    const minimum = minimumOf(client, levels);
    if (minimum !== undefined) add({ goal, clientId }, minimum);
  }
  const seen = new Set(things.map(({ guard }) => JSON.stringify(guard.goal)));
  const ofScopes = [...guardedScopes(model), ...routedScopes(model)];
  // What somebody says of a scope is better known than what its flow shows.
  return [...things, ...ofScopes.filter(({ guard }) => !seen.has(JSON.stringify(guard.goal))), ...guardedByFlow(model)];
}

function minimumOf(
  { builtIn, acrLoaMap, minimumAcr }: Client,
  levels: readonly { acr: string; loa: number }[],
): string | undefined {
  if (builtIn || minimumAcr === undefined || isUnknown(minimumAcr)) return undefined;
  // By a map of its own the name may mean another level.
  if (acrLoaMap !== undefined && (isUnknown(acrLoaMap) || acrLoaMap.levels.length > 0)) return undefined;
  return levels.find(({ acr, loa }) => acr === minimumAcr || String(loa) === minimumAcr)?.acr;
}

/** The level of a SAML client's minimum; undefined if it has none that counts. */
function minimumOfSaml(model: RealmModel, client: Client): number | undefined {
  if (client.minimumAcr === undefined || isUnknown(client.minimumAcr)) return undefined;
  try {
    return contextClasses(model, client).get(client.minimumAcr);
  } catch (error) {
    if (error instanceof CannotTell) return undefined;
    throw error;
  }
}

/** Scopes for which the realm's browser flow asks for more. */
function guardedScopes(model: RealmModel): GuardedThing[] {
  const flow = browserFlow(model);
  if (!flow) return [];
  const scopes = demandsOf(model, [flow]).flatMap(({ facts, madeWhen }) =>
    madeWhen ? facts.flatMap((fact) => (fact.startsWith('scope:') ? [fact.slice('scope:'.length)] : [])) : [],
  );
  const plain = ordinary(model, flow, []);
  return scopes.flatMap((name): GuardedThing[] => {
    const proofs = remembered((lacking) => ordinary(model, flow, [name], lacking));
    const needed = proofs([]);
    // What takes no more than any login isn't guarded.
    if (needed.length === 0 || plain.some((set) => covers(set, needed))) return [];
    return [{ guard: { goal: { kind: 'scope', name } }, by: `flow "${flow.alias}"`, proofs }];
  });
}

/** Scopes that a client policy sends through a flow that asks for more: whoever wrote that means them to be guarded. */
function routedScopes(model: RealmModel): GuardedThing[] {
  const bound = browserFlow(model);
  const plain = bound ? ordinary(model, bound, []) : [];
  return model.clientPolicies.flatMap(({ name: policy, enabled, conditions, profiles }): GuardedThing[] => {
    if (enabled === false || isUnknown(profiles)) return [];
    const [only, ...more] = conditions;
    if (more.length > 0 || only?.provider !== 'client-scopes' || isUnknown(only.config)) return [];
    if (String(only.config['is-negative-logic']) === 'true') return [];
    const alias = enforced(model).find(({ profile }) => profiles.includes(profile))?.alias;
    const flow = alias === undefined ? undefined : flowByAlias(model, alias);
    if (!flow) return [];
    return listOf(only.config.scopes).flatMap((name): GuardedThing[] => {
      const proofs = remembered((lacking) => ordinary(model, flow, [name], lacking));
      const needed = proofs([]);
      if (needed.length === 0 || plain.some((set) => covers(set, needed))) return [];
      return [{ guard: { goal: { kind: 'scope', name } }, by: `client policy "${policy}"`, proofs }];
    });
  });
}

/** SAML clients whose own flow takes more than the realm's: no level is asked for in their name, so the flow is what guards them. */
function guardedByFlow(model: RealmModel): GuardedThing[] {
  const bound = browserFlow(model);
  const plain = bound ? ordinary(model, bound, []) : [];
  return model.clients.flatMap((client): GuardedThing[] => {
    const { browser } = client.flowOverrides;
    if (client.protocol !== 'saml' || client.builtIn || browser === undefined || isUnknown(browser)) return [];
    const flow = browser.alias === undefined ? undefined : flowByAlias(model, browser.alias);
    if (!flow || flow === bound || minimumOfSaml(model, client) !== undefined) return [];
    const proofs = remembered((lacking) => ordinary(model, flow, [], lacking));
    const needed = proofs([]);
    if (needed.length === 0 || plain.some((set) => covers(set, needed))) return [];
    const guard = { goal: { kind: 'token' }, clientId: client.clientId } as const;
    return [{ guard, by: `flow "${flow.alias}"`, proofs }];
  });
}

function browserFlow(model: RealmModel): Flow | undefined {
  const { browser } = model.bindings;
  return isUnknown(browser) ? undefined : flowByAlias(model, browser);
}

function remembered(work: GuardedThing['proofs']): GuardedThing['proofs'] {
  const known = new Map<string, readonly ProofSet[]>();
  return (lacking) => {
    const key = lacking.join(' ');
    const sets = known.get(key) ?? work(lacking);
    known.set(key, sets);
    return sets;
  };
}
