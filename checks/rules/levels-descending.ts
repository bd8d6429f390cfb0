import type { Rule } from '../rule';
import { levelPlaces } from '../support/levels';
import { guide, source } from '../support/sources';

export const levelsDescending: Rule = {
  id: 'levels-descending',
  code: 'SU202',
  level: 'error',
  summary: 'A lower level stands behind a higher one.',
  cause:
    'Keycloak runs the levels in the order of the flow, not of their numbers. As long as no level is reached every level condition holds, ' +
    'so the first one always runs; and the level that is reached last is the one of the token.',
  attack: [
    'The subflow of level 2 comes first and asks for the OTP of a user whom nobody has identified yet.',
    'Every login is refused, with or without an acr.',
    'If level 2 asks for password and OTP, users give both, then the password again, and get silver.',
  ],
  remedy: 'Give the subflows ascending priorities: the lowest level first.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('ConditionalLoaAuthenticator.matchCondition'),
  ],
  inspect(inspection) {
    for (const use of inspection.flows) {
      const places = levelPlaces(inspection, use);
      const unordered = places.find(({ condition }) =>
        [condition, ...condition.around].some(({ parent }) => parent.orderUnknown),
      );
      if (unordered && places.length > 1) {
        inspection.cannotTell(
          unordered.condition.location,
          unordered.condition.parent.orderUnknown ?? 'the order of the levels is not known',
        );
        continue;
      }
      places.forEach(({ condition, level }, index) => {
        const higher = places.slice(0, index).find((each) => (each.level ?? -1) > (level ?? -1));
        if (level === undefined || !higher) return;
        inspection.found(condition, {
          what: `Level ${level} stands behind level ${higher.level}`,
          gain: 'Users are locked out, or give the proofs of the higher level and end at the lower.',
          instead: 'Order the levels by priority, lowest first',
        });
      });
    }
  },
};
