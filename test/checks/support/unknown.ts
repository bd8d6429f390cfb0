import type { Execution, Flow, RealmModel, Unknown } from '../../../model/realm-model';

const UNKNOWN: Unknown = { unknown: 'known after the apply' };

/** The same realm as a source tells it that leaves open all that a source may leave open. */
export function unknownEverywhere(model: RealmModel): RealmModel {
  return {
    ...model,
    keycloakVersion: undefined,
    acrLoaMap: UNKNOWN,
    flows: model.flows.map((flow) => (flow.builtIn ? flow : unknownFlow(flow))),
    bindings: { ...model.bindings, browser: UNKNOWN },
    clients: model.clients.map((client) => ({
      ...client,
      flowOverrides: client.flowOverrides.browser ? { browser: UNKNOWN } : {},
      ...(client.acrLoaMap && { acrLoaMap: UNKNOWN }),
      defaultAcrValues: UNKNOWN,
      ...(client.minimumAcr !== undefined && { minimumAcr: UNKNOWN }),
      grants: { ...client.grants, password: UNKNOWN, device: UNKNOWN },
      defaultScopes: UNKNOWN,
      optionalScopes: UNKNOWN,
    })),
    clientPolicies: model.clientPolicies.map((policy) => ({
      ...policy,
      enabled: UNKNOWN,
      conditions: policy.conditions.map(({ provider }) => ({ provider, config: UNKNOWN })),
      profiles: UNKNOWN,
    })),
    clientProfiles: model.clientProfiles.map((profile) => ({
      ...profile,
      executors: profile.executors.map(({ provider }) => ({ provider, config: UNKNOWN })),
    })),
    requiredActions: model.requiredActions.map((action) => ({ ...action, enabled: UNKNOWN })),
    identityProviders: model.identityProviders.map((provider) => ({
      ...provider,
      enabled: UNKNOWN,
      firstLoginFlow: UNKNOWN,
      postLoginFlow: UNKNOWN,
    })),
    sessions: { ssoIdle: UNKNOWN, ssoMax: UNKNOWN },
  };
}

function unknownFlow(flow: Flow): Flow {
  return { ...flow, executions: flow.executions.map(unknownExecution) };
}

function unknownExecution(execution: Execution): Execution {
  if (execution.kind === 'subflow') return { ...execution, requirement: UNKNOWN, flow: unknownFlow(execution.flow) };
  return { ...execution, requirement: UNKNOWN, authenticator: UNKNOWN };
}
