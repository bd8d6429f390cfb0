import type { Rule } from '../rule';
import { LOA_CONDITION } from '../support/places';
import { guide, source } from '../support/sources';

export const levelWithoutConfig: Rule = {
  id: 'level-without-config',
  code: 'SU203',
  level: 'error',
  summary: 'A level condition has no config, so the logins that come to it fail.',
  cause:
    'Keycloak reads the level from the config of the condition and fails with an internal error when there is none.',
  attack: [
    'The config of a level condition is left out, or is created later than the flow is bound.',
    'A user logs in: Keycloak answers with an error page, at every level that comes this far.',
  ],
  remedy: 'Give the condition a config with loa-condition-level and loa-max-age, and bind the flow after it.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('LoAUtil.getLevelFromLoaConditionConfiguration'),
  ],
  inspect(inspection) {
    for (const place of inspection.places()) {
      const { execution } = place;
      if (execution.kind === 'subflow' || place.authenticator !== LOA_CONDITION || execution.config) continue;
      inspection.found(place, {
        what: 'The level condition has no config',
        gain: 'Every login that comes to it ends with an internal error: users are locked out.',
        instead: 'Add an execution config with loa-condition-level and loa-max-age',
      });
    }
  },
};
