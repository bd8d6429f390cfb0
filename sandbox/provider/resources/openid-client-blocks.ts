import type { Representation } from '../engine/api';
import { at, block, type Field, held } from '../engine/table';

/** Authorization Services of the client. Without the block they are switched off. */
export const authorization: Field = {
  ...block(
    {
      policy_enforcement_mode: at('policyEnforcementMode', { oneOf: ['ENFORCING', 'PERMISSIVE', 'DISABLED'] }),
      decision_strategy: at('decisionStrategy', {
        default: 'UNANIMOUS',
        oneOf: ['UNANIMOUS', 'AFFIRMATIVE', 'CONSENSUS'],
      }),
      allow_remote_resource_management: at('allowRemoteResourceManagement', { default: false }),
      keep_defaults: held({ default: false }),
    },
    { single: true },
    'authorizationSettings',
  ),
  write: (_value, client, change) => {
    const settings = change.block('authorization');
    client.authorizationServicesEnabled = settings !== undefined;
    if (!settings) return;
    client.authorizationSettings = {
      policyEnforcementMode: settings.policy_enforcement_mode,
      decisionStrategy: settings.decision_strategy,
      allowRemoteResourceManagement: settings.allow_remote_resource_management,
    };
  },
};

/**
 * The client's own flows, by flow id. Both are always sent: Keycloak removes an override on "", not when it is left out,
 * so taking the block away takes the overrides away.
 */
export const flowOverrides: Field = {
  block: { browser_id: held(), direct_grant_id: held() },
  write: (_value, client, change) => {
    const overrides = change.block('authentication_flow_binding_overrides');
    client.authenticationFlowBindingOverrides = {
      browser: overrides?.browser_id ?? '',
      direct_grant: overrides?.direct_grant_id ?? '',
    };
  },
  read: (client) => {
    const { browser, direct_grant } = (client.authenticationFlowBindingOverrides ?? {}) as Representation;
    if (!browser && !direct_grant) return [];
    return [{ browser_id: String(browser ?? ''), direct_grant_id: String(direct_grant ?? '') }];
  },
};
