import type { Rule } from '../rule';
import { clientLocation } from '../support/inspection';
import { realmMap } from '../support/levels';
import { guide, source } from '../support/sources';

export const clientLowersAcr: Rule = {
  id: 'client-lowers-acr',
  code: 'SU401',
  level: 'error',
  summary: 'A client has an acr map of its own in which a name stands for a lower level than in the realm.',
  cause:
    "A client's acr.loa.map replaces the realm's for logins of that client. A token does not say by which map its acr was chosen.",
  attack: [
    'The realm says gold = 2, one client says gold = 1.',
    'The attacker logs in to that client with a stolen password and asks for gold: the tokens say gold.',
    'A resource that serves several clients takes them for gold of the realm.',
  ],
  remedy: "Remove the client's map, or give the name at least the realm's number.",
  sources: [guide('Mapping ACR values to LoA'), source('AcrUtils.getAcrLoaMap')],
  inspect(inspection) {
    for (const client of inspection.clients) {
      const at = clientLocation(client);
      const own = client.acrLoaMap && inspection.known(client.acrLoaMap, 'its acr map', at);
      if (!own || own.levels.length === 0) continue;
      const ofRealm = realmMap(inspection);
      for (const { acr, loa } of own.levels) {
        const realms = ofRealm?.levels.find((level) => level.acr === acr)?.loa;
        if (realms === undefined || realms <= loa) continue;
        inspection.found(at, {
          what: `"${acr}" is level ${loa} for client "${client.clientId}", and level ${realms} in the realm`,
          gain: `Its tokens say "${acr}" for the proofs of level ${loa}; a resource can not tell the difference.`,
          instead: `Remove the client's acr.loa.map, or map "${acr}" to ${realms}`,
        });
      }
    }
  },
};
