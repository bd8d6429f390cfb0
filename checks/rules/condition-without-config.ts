import type { Rule } from '../rule';
import { spares } from '../support/places';
import { guide, source } from '../support/sources';

/** The key without which each condition says nothing. */
const NEEDED: Readonly<Record<string, string>> = {
  'conditional-client-scope': 'client_scope',
  'conditional-user-role': 'condUserRole',
  'conditional-user-attribute': 'attribute_name',
  'conditional-credential': 'credentials',
  'conditional-sub-flow-executed': 'flow_to_check',
};

export const conditionWithoutConfig: Rule = {
  id: 'condition-without-config',
  code: 'SU604',
  level: 'error',
  summary: 'A condition has no config, or its key is misspelt, so it does not look at anything.',
  cause:
    'Keycloak does not check the keys of a config. Without its key a condition is false, or true for conditional-credential, or fails the ' +
    'login, as conditional-user-attribute does without any config.',
  attack: [
    'A condition on a role has the key role instead of condUserRole.',
    'The attacker logs in with the stolen password of a user who has the role.',
    'The condition is false: the OTP behind it is not asked.',
  ],
  remedy: `Write the key: ${Object.entries(NEEDED)
    .map(([condition, key]) => `${key} (${condition})`)
    .join(', ')}.`,
  sources: [guide('Conditions in conditional flows'), source('ConditionalRoleAuthenticator.matchCondition')],
  inspect(inspection) {
    for (const place of inspection.places()) {
      const key = NEEDED[place.authenticator ?? ''];
      if (key === undefined || place.has(key)) continue;
      const configured = place.execution.kind === 'authenticator' && place.execution.config !== undefined;
      inspection.found(place, {
        what: configured ? `The config of the condition has no ${key}` : 'The condition has no config',
        gain: spares(place)
          ? 'It does not look at what it should: the wrong ones are spared the proof, or nobody.'
          : 'It does not look at what it should: the proof behind it is not asked of those it is for.',
        instead: `Give it a config with ${key}`,
      });
    }
  },
};
