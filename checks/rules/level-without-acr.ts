import { isUnknown } from '../../model/realm-model';
import type { Rule } from '../rule';
import { levelPlaces, levelsOf, REALM, realmMap } from '../support/levels';
import { guide, source } from '../support/sources';

export const levelWithoutAcr: Rule = {
  id: 'level-without-acr',
  code: 'SU302',
  level: 'warning',
  summary: 'A flow has a level that no acr names.',
  cause:
    'Applications ask for names. A level without one is asked for by its number only, and its token carries the name of the next lower level, ' +
    'so nobody can tell that more was proven.',
  attack: [
    'The map says gold = 1, the flow has password as level 1 and OTP as level 2.',
    'The application asks for gold and gets it for a password; nothing asks for level 2.',
    'The attacker with a stolen password has gold.',
  ],
  remedy: 'Name every level of the flow in the acr map of the realm, each with its own number.',
  sources: [guide('Mapping ACR values to LoA'), source('AcrProtocolMapper.getAcr')],
  inspect(inspection) {
    const map = realmMap(inspection);
    if (!map || map.broken !== undefined) return;
    const ofClients = inspection.clients.flatMap(({ acrLoaMap }) =>
      acrLoaMap && !isUnknown(acrLoaMap) ? acrLoaMap.levels : [],
    );
    const all = [...map.levels, ...ofClients];
    // Without any name applications ask for numbers, which tokens then say.
    if (all.length === 0) return;
    for (const use of inspection.loginFlows) {
      const levels = levelsOf(inspection, use);
      const named = (level: number) => all.some(({ loa }) => loa === level);
      for (const level of levels) {
        if (level === 0 || named(level)) continue;
        const strongest = level === levels.at(-1) && levels.length > 1;
        const place = levelPlaces(inspection, use).find((each) => each.level === level)?.condition;
        inspection.found(place ?? REALM, {
          level: strongest ? 'error' : 'warning',
          what: `Level ${level} has no name in the acr map`,
          gain: strongest
            ? 'No application asks for the strongest proof: the best name of the map is had for less.'
            : 'Tokens carry the name of the next lower level, and applications can not ask for it by name.',
          instead: `Add a name for ${level} to the realm attribute acr.loa.map`,
        });
      }
    }
  },
};
