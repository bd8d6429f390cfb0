import type { Rule } from '../rule';
import { REALM, realmMap } from '../support/levels';
import { guide, source } from '../support/sources';

export const acrNamesShareLevel: Rule = {
  id: 'acr-names-share-level',
  code: 'SU304',
  level: 'error',
  summary: 'Two acr names stand for the same level, so whoever reaches one has the other.',
  cause:
    'A name is worth its number. A request for either name asks for the same proofs, and the token carries the name that was asked for.',
  attack: [
    'The map says silver = 1 and gold = 1, left over from a trial.',
    'The attacker logs in with a stolen password and asks for gold.',
    'The tokens say gold.',
  ],
  remedy:
    'Give each name a level of its own. If the names mean the same on purpose, suppress this with that as the reason.',
  sources: [guide('Mapping ACR values to LoA'), source('AcrUtils.mapLoaToAcr')],
  inspect(inspection) {
    const map = realmMap(inspection);
    if (!map) return;
    map.levels.forEach(({ acr, loa }, index) => {
      const other = map.levels.slice(0, index).find((each) => each.loa === loa);
      if (!other || [acr, other.acr].includes(String(loa))) return;
      inspection.found(REALM, {
        what: `"${other.acr}" and "${acr}" both are level ${loa}`,
        gain: `Whoever proves "${other.acr}" gets tokens that say "${acr}", and the other way round.`,
        instead: 'Give each name a level of its own',
      });
    });
  },
};
