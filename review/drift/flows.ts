import {
  type AuthenticatorConfig,
  type Execution,
  type Flow,
  type FlowOverride,
  isUnknown,
  type Known,
  type RealmModel,
} from '../../model/realm-model';
import type { Comparison, Place } from './comparison';
import { areNamesakes, generationless } from './names';

/** What Keycloak answers for settings that its authenticators do not declare, such as the values of amr. */
const MASKED = '**********';

/**
 * Compares the flows that the stack declares, step by step. Flows of one name are generations of it: those in use are compared, the
 * others are left over of tries that broke off.
 */
export function compareFlows(comparison: Comparison, live: RealmModel, declared: RealmModel): void {
  const used = aliasesInUse(live);
  for (const flow of declared.flows) {
    if (flow.address === undefined) continue;
    const path = `flow ${generationless(flow.alias)}`;
    const generations = live.flows.filter(({ alias }) => areNamesakes(alias, flow.alias));
    const inUse = generations.filter(({ alias }) => used.has(alias));
    const compared = inUse.length > 0 ? inUse : generations.toSorted(byName).slice(-1);
    if (compared.length === 0) {
      comparison.differs({ path, address: flow.address, mend: anew(flow) }, 'is gone');
    }
    for (const each of compared) compareExecutions(comparison, each, flow, { ...placeOf(flow), path });
    for (const each of generations) {
      if (compared.includes(each)) continue;
      comparison.differs(
        { path: `flow ${each.alias}`, mend: `Delete it: ${deletion(each)}` },
        'is left over of an apply that broke off: nothing uses it',
      );
    }
  }
}

/** Aliases of the flows that logins of the realm go through. */
function aliasesInUse({ bindings, clients, clientProfiles, identityProviders }: RealmModel): Set<string> {
  const named: Known<unknown>[] = [
    ...Object.values(bindings),
    ...clients.flatMap(({ flowOverrides }) => Object.values(flowOverrides).map(aliasOf)),
    ...clientProfiles.flatMap(({ executors }) =>
      executors.flatMap(({ config }) => (isUnknown(config) ? [] : [config['auth-flow-alias']])),
    ),
    ...identityProviders.flatMap(({ firstLoginFlow, postLoginFlow }) => [firstLoginFlow, postLoginFlow]),
  ];
  return new Set(named.filter((each) => typeof each === 'string'));
}

function aliasOf(override: Known<FlowOverride>): string | undefined {
  return isUnknown(override) ? undefined : override.alias;
}

function placeOf(flow: Flow): Place {
  const { address } = flow;
  return { path: flow.alias, ...(address !== undefined && { address }), mend: anew(flow) };
}

/** A flow is never mended in place: parts that Terraform doesn't know of would stay. */
function anew({ madeAnewBy, address }: Flow): string {
  if (madeAnewBy !== undefined) return `terraform apply -replace=${madeAnewBy}`;
  return `Delete in the admin console what is too much, and run terraform apply for the rest (${address})`;
}

function deletion({ id, alias }: Flow): string {
  const what = id ?? `the id of "${alias}"`;
  return `kcadm.sh delete authentication/flows/${what} -r REALM`;
}

function compareExecutions(comparison: Comparison, live: Flow, declared: Flow, place: Place): void {
  const open = declared.orderUnknown ?? live.orderUnknown;
  const order = (flow: Flow) => (open === undefined ? flow.executions : flow.executions.toSorted(byKey));
  for (const [one, other] of aligned(order(live), order(declared))) {
    if (!other) {
      if (one) comparison.differs(place, `has ${described(one)}, which the stack does not declare`);
    } else if (!one) {
      comparison.differs({ ...place, ...addressOf(other) }, `lacks ${described(other)}`);
    } else compareExecution(comparison, one, other, place);
  }
}

function compareExecution(comparison: Comparison, live: Execution, declared: Execution, above: Place): void {
  const place = { ...above, path: `${above.path} > ${nameOf(declared)}`, ...addressOf(declared) };
  comparison.same(place, 'requirement', live.requirement, declared.requirement);
  if (live.kind === 'subflow' && declared.kind === 'subflow') {
    comparison.same(place, 'type', live.flow.provider, declared.flow.provider);
    compareExecutions(comparison, live.flow, declared.flow, place);
  } else if (live.kind === 'authenticator' && declared.kind === 'authenticator') {
    compareConfigs(comparison, live.config, declared.config, place);
  }
}

function compareConfigs(
  comparison: Comparison,
  live: AuthenticatorConfig | undefined,
  declared: AuthenticatorConfig | undefined,
  place: Place,
): void {
  if (!live && declared) {
    comparison.differs(place, 'has no config');
    return;
  }
  const keys = new Set([...Object.keys(live?.values ?? {}), ...Object.keys(declared?.values ?? {})]);
  for (const key of keys) {
    const [now, wanted] = [live?.values[key], declared?.values[key]];
    // That it is set is all that can be told of it.
    if (now === MASKED && wanted !== undefined) continue;
    comparison.same(place, key, now, wanted);
  }
}

/** Steps of both that stand for each other, in order; what only one has stands alone. */
function aligned(live: readonly Execution[], declared: readonly Execution[]): Pair[] {
  // Lengths of the longest common sequence of what follows each pair of positions.
  const common = live.map(() => declared.map(() => 0));
  const after = (i: number, j: number) => common[i]?.[j] ?? 0;
  const match = (i: number, j: number) => keyOf(live[i] as Execution) === keyOf(declared[j] as Execution);
  for (let i = live.length - 1; i >= 0; i--) {
    for (let j = declared.length - 1; j >= 0; j--) {
      const row = common[i] as number[];
      row[j] = match(i, j) ? after(i + 1, j + 1) + 1 : Math.max(after(i + 1, j), after(i, j + 1));
    }
  }
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < live.length || j < declared.length) {
    const both = i < live.length && j < declared.length;
    if (both && match(i, j)) pairs.push([live[i++], declared[j++]]);
    else if (j === declared.length || (both && after(i + 1, j) >= after(i, j + 1))) pairs.push([live[i++], undefined]);
    else pairs.push([undefined, declared[j++]]);
  }
  return pairs;
}

type Pair = readonly [Execution | undefined, Execution | undefined];

function keyOf(execution: Execution): string {
  return `${execution.kind} ${nameOf(execution)}`;
}

function nameOf(execution: Execution): string {
  if (execution.kind === 'subflow') return generationless(execution.flow.alias).replace(/^[^.]*\./, '');
  return isUnknown(execution.authenticator) ? '(unknown)' : execution.authenticator;
}

function described(execution: Execution): string {
  const { requirement, kind } = execution;
  const name = kind === 'subflow' ? `the subflow "${nameOf(execution)}"` : `the step ${nameOf(execution)}`;
  const how = isUnknown(requirement) ? '' : ` (${requirement})`;
  return requirement === 'DISABLED' ? `${name} (DISABLED: it does nothing until somebody enables it)` : `${name}${how}`;
}

function addressOf({ address }: Execution): { address?: string } {
  return address === undefined ? {} : { address };
}

function byKey(a: Execution, b: Execution): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

function byName(a: Flow, b: Flow): number {
  return a.alias < b.alias ? -1 : 1;
}
