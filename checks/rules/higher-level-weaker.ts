import type { RealmModel } from '../../model/realm-model';
import type { Rule } from '../rule';
import { type FlowUse, flowLocation } from '../support/flow-uses';
import { credentialTypesOf, type Inspection } from '../support/inspection';
import { levelPlaces, levelsOf, nameOf } from '../support/levels';
import { guide, source } from '../support/sources';
import { subsets } from '../support/subsets';
import { attempt, enrolled, probeFor, proofsGiven, reached, withProbe } from '../support/trial';

export const higherLevelWeaker: Rule = {
  id: 'higher-level-weaker',
  code: 'SU211',
  level: 'error',
  summary: 'A level is reached by proofs that do not reach a lower one, or by a password alone like it.',
  cause:
    'The number of a level says nothing about its proofs. Alternatives in a level, skipped subflows and steps that pass by themselves can make ' +
    'the higher one the easier.',
  attack: [
    'Silver asks for password and OTP. Gold asks for a recovery code, in a subflow whose other steps are skipped.',
    'The attacker finds the set of proofs that is easiest to get: it is the one of gold.',
    'Whatever takes gold for stronger than silver is open.',
  ],
  remedy: 'Ask for the proof of the lower levels and one more in each level; compare the ways with "step-up explain".',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('ConditionalLoaAuthenticator.matchCondition'),
  ],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      const model = withProbe(inspection.model, use.flow);
      const levels = levelsOf(inspection, use).filter((level) => level > 0);
      const ways = levels.map((level) => waysTo(inspection, model, use, level));
      for (const [index, level] of levels.entries()) {
        const lower = ways.slice(0, index);
        const weak = ways[index]?.find((way) => isWeaker(way, lower));
        if (!weak) continue;
        const place = levelPlaces(inspection, use).find((each) => each.level === level);
        inspection.found(place?.subflow ?? place?.condition ?? use, {
          what: `${nameOf(inspection.model, level)} is reached by ${weak.size === 0 ? 'no proof' : [...weak].join(' and ')} alone`,
          gain: 'A lower level asks for as much or for more: what is behind the higher one is easier to get than what is before it.',
          instead: 'Ask in each level for a proof that the lower ones do not ask for',
        });
      }
    }
  },
};

type Way = ReadonlySet<string>;

/** The smallest sets of proofs by which a login reaches a level, without enrolment. */
function waysTo(inspection: Inspection, model: RealmModel, use: FlowUse, level: number): Way[] {
  const trial = probeFor(model, level);
  const ways: Way[] = [];
  for (const credentials of subsets(credentialTypesOf(inspection, use))) {
    const result = attempt(inspection, trial.model, trial.request, flowLocation(use.flow), { user: { credentials } });
    if (!result || (reached(result) ?? -1) < level || enrolled(result).length > 0) continue;
    const way = proofsGiven(result);
    if (!ways.some((known) => isSubset(known, way))) ways.push(way);
  }
  return ways;
}

/** Proofs that are none of a second factor: by one of them alone every level is as good as the lowest. */
const FIRST_FACTORS: readonly string[] = ['password', 'email'];

/** What somebody holds who has a way should be enough for each lower level: levels may take the same proofs, but no fewer. */
function isWeaker(way: Way, lower: readonly (readonly Way[])[]): boolean {
  if (lower.some((ways) => ways.length > 0 && !ways.some((other) => isSubset(other, way)))) return true;
  return lower.flat().length > 0 && [...way].every((proof) => FIRST_FACTORS.includes(proof));
}

function isSubset(a: Way, b: Way): boolean {
  return [...a].every((each) => b.has(each));
}
