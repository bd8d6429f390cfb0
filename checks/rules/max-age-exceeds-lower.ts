import { parseJavaInt } from '../../model/keycloak/java';
import type { Rule } from '../rule';
import { accountsOf } from '../support/accounts';
import { type FlowUse, flowLocation } from '../support/flow-uses';
import type { Inspection } from '../support/inspection';
import { levelPlaces, nameOf } from '../support/levels';
import { guide, source } from '../support/sources';
import { attempt, probeFor, proofsGiven, reached, withProbe } from '../support/trial';

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
      const places = levelPlaces(inspection, use).toSorted((a, b) => (a.level ?? 0) - (b.level ?? 0));
      const ageOf = (index: number) => parseJavaInt(places[index]?.condition.setting('loa-max-age'));
      places.forEach(({ condition, level }, index) => {
        const [age, lower] = [ageOf(index), ageOf(index - 1)];
        const below = places[index - 1]?.level;
        if (level === undefined || below === undefined || age === undefined || lower === undefined || age <= lower)
          return;
        if (!outlives(inspection, use, level, lower)) return;
        inspection.found(condition, {
          what: `${nameOf(inspection.model, level)} counts for ${age} s, ${nameOf(inspection.model, below)} below it for ${lower} s`,
          gain: 'When the lower has expired, the higher is had again by the proof of the lower alone.',
          instead: `Set loa-max-age to ${lower} at most`,
        });
      });
    }
  },
};

/** Whether the level is had again by less than it was first, once the one below it has expired. */
function outlives(inspection: Inspection, use: FlowUse, level: number, ageOfLower: number): boolean {
  const at = flowLocation(use.flow);
  const { model, request } = probeFor(withProbe(inspection.model, use.flow), level);
  return accountsOf(inspection.model).some((user) => {
    const first = attempt(inspection, model, request, at, { user });
    if (!first?.session || (reached(first) ?? -1) < level) return false;
    const again = attempt(inspection, model, request, at, { user, session: first.session, after: ageOfLower + 1 });
    if (!again || (reached(again) ?? -1) < level) return false;
    const [now, before] = [proofsGiven(again), proofsGiven(first)];
    return now.size > 0 && [...before].some((proof) => !now.has(proof));
  });
}
