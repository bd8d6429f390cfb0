import { traitsOf } from '../keycloak/authenticators';
import { parseJavaBoolean } from '../keycloak/java';
import {
  type AuthenticatorExecution,
  type Execution,
  type Flow,
  isUnknown,
  type RealmModel,
  type SubflowExecution,
} from '../realm-model';
import { allExecutions } from '../simulate/flow-index';

/** Something that a condition looks at: `role:admin`, `attribute:tier=gold`, `scope:payments`. */
export type FactName = string;

/** Facts that the same demand hangs on, so that one of them stands for all. */
export interface Demand {
  readonly facts: readonly FactName[];
  /** Whether the demand is made where the fact holds, or where it doesn't. */
  readonly madeWhen: boolean;
}

const FACT_CONDITIONS: readonly string[] = [
  'conditional-user-role',
  'conditional-user-attribute',
  'conditional-client-scope',
];
const HARMLESS_CONDITIONS: readonly string[] = [
  'conditional-credential',
  'conditional-user-configured',
  'conditional-sub-flow-executed',
];

/**
 * The facts whose only effect is that a login asks for more: each is the only fact of CONDITIONAL subflows that hold proofs and
 * nothing by which anybody gains (no level, no enrolment, no step that passes by itself), and that no other part of a flow looks
 * at; or it keeps from an alternative to such proofs ({@link exemptionsIn}). Without its demand such a fact makes no difference, and several of them only add up: so a login is looked at without any of them
 * and with each alone, not with every combination.
 *
 * Facts whose subflows are alike but for the fact's own name are one {@link Demand}.
 */
export function demandsOf(model: RealmModel, flows: readonly Flow[]): Demand[] {
  const uses = new Map<FactName, Use[]>();
  for (const flow of flows) collect(model, flow, flow, uses);
  for (const name of factsOutsideFlows(model)) uses.set(name, [...(uses.get(name) ?? []), undefined]);
  const demands = new Map<string, { facts: FactName[]; madeWhen: boolean }>();
  for (const [name, places] of uses) {
    const known = places.filter((place) => place !== undefined);
    const [first] = known;
    if (!first || known.length < places.length || known.some(({ madeWhen }) => madeWhen !== first.madeWhen)) continue;
    const key = JSON.stringify([name.split(':')[0], first.madeWhen, known.map(({ shape }) => shape).sort()]);
    const demand = demands.get(key) ?? { facts: [], madeWhen: first.madeWhen };
    demand.facts.push(name);
    demands.set(key, demand);
  }
  return [...demands.values()];
}

/** How a fact is used in one place; undefined if that is more than a demand. */
type Use = { readonly madeWhen: boolean; readonly shape: string } | undefined;

function collect(model: RealmModel, top: Flow, flow: Flow, uses: Map<FactName, Use[]>): void {
  const note = (name: FactName, use: Use) => uses.set(name, [...(uses.get(name) ?? []), use]);
  const demanding = flow.executions.map((execution) => {
    const demand = demandIn(model, top, flow, execution);
    return demand ? [demand] : exemptionsIn(model, top, execution);
  });
  flow.executions.forEach((execution, index) => {
    const demands = demanding[index];
    if (demands) {
      // Where it stands among the parts that are no demands may make a difference.
      const before = demanding.slice(0, index).filter((each) => each === undefined).length;
      for (const { fact, madeWhen, shape } of demands) {
        note(fact, { madeWhen, shape: `${top.alias} ${flow.alias} ${before} ${shape}` });
      }
    } else if (execution.kind === 'subflow') collect(model, top, execution.flow, uses);
    else for (const name of factsOf(execution)) note(name, undefined);
  });
}

interface FlowDemand {
  readonly fact: FactName;
  readonly madeWhen: boolean;
  readonly shape: string;
}

function demandIn(model: RealmModel, top: Flow, parent: Flow, execution: Execution): FlowDemand | undefined {
  if (execution.kind !== 'subflow' || execution.requirement !== 'CONDITIONAL') return undefined;
  // Beside alternatives only, a CONDITIONAL subflow turns them off; alone, it makes the subflow around it fail where it is skipped.
  const others = parent.executions.filter((each) => each !== execution);
  if (!others.some(({ requirement }) => requirement === 'REQUIRED' || requirement === 'CONDITIONAL')) return undefined;
  const direct = execution.flow.executions.filter(isFactCondition);
  const [condition] = direct;
  if (!condition || direct.length > 1) return undefined;
  const fact = factsOf(condition)[0];
  const madeWhen = madeWhenOf(condition);
  if (fact === undefined || madeWhen === undefined) return undefined;
  const inside = [...allExecutions(execution.flow)].map((place) => place.execution);
  if (!inside.every((each) => each === condition || onlyAsks(model, each))) return undefined;
  if (isLookedAtFromOutside(top, execution.flow, [execution.flow.alias])) return undefined;
  return { fact, madeWhen, shape: shapeOf(execution.flow, condition) };
}

/**
 * The demands of a REQUIRED subflow of alternatives, of which one is passed without a proof by whom no fact is about: CONDITIONAL
 * subflows in each other, each with the opposite of one fact, and in the innermost what passes. Whatever is had where a fact holds is
 * had by an alternative that takes at least as much. All its facts are alike.
 */
function exemptionsIn(model: RealmModel, top: Flow, execution: Execution): FlowDemand[] | undefined {
  if (execution.kind !== 'subflow' || execution.requirement !== 'REQUIRED') return undefined;
  const alternatives = execution.flow.executions.filter(({ requirement }) => requirement !== 'DISABLED');
  const subflows = alternatives.filter(
    (each): each is SubflowExecution => each.kind === 'subflow' && each.requirement === 'ALTERNATIVE',
  );
  if (subflows.length < alternatives.length) return undefined;
  const [exempt, ...more] = subflows.filter(({ flow }) =>
    [...allExecutions(flow)].some((place) => isFactCondition(place.execution)),
  );
  if (!exempt || more.length > 0) return undefined;
  const conditions = factsThatKeepFrom(exempt.flow);
  const others = subflows.filter((each) => each !== exempt);
  if (!conditions || !others.every(({ flow }) => passesProved(flow) || asksOnly(model, flow))) return undefined;
  // That it was passed itself says nothing: no login ends without it.
  if (isLookedAtFromOutside(top, execution.flow, [])) return undefined;
  const shape = shapeOf({ ...execution.flow, executions: others });
  const demands = conditions.flatMap((condition): FlowDemand[] => {
    const fact = factsOf(condition)[0];
    const exempts = madeWhenOf(condition);
    return fact === undefined || exempts === undefined ? [] : [{ fact, madeWhen: !exempts, shape }];
  });
  return demands.length === conditions.length ? demands : undefined;
}

/**
 * The conditions on facts of CONDITIONAL subflows in each other, at most one in each; undefined if the subflow is anything else.
 */
function factsThatKeepFrom({ executions }: Flow): AuthenticatorExecution[] | undefined {
  const [only, ...more] = executions.filter(({ requirement }) => requirement !== 'DISABLED');
  if (only?.kind !== 'subflow' || only.requirement !== 'CONDITIONAL' || more.length > 0) return undefined;
  const facts = only.flow.executions.filter(isFactCondition);
  const [step, ...steps] = only.flow.executions.filter(
    (each) => each.requirement !== 'DISABLED' && !facts.some((fact) => fact === each) && !isHarmlessCondition(each),
  );
  if (facts.length > 1 || !step || steps.length > 0) return undefined;
  if (step.kind === 'authenticator') return step.authenticator === PASSES ? facts : undefined;
  const inner = factsThatKeepFrom({ ...only.flow, executions: [step] });
  return inner && [...facts, ...inner];
}

function isHarmlessCondition(execution: Execution): boolean {
  return (
    execution.kind === 'authenticator' &&
    !isUnknown(execution.authenticator) &&
    HARMLESS_CONDITIONS.includes(execution.authenticator)
  );
}

const PASSES = 'allow-access-authenticator';

/** Whether an alternative is passed by who has proved something in this login, and by nobody else. */
function passesProved({ executions }: Flow): boolean {
  return executions.every((execution) => {
    if (execution.requirement === 'DISABLED') return true;
    if (execution.kind !== 'subflow' || execution.requirement !== 'CONDITIONAL') return false;
    return execution.flow.executions.every(
      (each) => isHarmlessCondition(each) || (each.kind === 'authenticator' && each.authenticator === PASSES),
    );
  });
}

function asksOnly(model: RealmModel, flow: Flow): boolean {
  return [...allExecutions(flow)].every((place) => onlyAsks(model, place.execution));
}

function isFactCondition(execution: Execution): execution is AuthenticatorExecution {
  return (
    execution.kind === 'authenticator' &&
    execution.requirement !== 'DISABLED' &&
    !isUnknown(execution.authenticator) &&
    FACT_CONDITIONS.includes(execution.authenticator)
  );
}

function madeWhenOf({ config }: AuthenticatorExecution): boolean | undefined {
  const { negate, not } = config?.values ?? {};
  const setting = negate ?? not;
  return isUnknown(setting) ? undefined : !parseJavaBoolean(setting);
}

/** Whether a step of a demand's subflow gives nobody anything but a page to answer. */
function onlyAsks(model: RealmModel, execution: Execution): boolean {
  if (execution.requirement === 'DISABLED') return true;
  if (execution.kind === 'subflow') return true;
  const { authenticator } = execution;
  if (isUnknown(authenticator)) return false;
  if (HARMLESS_CONDITIONS.includes(authenticator) || authenticator === 'deny-access-authenticator') return true;
  if (authenticator === 'auth-username-password-form') return true;
  if (!traitsOf(authenticator)?.validates || authenticator === 'auth-conditional-otp-form') return false;
  return !mayEnrol(model, execution);
}

/**
 * Whether somebody without the credential is sent on to enrol it who could not start that by themselves. Where the required action
 * is enabled anybody can, so it is no gain; where it is disabled only recovery codes are enrolled all the same.
 */
function mayEnrol({ requiredActions }: RealmModel, { authenticator, requirement }: AuthenticatorExecution): boolean {
  const traits = traitsOf(authenticator as string);
  if (!traits?.setupAllowed || requirement !== 'REQUIRED' || traits.enrolment !== undefined) return false;
  return requiredActions.find(({ alias }) => alias === 'CONFIGURE_RECOVERY_AUTHN_CODES')?.enabled !== true;
}

/** @param names aliases that count beside those of the subflows in the demand */
function isLookedAtFromOutside(top: Flow, demand: Flow, names: readonly string[]): boolean {
  const places = [...allExecutions(demand)].map(({ execution }) => execution);
  const aliases = new Set([
    ...names,
    ...places.flatMap((execution) => (execution.kind === 'subflow' ? [execution.flow.alias] : [])),
  ]);
  const own = new Set(places);
  return [...allExecutions(top)].some(({ execution }) => {
    if (own.has(execution) || execution.kind !== 'authenticator') return false;
    if (execution.authenticator !== 'conditional-sub-flow-executed') return false;
    const checked = execution.config?.values.flow_to_check;
    return checked === undefined || isUnknown(checked) || aliases.has(checked);
  });
}

/** The subflow's content without names and without the fact. */
function shapeOf(flow: Flow, fact?: AuthenticatorExecution): string {
  const names = new Map<string, number>();
  const nameOf = (alias: string) => {
    if (!names.has(alias)) names.set(alias, names.size);
    return names.get(alias);
  };
  const shape = (each: Flow): unknown =>
    each.executions.map((execution) => {
      if (execution.kind === 'subflow') {
        return [execution.requirement, nameOf(execution.flow.alias), shape(execution.flow)];
      }
      if (execution === fact) return '$';
      const values = Object.entries(execution.config?.values ?? {})
        .filter(([key]) => !key.startsWith('default.reference') && key !== 'denyErrorMessage')
        .map(([key, value]) => [key, key === 'flow_to_check' && !isUnknown(value) ? nameOf(value) : value]);
      return [execution.requirement, execution.authenticator, values.sort()];
    });
  return JSON.stringify(shape(flow));
}

/** The facts that an execution looks at, by name; what it doesn't say is left to the simulator. */
export function factsOf({ authenticator, config }: AuthenticatorExecution): FactName[] {
  const setting = (key: string) => {
    const value = config?.values[key];
    return value === undefined || isUnknown(value) ? [] : [value];
  };
  switch (authenticator) {
    case 'conditional-user-role':
      return setting('condUserRole').map((role) => `role:${role}`);
    case 'conditional-client-scope':
      return setting('client_scope').map((scope) => `scope:${scope}`);
    case 'conditional-user-attribute':
      return setting('attribute_name').flatMap((name) =>
        setting('attribute_expected_value').map(
          (value) => `attribute:${name}${parseJavaBoolean(setting('regex')[0]) ? '=~' : '='}${value}`,
        ),
      );
    case 'auth-conditional-otp-form':
      return [
        ...['skipOtpRole', 'forceOtpRole'].flatMap(setting).map((role) => `role:${role}`),
        ...setting('otpControlAttribute').flatMap((name) =>
          ['skip', 'force'].map((value) => `attribute:${name}=${value}`),
        ),
      ];
    default:
      return [];
  }
}

/** Scopes that client policies look at: those choose flows. */
export function scopesOfPolicies(model: RealmModel): string[] {
  return model.clientPolicies.flatMap(({ conditions }) =>
    conditions.flatMap(({ provider, config }) =>
      provider === 'client-scopes' && !isUnknown(config) && Array.isArray(config.scopes)
        ? config.scopes.map(String)
        : [],
    ),
  );
}

function factsOutsideFlows(model: RealmModel): FactName[] {
  return scopesOfPolicies(model).map((scope) => `scope:${scope}`);
}
