import type { Rule } from '../rule';
import { ignoredAlternatives, letsIn, quoted } from '../support/ignored';
import { guide, source } from '../support/sources';

export const cookieIgnored: Rule = {
  id: 'cookie-ignored',
  code: 'SU104',
  level: 'warning',
  summary: 'The session cookie stands ALTERNATIVE beside a REQUIRED step, so there is no single sign-on.',
  cause: 'Beside something REQUIRED or CONDITIONAL all ALTERNATIVEs are ignored, the cookie too.',
  attack: [
    'A flow has the cookie ALTERNATIVE and the forms REQUIRED.',
    'A user who is signed in opens a second application and is asked for everything again.',
    'Users who type their password all day long type it into a forged page, too.',
  ],
  remedy: 'Make cookie and forms ALTERNATIVE beside each other, alone in their flow or in a REQUIRED subflow.',
  sources: [guide('Creating flows'), source('DefaultAuthenticationFlow.fillListsOfExecutions')],
  inspect(inspection) {
    for (const { alternatives, required } of ignoredAlternatives(inspection)) {
      const cookie = alternatives.find(({ authenticator }) => authenticator === 'auth-cookie');
      if (!cookie || !required.some(letsIn)) continue;
      inspection.found(cookie, {
        what: `auth-cookie is ALTERNATIVE beside ${quoted(required)}`,
        gain: 'Keycloak ignores it: users give all proofs at every login, and no session counts.',
        instead:
          'Make cookie and forms ALTERNATIVE beside each other; if no single sign-on is meant, remove the cookie',
      });
    }
  },
};
