import { isCondition, traitsOf } from '../keycloak/authenticators';
import type { AuthenticatorExecution, Execution, Flow } from '../realm-model';
import type { FlowIndex } from './flow-index';
import { known, type Login } from './login';
import { perFlow } from './per-flow';
import { CannotTell } from './signals';

/**
 * What a flow does about its subflows' conditions; given from outside because both need each other.
 */
export interface ConditionalSubflows {
  /** Evaluates the conditions, which may take over levels of the session. */
  isDisabled(login: Login, execution: Execution): boolean;
}

/** The executions of a flow that count, in order. */
export interface Lists {
  readonly required: Execution[];
  readonly alternative: Execution[];
}

export function requirementOf(execution: Execution) {
  return known(execution.requirement, `requirement of ${execution.id}`);
}

export function authenticatorOf(execution: AuthenticatorExecution): string {
  return known(execution.authenticator, `authenticator of ${execution.id}`);
}

/** Whether an enabled execution is a condition; one of another provider could be. */
export function isConditionExecution(execution: Execution): execution is AuthenticatorExecution {
  if (execution.kind === 'subflow' || requirementOf(execution) === 'DISABLED') return false;
  const authenticator = authenticatorOf(execution);
  if (!traitsOf(authenticator)) throw new CannotTell(`${execution.id}: ${authenticator} is not followed here`);
  return isCondition(authenticator);
}

/** Sorts a flow's executions; alternatives beside required ones are left out (`fillListsOfExecutions`). */
export const listsOf = perFlow((flow): Lists & { readonly ignored: boolean } => {
  const provider = known(flow.provider, `provider of flow ${flow.alias}`);
  if (provider !== 'basic-flow')
    throw new CannotTell(`Flow ${flow.alias} is a ${provider}, which is not followed here`);
  if (flow.orderUnknown && flow.executions.length > 1) throw new CannotTell(`Flow ${flow.alias}: ${flow.orderUnknown}`);
  const steps = flow.executions.filter((execution) => !isConditionExecution(execution));
  const required = steps.filter((execution) => ['REQUIRED', 'CONDITIONAL'].includes(requirementOf(execution)));
  const alternative = steps.filter((execution) => requirementOf(execution) === 'ALTERNATIVE');
  const ignored = required.length > 0 && alternative.length > 0;
  return { required, alternative: ignored ? [] : alternative, ignored };
});

/** Whether the engine leaves an execution alone (`DefaultAuthenticationFlow.isProcessed`). */
export function isProcessed(login: Login, execution: Execution): boolean {
  if (requirementOf(execution) === 'DISABLED') return true;
  const status = login.status.get(execution.id);
  return status === 'SUCCESS' || status === 'ATTEMPTED' || status === 'SETUP_REQUIRED';
}

/**
 * The executions that the user may choose from when `execution` has its turn, the one to show first at the front. Credentials
 * come in the user's order of preference, before steps without a credential, and those of a known type only if the user has it.
 *
 * Source: `AuthenticationSelectionResolver.createAuthenticationSelectionList`.
 */
export function selectionFor(
  login: Login,
  execution: AuthenticatorExecution,
  subflows: ConditionalSubflows,
): AuthenticatorExecution[] {
  const byCredential = new Map<string, AuthenticatorExecution>();
  const others: AuthenticatorExecution[] = [];
  const add = (step: AuthenticatorExecution) => {
    if (isProcessed(login, step)) return;
    const credential = traitsOf(authenticatorOf(step))?.validates;
    if (credential) byCredential.set(credential, step);
    else others.push(step);
  };
  const from = highestUsefulFlow(login.flow, execution);
  if (from) addFromFlow(login, from, add, subflows);
  else add(execution);
  if (!login.userKnown) {
    const userless = [...byCredential.values()].filter((step) => !traitsOf(authenticatorOf(step))?.requiresUser);
    return [...others, ...userless];
  }
  const owned = [...new Set(login.user.credentials)].flatMap((credential) => byCredential.get(credential) ?? []);
  return [...owned, ...others];
}

/**
 * The flow up to which the step's alternatives reach: through alternatives, and through required steps that stand first.
 * Undefined if the step has none (`getFlowIdOfTheHighestUsefulFlow`).
 */
function highestUsefulFlow(index: FlowIndex, start: Execution): Flow | undefined {
  let execution = start;
  let flow: Flow | undefined;
  for (;;) {
    const { parent } = index.places.get(execution.id) as { parent: Flow };
    const requirement = requirementOf(execution);
    if (requirement === 'REQUIRED' || requirement === 'CONDITIONAL') {
      if (execution.kind === 'subflow') flow = execution.flow;
      if (parent.executions[0]?.id !== execution.id) return flow;
    }
    flow = parent;
    const above = index.executionOf.get(parent);
    if (!above) return flow;
    execution = above;
  }
}

/** Collects the steps by which a flow can begin: its first required one, or all its alternatives (`addAllExecutionsFromSubflow`). */
function addFromFlow(
  login: Login,
  flow: Flow,
  add: (step: AuthenticatorExecution) => void,
  subflows: ConditionalSubflows,
): void {
  const { required, alternative } = listsOf(flow);
  if (required.length > 0) {
    const first = required.find(
      (execution) => requirementOf(execution) === 'REQUIRED' || !subflows.isDisabled(login, execution),
    );
    if (!first || isProcessed(login, first)) return;
    if (first.kind === 'subflow') addFromFlow(login, first.flow, add, subflows);
    else add(first);
    return;
  }
  for (const execution of alternative) {
    if (isProcessed(login, execution)) continue;
    if (execution.kind === 'subflow') addFromFlow(login, execution.flow, add, subflows);
    else add(execution);
  }
}
