import type { Rule } from '../rule';
import { locate } from '../support/inspection';
import { nameOf } from '../support/levels';
import { guide, source } from '../support/sources';
import { waysByEnrolment } from '../support/ways-by-enrolment';

export const enrolmentByAction: Rule = {
  id: 'enrolment-by-action',
  code: 'SU702',
  level: 'error',
  summary: 'The credential of a level can be enrolled by kc_action after a login at a lower level.',
  cause:
    'Any application, and anybody who writes an address, can start a required action by the parameter kc_action. It asks for the level of its credential only as far as the ' +
    'user can reach it: a user who lacks the credential enrols it with the proofs of the levels below.',
  attack: [
    'The flow refuses users without an OTP at gold. The required action CONFIGURE_TOTP is enabled.',
    'The attacker with a stolen password opens a login with kc_action=CONFIGURE_TOTP and enrols a phone.',
    'The attacker logs in again, asks for gold and gives the new OTP.',
  ],
  remedy: 'Disable the required action, or enrol only where the identity was checked by something stronger.',
  sources: [
    'Keycloak, "Application Initiated Actions"',
    guide('Required actions'),
    source('AcrStore.getRequestedLevelOfAuthenticationByKcAction'),
  ],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      for (const { level, holds, action } of waysByEnrolment(inspection, use, 'action')) {
        const required = inspection.model.requiredActions.find(({ alias }) => alias === action);
        inspection.found(locate(`required action ${action}`, required ?? {}), {
          what: `${action} is enabled, and ${nameOf(inspection.model, level)} of flow "${use.flow.alias}" rests on it`,
          gain: `Whoever has the ${holds.join(' and ')} of a user without the credential enrols a device of their own by kc_action, and then has the level.`,
          instead: `Disable the required action ${action}`,
        });
      }
    }
  },
};
