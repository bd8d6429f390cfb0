import type { Rule } from '../rule';
import { guide, source } from '../support/sources';

export const cookieRequired: Rule = {
  id: 'cookie-required',
  code: 'SU105',
  level: 'error',
  summary: 'The session cookie is REQUIRED, so nobody without a session can log in.',
  cause:
    'auth-cookie passes on when the browser has no session of the realm. A REQUIRED step that passes on fails its flow; and without a ' +
    'login no session can begin.',
  attack: [
    'A flow has auth-cookie REQUIRED.',
    'A user opens an application in a new browser.',
    'The login is refused before a form is shown.',
  ],
  remedy: 'Make auth-cookie ALTERNATIVE beside an ALTERNATIVE subflow with the forms.',
  sources: [guide('Creating flows'), source('CookieAuthenticator.authenticate')],
  inspect(inspection) {
    for (const place of inspection.places()) {
      if (place.authenticator !== 'auth-cookie' || place.requirement !== 'REQUIRED') continue;
      const alone = place.siblings.filter((sibling) => !sibling.isCondition).length === 1;
      const waysAround = place.above?.requirement === 'ALTERNATIVE' && place.above.siblings.length > 1;
      if (alone && waysAround) continue;
      inspection.found(place, {
        what: 'auth-cookie is REQUIRED',
        gain: 'Whoever has no session yet is refused before a form is shown: the users are locked out.',
        instead: 'Make it ALTERNATIVE beside an ALTERNATIVE subflow with the forms',
      });
    }
  },
};
