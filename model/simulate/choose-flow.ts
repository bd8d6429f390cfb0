import type { Client, Flow, FlowBindings, FlowOverride, Known, RealmModel } from '../realm-model';
import { known } from './login';
import type { RuleId } from './rules';
import { CannotTell, FlowError } from './signals';

export function flowByAlias(model: RealmModel, alias: string): Flow | undefined {
  return model.flows.find((flow) => flow.alias === alias);
}

/** A flow, or a subflow of one: where Keycloak lets a client or a policy name a flow, a subflow does, and runs by itself. */
export function flowOrSubflow(model: RealmModel, alias: string): Flow | undefined {
  return flowByAlias(model, alias) ?? model.flows.flatMap(subflowsOf).find((flow) => flow.alias === alias);
}

function subflowsOf(flow: Flow): Flow[] {
  return flow.executions.flatMap((execution) =>
    execution.kind === 'subflow' ? [execution.flow, ...subflowsOf(execution.flow)] : [],
  );
}

/** The flow that a realm binds. */
export function boundFlow(model: RealmModel, binding: keyof FlowBindings): Flow {
  const alias = known(model.bindings[binding], `${binding} binding of the realm`);
  const flow = flowByAlias(model, alias);
  if (!flow) throw new CannotTell(`The flow ${alias}, which the realm binds, is not in this source`);
  return flow;
}

/**
 * The flow of a login: a client policy's, else the client's override, else the realm's (`AuthenticationFlowResolver`).
 * @throws FlowError if a client policy names a flow that doesn't exist
 */
export function chooseFlow(
  model: RealmModel,
  client: Client,
  binding: 'browser' | 'directGrant',
  enforced: string | undefined,
  note: (rule: RuleId, at: string) => void,
): Flow {
  if (enforced !== undefined) {
    note('flow-of-policy', enforced);
    const flow = flowOrSubflow(model, enforced);
    if (flow) return flow;
    if (!model.complete)
      throw new CannotTell(`The flow ${enforced}, which a client policy enforces, is not in this source`);
    throw new FlowError('missing-flow', `The flow ${enforced} doesn't exist`);
  }
  const overriding = overridingFlow(model, client, binding, note);
  if (overriding) return overriding;
  const flow = boundFlow(model, binding);
  note('flow-of-realm', flow.alias);
  return flow;
}

/** The flow that the client has of its own, if that exists (`AuthenticationFlowResolver.resolveBindingOverrideFlowForClient`). */
export function overridingFlow(
  model: RealmModel,
  client: Client,
  binding: 'browser' | 'directGrant',
  note: (rule: RuleId, at: string) => void = () => {},
): Flow | undefined {
  const override: Known<FlowOverride> | undefined = client.flowOverrides[binding];
  if (override === undefined) return undefined;
  const { alias, dangling } = known(override, `${binding} override of client ${client.clientId}`);
  const flow = alias === undefined ? undefined : flowOrSubflow(model, alias);
  if (flow) {
    note('flow-of-override', flow.alias);
    return flow;
  }
  if (alias !== undefined && !model.complete) throw new CannotTell(`The flow ${alias} is not in this source`);
  note('dangling-override', dangling ?? alias ?? client.clientId);
  return undefined;
}
