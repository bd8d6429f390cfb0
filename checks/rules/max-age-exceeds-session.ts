import { parseJavaInt } from '../../model/keycloak/java';
import type { Rule } from '../rule';
import { levelPlaces, nameOf, REALM } from '../support/levels';
import { guide, source } from '../support/sources';

export const maxAgeExceedsSession: Rule = {
  id: 'max-age-exceeds-session',
  code: 'SU209',
  level: 'warning',
  summary:
    'A level above the lowest never expires within a session, because its max age is not shorter than the session may last.',
  cause:
    'loa-max-age says for how long a proof counts, in seconds. A level whose age is as long as the longest session (SSO Session Max) is ' +
    'asked once and then held until the session ends.',
  attack: [
    'A user proves gold in the morning.',
    'Hours later the attacker uses the browser, or a stolen session cookie, and asks for gold.',
    'Nothing is asked; the tokens say gold.',
  ],
  remedy:
    'Set loa-max-age of the level to the time that one proof should cover: minutes for a payment, 0 to ask every time.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('AcrStore.isLevelAuthenticatedInPreviousAuth'),
  ],
  inspect(inspection) {
    const session = inspection.known(inspection.model.sessions.ssoMax, 'the longest session', REALM);
    if (session === undefined) return;
    for (const use of inspection.loginFlows) {
      for (const { condition, level } of levelPlaces(inspection, use).slice(1)) {
        const age = parseJavaInt(condition.setting('loa-max-age'));
        if (level === undefined || age === undefined || age < session) continue;
        inspection.found(condition, {
          what: `${nameOf(inspection.model, level)} counts for ${age} s, and a session lasts ${session} s at most`,
          gain: 'Whoever comes by a session in which it was proven once has the level until the session ends.',
          instead: 'Set loa-max-age to the time that one proof should cover, for example 300',
        });
      }
    }
  },
};
