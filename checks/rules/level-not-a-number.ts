import { isUnknown } from '../../model/realm-model';
import type { Rule } from '../rule';
import { LOA_CONDITION } from '../support/places';
import { guide, source } from '../support/sources';

export const levelNotANumber: Rule = {
  id: 'level-not-a-number',
  code: 'SU204',
  level: 'error',
  summary: 'The level of a level condition is missing or not a whole number, so its proofs lead to no level.',
  cause:
    'Keycloak reads loa-condition-level as a whole number. If it is none, the condition is evaluated as level 0 and grants nothing when ' +
    'its subflow succeeds.',
  attack: [
    'A config says loa-condition-level = "gold", or misspells the key.',
    'Users are asked for their OTP at every login, whether or not gold is requested.',
    'Their tokens say silver all the same; the application that looks at acr refuses them, the one that does not look is open to a password.',
  ],
  remedy: 'Write the number of the level, and its name into the acr map of the realm.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('LoAUtil.getLevelFromLoaConditionConfiguration'),
  ],
  inspect(inspection) {
    for (const place of inspection.places()) {
      const { execution } = place;
      if (execution.kind === 'subflow' || place.authenticator !== LOA_CONDITION || !execution.config) continue;
      if (place.level !== undefined) continue;
      const value = execution.config.values['loa-condition-level'];
      if (value !== undefined && isUnknown(value)) continue;
      inspection.found(place, {
        what:
          value === undefined
            ? 'The config has no loa-condition-level'
            : `loa-condition-level is ${JSON.stringify(value)}`,
        gain: 'The proofs behind it are asked at every login and reach no level: nobody gets the acr.',
        instead: 'Write a whole number from 1, for example loa-condition-level = "2"',
      });
    }
  },
};
