import type { Rule } from '../rule';
import { clientLocation } from '../support/inspection';
import { loaOf, mapOf } from '../support/levels';
import { lowestLevel } from '../support/protected';
import { guide, source } from '../support/sources';

export const defaultAcrOnly: Rule = {
  id: 'default-acr-only',
  code: 'SU406',
  level: 'warning',
  summary: 'A client asks for a level by default but has no minimum, so any request can ask for less.',
  cause:
    'The acr of a request is written by the browser. default.acr.values counts only if the request names none; acr_values with a lower or ' +
    'unknown name replaces it.',
  attack: [
    'The client has default.acr.values = gold, and its resource trusts that its users are gold.',
    'The attacker logs in with a stolen password, with acr_values=silver in the address.',
    'Tokens of the client with acr silver.',
  ],
  remedy: 'Set minimum.acr.value to the same level, and let the resource check acr.',
  sources: [guide('ACR to Level of Authentication (LoA) Mapping'), source('AcrUtils.getAcrValues')],
  inspect(inspection) {
    for (const client of inspection.clients) {
      const at = clientLocation(client);
      const defaults = inspection.known(client.defaultAcrValues, 'its default acr', at) ?? [];
      if (defaults.length === 0) continue;
      const map = mapOf(inspection, client);
      if (!map) continue;
      const minimum =
        client.minimumAcr === undefined ? undefined : inspection.known(client.minimumAcr, 'its minimum acr', at);
      if (client.minimumAcr !== undefined && minimum === undefined) continue;
      const asked = Math.min(...defaults.map((acr) => loaOf(map, acr) ?? 0));
      const atLeast = minimum === undefined ? 0 : (loaOf(map, minimum) ?? 0);
      if (asked <= lowestLevel(inspection, client) || asked <= atLeast) continue;
      inspection.found(at, {
        what: `Client "${client.clientId}" has default.acr.values "${defaults.join('##')}" and no minimum`,
        gain: 'Whoever writes acr_values with a lower name into the address logs in at that level.',
        instead: `Set minimum.acr.value = "${defaults[0]}" too, and check acr at the resource`,
      });
    }
  },
};
