import type { Rule } from '../rule';
import { ignoredAlternatives, letsIn, quoted, userKnownBefore } from '../support/ignored';
import { guide, source } from '../support/sources';

export const loginIgnored: Rule = {
  id: 'login-ignored',
  code: 'SU103',
  level: 'error',
  summary: 'The ALTERNATIVE ways to log in stand beside a REQUIRED or CONDITIONAL step, so nobody can log in.',
  cause:
    'Beside something REQUIRED or CONDITIONAL all ALTERNATIVEs are ignored. If those were the cookie and the forms, nothing is ' +
    'left that finds out who the user is.',
  attack: [
    'A CONDITIONAL subflow is added at the top of a copy of the browser flow, beside its ALTERNATIVEs.',
    'The flow is bound.',
    'Every login ends with "Invalid username or password" before a form is shown; administrators of the realm are locked out too.',
  ],
  remedy:
    'Put the ALTERNATIVEs into a REQUIRED subflow, and what is REQUIRED or CONDITIONAL behind it: REQUIRED [cookie, forms], CONDITIONAL […].',
  sources: [guide('Creating flows'), source('DefaultAuthenticationFlow.fillListsOfExecutions')],
  inspect(inspection) {
    for (const { alternatives, required } of ignoredAlternatives(inspection)) {
      const [first] = alternatives;
      if (first?.flow.kind !== 'browser') continue;
      if (!alternatives.some(letsIn) || required.some(letsIn) || required.some(userKnownBefore)) continue;
      inspection.found(first, {
        what: `${quoted(alternatives)} ALTERNATIVE beside ${quoted(required)}`,
        gain: 'Keycloak ignores the alternatives, nothing finds out who the user is, and every login is refused.',
        instead: `Put ${quoted(alternatives)} into a REQUIRED subflow before ${quoted(required)}`,
      });
    }
  },
};
