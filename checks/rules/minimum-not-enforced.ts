import type { Rule } from '../rule';
import { clientLocation } from '../support/inspection';
import { loaOf, mapOf, realmFlow } from '../support/levels';
import { guide, source } from '../support/sources';
import { attempt, PROBE, reached, withProbe } from '../support/trial';

export const minimumNotEnforced: Rule = {
  id: 'minimum-not-enforced',
  code: 'SU407',
  level: 'error',
  summary: "A client's minimum acr is not reached by its logins, and they succeed.",
  cause:
    'minimum.acr.value raises what is asked for, and nothing looks at what was reached. If the flow of the client has no such level, or none at all, the login ends ' +
    'lower without an error.',
  attack: [
    'A client has minimum.acr.value = gold and a flow without level 2.',
    'The attacker logs in with a stolen password.',
    'Tokens with a lower acr; neither Keycloak nor the client says a word.',
  ],
  remedy: "Give the client's flow the level of its minimum, or remove the override; and check acr at the resource.",
  sources: [guide('ACR to Level of Authentication (LoA) Mapping'), source('AcrUtils.enforceMinimumAcr')],
  inspect(inspection) {
    const ofRealm = realmFlow(inspection);
    for (const client of inspection.clients) {
      if (client.minimumAcr === undefined) continue;
      const at = clientLocation(client);
      const acr = inspection.known(client.minimumAcr, 'its minimum acr', at);
      const map = mapOf(inspection, client);
      const minimum = acr !== undefined && map ? loaOf(map, acr) : undefined;
      if (minimum === undefined) continue;
      const { model } = inspection;
      const elsewhere = ofRealm && attempt(inspection, withProbe(model, ofRealm), { clientId: PROBE }, at);
      const sessions = [undefined, ...(elsewhere?.session ? [elsewhere.session] : [])];
      for (const session of sessions) {
        const result = attempt(inspection, model, { clientId: client.clientId }, at, { session });
        const level = result && reached(result);
        if (level === undefined || level >= minimum) continue;
        inspection.found(at, {
          what: `Client "${client.clientId}" has minimum.acr.value "${acr}" (level ${minimum}); a login${session ? ' with a session' : ''} succeeds at level ${Math.max(0, level)}`,
          gain: 'Its users, and whoever has their password, get tokens below the minimum without an error.',
          instead: `Use a flow with level ${minimum} for this client`,
        });
        break;
      }
    }
  },
};
