import { parseJavaInt } from '../../model/keycloak/java';
import type { Rule } from '../rule';
import { levelPlaces, nameOf } from '../support/levels';
import { guide, source } from '../support/sources';

export const maxAgeExceedsLower: Rule = {
  id: 'max-age-exceeds-lower',
  code: 'SU210',
  level: 'warning',
  summary: 'A level counts for longer than the level below it.',
  cause:
    'Each level of a session ages by itself. When the lower one has expired and the higher one has not, a request for the higher asks for the ' +
    'proof of the lower only.',
  attack: [
    'Silver (password) counts 5 minutes and gold (OTP) 10 hours.',
    'The attacker has the session of a user who proved gold in the morning, and the password.',
    'A request for gold asks for the password; the tokens say gold without an OTP.',
  ],
  remedy: 'Let max ages fall with the level: the longest for the lowest.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('AcrStore.getHighestAuthenticatedLevelFromPreviousAuthentication'),
  ],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      const places = levelPlaces(inspection, use);
      const ageOf = (index: number) => parseJavaInt(places[index]?.condition.setting('loa-max-age'));
      places.forEach(({ condition, level }, index) => {
        const [age, lower] = [ageOf(index), ageOf(index - 1)];
        const below = places[index - 1]?.level;
        if (level === undefined || below === undefined || age === undefined || lower === undefined || age <= lower)
          return;
        inspection.found(condition, {
          what: `${nameOf(inspection.model, level)} counts for ${age} s, ${nameOf(inspection.model, below)} below it for ${lower} s`,
          gain: 'When the lower has expired, the higher is had again by the proof of the lower alone.',
          instead: `Set loa-max-age to ${lower} at most`,
        });
      });
    }
  },
};
