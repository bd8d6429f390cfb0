import { parseJavaInt } from '../../model/keycloak/java';
import type { Rule } from '../rule';
import { locate } from '../support/inspection';
import { guide } from '../support/sources';

/** Seconds that count if the setting can't be read. */
const DEFAULT = 300;

export const enrolmentAgeIgnored: Rule = {
  id: 'enrolment-age-ignored',
  code: 'SU704',
  level: 'warning',
  summary: 'max_auth_age of a required action is not a whole number of seconds from 0.',
  cause:
    `Keycloak's import takes any text. A negative number counts as the default of ${DEFAULT} s. Of a text that is no number a session fails that ` +
    'starts the action, with "Unexpected error".',
  attack: [
    'max_auth_age is "-1", to have the password asked before every enrolment.',
    'The attacker comes to a browser that was left two minutes ago, and starts the enrolment of a device.',
    'The login is young enough for the default: nothing is asked.',
  ],
  remedy: 'Write seconds as a whole number from 0.',
  sources: [guide('Required actions'), 'Keycloak 26.7.4, RequiredActionProvider.getMaxAuthAge'],
  inspect(inspection) {
    for (const action of inspection.model.requiredActions) {
      const at = locate(`required action ${action.alias}`, action);
      if (inspection.known(action.enabled, 'whether it is enabled', at) !== true) continue;
      const raw = action.config.max_auth_age;
      const value = raw === undefined ? undefined : inspection.known(raw, 'max_auth_age', at);
      if (value === undefined) continue;
      const age = parseJavaInt(value);
      if (age !== undefined && age >= 0) continue;
      inspection.found(at, {
        what: `max_auth_age of ${action.alias} is ${JSON.stringify(value)}`,
        gain:
          age === undefined
            ? 'Users who are signed in can not start the action: their login ends in an error.'
            : `A login that is up to ${DEFAULT} s old is enough to start the action.`,
        instead: 'Write a whole number of seconds, 0 to ask every time',
      });
    }
  },
};
