import type { Rule } from '../rule';
import { identifies, ignoredAlternatives, quoted, userKnownBefore } from '../support/ignored';
import { guide, source } from '../support/sources';

export const proofIgnored: Rule = {
  id: 'proof-ignored',
  code: 'SU102',
  level: 'error',
  summary: 'An ALTERNATIVE proof beside a REQUIRED or CONDITIONAL step is never asked for.',
  cause:
    'Within one flow or subflow Keycloak takes either what is REQUIRED and CONDITIONAL, or the ALTERNATIVEs. If there is one of ' +
    'the former, all ALTERNATIVEs are ignored, with a line in the server log only.',
  attack: [
    'A flow has the password form REQUIRED and, beside it, the OTP form ALTERNATIVE.',
    'The attacker logs in with a stolen password.',
    'The OTP form is ignored; the login is done.',
  ],
  remedy: 'Make the proof REQUIRED, or put the ALTERNATIVEs together into a REQUIRED subflow of their own.',
  sources: [guide('Creating flows'), source('DefaultAuthenticationFlow.fillListsOfExecutions')],
  inspect(inspection) {
    for (const { alternatives, required } of ignoredAlternatives(inspection)) {
      const known = required.some(identifies) || required.some(userKnownBefore);
      for (const ignored of alternatives) {
        if (ignored.authenticator === 'auth-cookie') continue;
        if (ignored.flow.kind === 'browser' && !known) continue;
        if (!ignored.all.some((each) => each.isProof || each.isCustom)) continue;
        inspection.found(ignored, {
          what: `"${ignored.name}" is ALTERNATIVE beside ${quoted(required)}`,
          gain: 'Keycloak ignores it: whoever logs in is not asked for this proof.',
          instead: 'Make it REQUIRED, or put the alternatives into a REQUIRED subflow of their own',
        });
      }
    }
  },
};
