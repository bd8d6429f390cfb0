import { matchesJavaPattern } from '../../model/keycloak/java';
import type { Rule } from '../rule';
import { guide, source } from '../support/sources';

const KEYS = ['noOtpRequiredForHeaderPattern', 'forceOtpForHeaderPattern'];

export const headerPatternBroken: Rule = {
  id: 'header-pattern-broken',
  code: 'SU608',
  level: 'error',
  summary: 'A header pattern is not a regular expression, so the logins that come to it fail.',
  cause:
    'The pattern is compiled when a login comes to the form, not when it is saved. If it can not be, Keycloak answers with an error page.',
  attack: [
    'The config says noOtpRequiredForHeaderPattern = "X-Forwarded-For: 10.(".',
    'Every user who comes to the form is refused with an error page.',
  ],
  remedy: 'Write a Java regular expression that matches the whole header, for example "X-Client-Address: 10\\.1\\..*".',
  sources: [guide('Conditional OTP form'), source('ConditionalOtpFormAuthenticator.containsMatchingRequestHeader')],
  inspect(inspection) {
    for (const place of inspection.places()) {
      if (place.authenticator !== 'auth-conditional-otp-form') continue;
      for (const key of KEYS) {
        const pattern = place.setting(key);
        if (pattern === undefined) continue;
        const verdict = matchesJavaPattern(pattern, '', 'is');
        if (verdict === 'undetermined')
          inspection.cannotTell(place.location, `${key} "${pattern}" has constructs that only Java knows`);
        if (verdict !== 'invalid') continue;
        inspection.found(place, {
          what: `${key} "${pattern}" is not a regular expression`,
          gain: 'Every login that comes to the form is refused: users are locked out.',
          instead: 'Correct the expression; it must match the whole header, "Name: value"',
        });
      }
    }
  },
};
