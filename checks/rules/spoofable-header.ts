import type { Rule } from '../rule';
import { guide, source } from '../support/sources';

export const spoofableHeader: Rule = {
  id: 'spoofable-header',
  code: 'SU606',
  level: 'error',
  summary: 'Whether an OTP is asked depends on a request header, which the browser can send itself.',
  cause:
    'auth-conditional-otp-form holds its patterns against all headers of the request, as they arrive. Nothing says who wrote them. A header that a proxy ' +
    'adds is safe only if the proxy removes what the client sent, and Keycloak can be reached through it alone.',
  attack: [
    'The config says noOtpRequiredForHeaderPattern = "X-Forwarded-For: 10\\..*".',
    'The attacker logs in with a stolen password and sends the header X-Forwarded-For: 10.0.0.1.',
    'The OTP is skipped; within a level, the level is granted.',
  ],
  remedy:
    'Ask for the OTP always, or let the resource server look at the network. If a proxy replaces the header on every request and Keycloak can not be reached around ' +
    'it, suppress this with that as the reason.',
  sources: [guide('Conditional OTP form'), source('ConditionalOtpFormAuthenticator.containsMatchingRequestHeader')],
  inspect(inspection) {
    for (const place of inspection.places()) {
      if (place.authenticator !== 'auth-conditional-otp-form') continue;
      const skips = place.setting('noOtpRequiredForHeaderPattern');
      if (skips !== undefined) {
        inspection.found(place, {
          what: `No OTP is asked if a header matches "${skips}"`,
          gain: 'Whoever has the password and sends such a header is not asked for the OTP.',
          instead:
            'Remove noOtpRequiredForHeaderPattern, or suppress this if a proxy replaces the header on every request',
        });
      }
      if (place.setting('forceOtpForHeaderPattern') !== undefined && place.setting('defaultOtpOutcome') !== 'force') {
        inspection.found(place, {
          what: 'An OTP is asked only if a header matches forceOtpForHeaderPattern',
          gain: 'Whoever has the password and leaves the header out is not asked for the OTP.',
          instead: 'Set defaultOtpOutcome = "force", or ask for the OTP by auth-otp-form',
        });
      }
    }
  },
};
