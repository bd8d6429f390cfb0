import type { Rule } from '../rule';
import { levelPlaces, nameOf } from '../support/levels';
import { guide, source } from '../support/sources';
import { entryByEnrolment, waysByEnrolment } from '../support/ways-by-enrolment';

export const levelByEnrolment: Rule = {
  id: 'level-by-enrolment',
  code: 'SU701',
  level: 'error',
  summary:
    'Whoever lacks the credential that a level or a flow asks for is offered to enrol it in the login, and has passed then.',
  cause:
    'A REQUIRED step whose credential the user lacks counts as passed if the user may set it up (the required action is enabled); the enrolment ' +
    'comes after the flow. The level is reached by enrolling, and nobody asks who enrols.',
  attack: [
    'The attacker has the stolen password of a user who never set up an OTP, and asks for gold.',
    "Keycloak shows a QR code; the attacker scans it with a phone of the attacker's own.",
    'The tokens say gold. From now on the attacker has the second factor, and the user has not.',
  ],
  remedy:
    'Refuse users without the credential: LoA condition, CONDITIONAL [conditional-user-configured, proof], CONDITIONAL [conditional-sub-flow-executed not-executed, ' +
    'deny-access-authenticator]; and let users enrol where their identity was checked.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('DefaultAuthenticationFlow.processSingleFlowExecutionModel'),
  ],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      for (const { level, holds, enrols } of waysByEnrolment(inspection, use, 'offer')) {
        const place = levelPlaces(inspection, use).find((each) => each.level === level);
        inspection.found(place?.subflow ?? place?.condition ?? use, {
          what: `${nameOf(inspection.model, level)} is reached by ${holds.join(' and ') || 'no proof'} and the enrolment of ${enrols.join(' and ')}`,
          gain: `Whoever has the ${holds.join(' and ')} of a user without ${enrols.join(' and ')} enrols a device of their own and has the level.`,
          instead:
            'Refuse users without the credential in the flow, and disable the required action or put it behind a level',
        });
      }
      const entry = entryByEnrolment(inspection, use);
      if (!entry) continue;
      const [holds, enrols] = [entry.holds.join(' and ') || 'no proof', entry.enrols.join(' and ')];
      inspection.found(use, {
        what: `Flow "${use.flow.alias}" asks everybody for ${enrols}, and lets in whoever has ${holds} and enrols it`,
        gain: `Whoever has the ${holds} of a user without ${enrols} enrols a device of their own and is in.`,
        instead: 'Refuse users without the credential in the flow, and disable the required action',
      });
    }
  },
};
