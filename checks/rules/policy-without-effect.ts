import { isUnknown } from '../../model/realm-model';
import type { Rule } from '../rule';
import { locate } from '../support/inspection';
import { guide, source } from '../support/sources';

export const policyWithoutEffect: Rule = {
  id: 'policy-without-effect',
  code: 'SU503',
  level: 'error',
  summary: 'A client policy runs nothing, or an executor that has no flow to enforce.',
  cause:
    'A profile that does not exist, one without executors, and auth-flow-enforcer whose key auth-flow-alias is missing or misspelt are all accepted. The policy ' +
    'matches and does nothing.',
  attack: [
    'The executor says auth_flow_alias instead of auth-flow-alias.',
    'The attacker with a stolen password sends the request that the policy is for.',
    'The ordinary flow runs.',
  ],
  remedy: 'Write auth-flow-alias and auth-flow-loa, and name a profile of the realm.',
  sources: [
    guide('Using client policies to select an authentication flow'),
    source('AuthenticationFlowSelectorExecutor'),
  ],
  inspect(inspection) {
    const { model } = inspection;
    for (const policy of model.clientPolicies) {
      const at = locate(`client policy ${policy.name}`, policy);
      if (inspection.known(policy.enabled, 'whether it is enabled', at) === false) continue;
      const names = inspection.known(policy.profiles, 'its profiles', at);
      if (!names) continue;
      const profiles = names.map((name) => ({
        name,
        profile: model.clientProfiles.find((each) => each.name === name),
      }));
      const missing = profiles.filter(({ name, profile }) => !profile && !BUILT_IN.test(name));
      if (missing.length > 0 && !model.complete) {
        inspection.cannotTell(at, `the profile ${missing[0]?.name} is not in this source`);
        continue;
      }
      const reasons = [
        ...missing.map(({ name }) => `there is no profile "${name}"`),
        ...profiles.flatMap(({ name, profile }) => {
          if (!profile) return [];
          if (profile.executors.length === 0) return [`profile "${name}" has no executor`];
          const idle = profile.executors.some(
            ({ provider, config }) =>
              provider === 'auth-flow-enforcer' && !isUnknown(config) && config['auth-flow-alias'] === undefined,
          );
          return idle ? [`auth-flow-enforcer of profile "${name}" has no "auth-flow-alias"`] : [];
        }),
        ...(names.length === 0 ? ['it has no profile'] : []),
      ];
      for (const reason of reasons) {
        inspection.found(at, {
          what: `Client policy "${policy.name}": ${reason}`,
          gain: 'The policy does nothing: requests that it is for are let through as all others.',
          instead: 'Name a profile of the realm, and write auth-flow-alias and auth-flow-loa in its executor',
        });
      }
    }
  },
};

/** Names of the profiles that Keycloak ships. */
const BUILT_IN = /^(fapi|oauth|saml|strict)/;
