import type { Rule } from '../rule';
import { clientLocation } from '../support/inspection';
import { REALM, realmMap } from '../support/levels';
import { guide, source } from '../support/sources';

export const acrMapBroken: Rule = {
  id: 'acr-map-broken',
  code: 'SU303',
  level: 'error',
  summary: 'The acr map is not a JSON object of whole numbers, so Keycloak takes it as empty.',
  cause:
    'The attribute acr.loa.map is text. If it can not be read, Keycloak writes a warning to its log and goes on without a map: all names are ' +
    'unknown, and an unknown name that is not essential is ignored.',
  attack: [
    'The map has a typo.',
    'The application asks for gold. Keycloak ignores the unknown name.',
    'The attacker with a stolen password gets tokens, with acr "1".',
  ],
  remedy: 'Write a JSON object of names and whole numbers, by jsonencode: {"silver":1,"gold":2}.',
  sources: [guide('Mapping ACR values to LoA'), source('AcrUtils.parseAcrLoaMap')],
  inspect(inspection) {
    const map = realmMap(inspection);
    if (map?.broken !== undefined) {
      inspection.found(
        REALM,
        statement(
          'The acr map of the realm',
          map.broken,
          'Requests for a level are ignored: a password is enough where more was asked for.',
        ),
      );
    }
    for (const client of inspection.clients) {
      const at = clientLocation(client);
      const own = client.acrLoaMap && inspection.known(client.acrLoaMap, 'its acr map', at);
      if (own?.broken === undefined) continue;
      inspection.found(
        at,
        statement(
          `The acr map of client "${client.clientId}"`,
          own.broken,
          "The realm's map counts instead, in which a name may stand for less.",
        ),
      );
    }
  },
};

function statement(what: string, broken: string, gain: string) {
  return {
    what: `${what} is ${JSON.stringify(broken)}, which can not be read`,
    gain,
    instead: 'Write a JSON object of names and whole numbers: {"silver":1,"gold":2}',
  };
}
