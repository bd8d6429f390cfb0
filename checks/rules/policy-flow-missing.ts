import type { Rule } from '../rule';
import { enforced } from '../support/flow-uses';
import { locate } from '../support/inspection';
import { guide, source } from '../support/sources';
import { tellUnknownEnforcers } from '../support/unknown-enforcers';

export const policyFlowMissing: Rule = {
  id: 'policy-flow-missing',
  code: 'SU504',
  level: 'error',
  summary: 'A client policy enforces a flow that does not exist.',
  cause:
    'auth-flow-enforcer names its flow by alias. Keycloak neither checks it nor keeps such a flow from being deleted; a login that the policy matches fails with ' +
    'an internal error.',
  attack: [
    'The flow is renamed or replaced, and the policy keeps the old alias.',
    'A user sends a request that the policy matches: HTTP 500.',
    'To get people working again the policy is switched off.',
  ],
  remedy: "Refer to the flow's alias as a reference to its resource.",
  sources: [
    guide('Using client policies to select an authentication flow'),
    source('AuthenticationFlowResolver.resolveBrowserFlow'),
  ],
  inspect(inspection) {
    const { model } = inspection;
    tellUnknownEnforcers(inspection);
    for (const { alias, profile } of enforced(model)) {
      if (model.flows.some((flow) => flow.alias === alias)) continue;
      const at = locate(`client profile ${profile}`, model.clientProfiles.find(({ name }) => name === profile) ?? {});
      if (!model.complete) {
        inspection.cannotTell(at, `the flow ${alias} is not in this source`);
        continue;
      }
      inspection.found(at, {
        what: `It enforces flow "${alias}", which does not exist`,
        gain: 'Every login that the policy matches ends with HTTP 500.',
        instead: "Refer to the flow's resource",
      });
    }
  },
};
