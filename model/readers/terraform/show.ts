import { type Decoder, dictionary, list, object, text } from '../decode';
import type { Value } from './expression';
import {
  type ConfiguredModule,
  type ConfiguredResource,
  moduleOf,
  PlanReferences,
  withoutKeys,
} from './plan-references';
import { isKeycloak, type Resource, type ResourceSet } from './resources';

/** What `terraform show -json` prints of a plan. @see https://developer.hashicorp.com/terraform/internals/json-format */
export interface TerraformPlan {
  readonly planned_values?: { readonly root_module?: ShownModule };
  readonly prior_state?: TerraformState;
  readonly resource_changes?: readonly ResourceChange[];
  readonly configuration?: { readonly root_module?: ConfiguredModule };
}

/** What `terraform show -json` prints of a state. */
export interface TerraformState {
  readonly values?: { readonly root_module?: ShownModule };
}

interface ShownModule {
  readonly resources?: readonly ShownResource[];
  readonly child_modules?: readonly ShownModule[];
}

interface ShownResource {
  readonly address: string;
  readonly mode?: string;
  readonly type: string;
  readonly provider_name?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly depends_on?: readonly string[];
}

interface ResourceChange {
  readonly address: string;
  readonly change?: { readonly after_unknown?: Readonly<Record<string, unknown>> | boolean };
}

/**
 * Resources as they will be after the apply. What is known only then is a reference if the configuration says to what; where the
 * configuration says nothing, it is left out: the provider then leaves it to Keycloak, whose defaults are known.
 */
export function readPlanned(source: TerraformPlan): ResourceSet {
  const plan = planOf(source, '') as TerraformPlan;
  const unknownAfter = new Map(plan.resource_changes?.map(({ address, change }) => [address, change?.after_unknown]));
  const read = shownResources(plan.prior_state?.values?.root_module).filter(({ mode }) => mode === 'data');
  const planned = shownResources(plan.planned_values?.root_module);
  // Data sources that are read while planning are in the state before alone.
  const shown = [...planned, ...read.filter(({ address }) => !planned.some((each) => each.address === address))];
  const addresses = new Set(shown.map(({ address }) => address));
  const references = new PlanReferences(plan.configuration?.root_module, addresses);
  return resourceSet(shown, ({ address }) => {
    const unknown = unknownAfter.get(address);
    const configured = references.configured(address);
    return {
      unknown: typeof unknown === 'object' ? unknown : {},
      expressions: configured?.expressions ?? {},
      references,
      after: dependenciesOf(configured, moduleOf(address), addresses),
    };
  });
}

/** Resources as they were before the apply. */
export function readPrior(source: TerraformPlan): ResourceSet {
  return fromState((planOf(source, '') as TerraformPlan).prior_state ?? {});
}

/** @throws UnreadableSource if it has another shape than `terraform show -json` prints */
export function readState(state: TerraformState): ResourceSet {
  return fromState(stateOf(state, '') as TerraformState);
}

function fromState(state: TerraformState): ResourceSet {
  return resourceSet(shownResources(state.values?.root_module), (shown) => ({
    unknown: {},
    expressions: {},
    after: shown.depends_on ?? [],
  }));
}

const shownModule: Decoder = (value, path) =>
  object({
    resources: list(object({ address: text, type: text, values: object({}), depends_on: list(text) })),
    child_modules: list(shownModule),
  })(value, path);
const stateOf = object({ values: object({ root_module: shownModule }) });
const configuredModule: Decoder = (value, path) =>
  object({
    resources: list(object({ address: text, expressions: object({}), depends_on: list(text) })),
    outputs: dictionary(object({})),
    module_calls: dictionary(object({ expressions: object({}), module: configuredModule })),
  })(value, path);
const planOf = object({
  planned_values: object({ root_module: shownModule }),
  prior_state: stateOf,
  resource_changes: list(object({ address: text })),
  configuration: object({ root_module: configuredModule }),
});

interface Known {
  /** Terraform's marks: true where a value is known only after the apply, in the value's own shape. */
  readonly unknown: Readonly<Record<string, unknown>>;
  readonly expressions: Readonly<Record<string, unknown>>;
  readonly references?: PlanReferences;
  readonly after: readonly string[];
}

function resourceSet(shown: readonly ShownResource[], known: (shown: ShownResource) => Known): ResourceSet {
  const ours = shown.filter(({ type }) => isKeycloak(type));
  const resources = ours.map((each): Resource => {
    const { unknown, expressions, references, after } = known(each);
    const values: Record<string, Value> = { ...(each.values as Record<string, Value>) };
    for (const [key, flag] of Object.entries(unknown)) {
      const value = markUnknown(values[key], flag, expressions[key], { references, key, from: each.address });
      if (value === undefined) delete values[key];
      else values[key] = value;
    }
    return { address: each.address, type: each.type, managed: each.mode !== 'data', values, after: new Set(after) };
  });
  const provider = ours.find(({ provider_name }) => provider_name)?.provider_name;
  return { resources, unread: [], ...(provider && { provider: provider.split('/').slice(-2).join('/') }) };
}

interface Place {
  readonly references: PlanReferences | undefined;
  readonly key: string;
  readonly from: string;
}

function markUnknown(value: Value | undefined, flag: unknown, expression: unknown, place: Place): Value | undefined {
  if (flag === true) {
    if (expression === undefined) return undefined;
    const reference = place.references?.resolve(expression, place.key, place.from);
    return reference ?? { unknown: `${place.key} is known only after the apply` };
  }
  if (typeof flag !== 'object' || flag === null) return value;
  if (Array.isArray(flag)) {
    const list = Array.isArray(value) ? value : [];
    return flag.map((each, index) => {
      const part = Array.isArray(expression) ? expression[index] : undefined;
      return markUnknown(list[index], each, part, place) ?? null;
    });
  }
  const object = typeof value === 'object' && value !== null ? (value as Record<string, Value>) : {};
  const inner = expression as Record<string, unknown> | undefined;
  const marked = Object.entries(flag).flatMap(([key, each]): [string, Value][] => {
    const part = markUnknown(object[key], each, inner?.[key], { ...place, key });
    return part === undefined ? [] : [[key, part]];
  });
  return { ...object, ...Object.fromEntries(marked) };
}

function shownResources(module: ShownModule | undefined): ShownResource[] {
  if (!module) return [];
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(shownResources)];
}

function dependenciesOf(
  resource: ConfiguredResource | undefined,
  module: string,
  addresses: ReadonlySet<string>,
): string[] {
  const mentioned: string[] = [...(resource?.depends_on ?? [])];
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    const { references } = value as { references?: readonly string[] };
    if (Array.isArray(references)) mentioned.push(...references);
    Object.values(value).forEach(visit);
  };
  visit(resource?.expressions);
  // A mention of a repeated resource is of all its instances.
  const before = new Set(mentioned.map((address) => withoutKeys(`${module}${address}`)));
  return [...addresses].filter((address) => before.has(withoutKeys(address)));
}
