import type { Rule } from '../rule';
import { accountsOf } from '../support/accounts';
import { type FlowUse, flowLocation } from '../support/flow-uses';
import type { Inspection } from '../support/inspection';
import { levelPlaces } from '../support/levels';
import { guide, source } from '../support/sources';
import { attempt, PROBE, probeFor, reached, withProbe } from '../support/trial';

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
        if (level === undefined || higher?.level === undefined) return;
        if (!isLost(inspection, use, higher.level, level)) return;
        inspection.found(condition, {
          what: `Level ${level} stands behind level ${higher.level}`,
          gain: 'Users are locked out, or give the proofs of the higher level and end at the lower.',
          instead: 'Order the levels by priority, lowest first',
        });
      });
    }
  },
};

/** Whether a login is refused that gives all that is asked, or ends at the lower level after it has proved the higher one. */
function isLost(inspection: Inspection, use: FlowUse, higher: number, lower: number): boolean {
  const at = flowLocation(use.flow);
  const model = withProbe(inspection.model, use.flow);
  const wanted = probeFor(model, higher);
  return accountsOf(inspection.model).some((user) => {
    const plain = attempt(inspection, model, { clientId: PROBE }, at, { user });
    const asked = attempt(inspection, wanted.model, wanted.request, at, { user });
    if (plain?.outcome.kind === 'refused') return true;
    return asked !== undefined && reached(asked) === lower && asked.session?.levels?.[higher] !== undefined;
  });
}
