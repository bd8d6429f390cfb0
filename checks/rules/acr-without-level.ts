import { explore } from '../../model/explore/explore';
import type { RealmModel } from '../../model/realm-model';
import type { Rule } from '../rule';
import { levelsOf, REALM, realmMap, stampedLevels } from '../support/levels';
import { guide, source } from '../support/sources';

export const acrWithoutLevel: Rule = {
  id: 'acr-without-level',
  code: 'SU301',
  level: 'error',
  summary: 'The acr map names a level that no login reaches.',
  cause:
    'A request for the name asks for its number. No subflow has it, so the login ends at what the flow can reach: a lower acr, with an ' +
    'error only if the request was essential and a level condition took part. From a session even an essential one may be answered ' +
    'with a lower token (CVE-2026-97176).',
  attack: [
    'The map says gold = 3, the flow ends at level 2.',
    'The attacker logs in with what level 2 asks, or less, where the application asks for gold.',
    'The tokens come without an error. The application that asked for gold and did not look at acr takes them.',
  ],
  remedy:
    'Give the name the number of a level of the flow, or add the level to the flow; and check acr at the resource.',
  sources: [guide('Mapping ACR values to LoA'), source('AcrUtils.getAcrLoaMap'), 'CVE-2026-97176'],
  inspect(inspection) {
    const map = realmMap(inspection);
    if (!map) return;
    const granted = inspection.loginFlows.flatMap((use) => levelsOf(inspection, use));
    const all = new Set([0, ...granted, ...stampedLevels(inspection.model)]);
    if (granted.length === 0) return;
    const answers = answersTo(inspection.model);
    for (const { acr, loa } of map.levels) {
      const answer = answers.get(acr) ?? (all.has(loa) ? 'reached' : 'not reached');
      if (answer === 'cannot tell') inspection.cannotTell(REALM, `not all ways to "${acr}" could be followed`);
      if (answer !== 'not reached') continue;
      const exists = all.has(loa);
      inspection.found(REALM, {
        what: `The acr map has "${acr}" = ${loa}, and no login ${exists ? 'reaches it' : `flow has level ${loa}`}`,
        gain: exists
          ? `Whoever asks for "${acr}" is refused or gets a lower token.`
          : `A request for "${acr}" is answered with a lower token and without an error.`,
        instead: exists
          ? `Put the subflow of level ${loa} beside those of the other levels, lowest first, and compare with "step-up explain"`
          : `Map "${acr}" to one of the levels ${[...new Set(granted)].sort((a, b) => a - b).join(', ')}, or add level ${loa} to the flow`,
      });
    }
  },
};

type Answer = 'reached' | 'not reached' | 'cannot tell';

/** What the logins of all clients say of each name; nothing where nobody is let in at all, which other rules say. */
function answersTo(model: RealmModel): ReadonlyMap<string, Answer> {
  const levels = explore(model);
  const answers = new Map<string, Answer>();
  if (levels.every(({ ways, unsaid }) => ways.length === 0 && unsaid === undefined)) return answers;
  for (const { acr, ways, unsaid, cannotTell } of levels) {
    if (ways.length > 0 || unsaid !== undefined) answers.set(acr, 'reached');
    else if (answers.get(acr) !== 'reached') answers.set(acr, cannotTell.length > 0 ? 'cannot tell' : 'not reached');
  }
  return answers;
}
