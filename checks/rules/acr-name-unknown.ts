import { parseJavaInt } from '../../model/keycloak/java';
import type { Client } from '../../model/realm-model';
import type { Rule } from '../rule';
import { clientLocation, type Inspection } from '../support/inspection';
import { classesOf, levelsOf, mapOf, realmFlow, useOf } from '../support/levels';
import { guide, source } from '../support/sources';

const MINIMUM = 'minimum.acr.value';

export const acrNameUnknown: Rule = {
  id: 'acr-name-unknown',
  code: 'SU409',
  level: 'error',
  summary: "A client's default or minimum acr, or a SAML client's minimum class, is not in the map that counts for it.",
  cause:
    'Keycloak refuses such a client in the Admin API, but not in an import, and not when the map changes later. At a login an unknown name asks for ' +
    'nothing. For SAML clients the map is acr.uri.map of the realm, which names authentication context classes, or an acr.loa.map of the client.',
  attack: [
    'The map of the realm is changed: "gold" becomes "high". A client keeps minimum.acr.value = gold.',
    'The attacker logs in to the client with a stolen password.',
    'No minimum is asked for. The next change of the client is refused with 400, and nobody knows why.',
  ],
  remedy: 'Use a name of the map; refer to the level instead of repeating its name.',
  sources: [
    guide('ACR to Level of Authentication (LoA) Mapping'),
    source('AcrUtils.enforceMinimumAcr'),
    source('SamlProtocolUtils.getSelectedLoA'),
  ],
  inspect(inspection) {
    for (const client of inspection.clients) {
      const map = mapOf(inspection, client);
      if (!map) continue;
      for (const { key, acr } of namesOf(inspection, client)) {
        if (map.levels.some((level) => level.acr === acr) || isLevel(inspection, key, acr)) continue;
        inspection.found(clientLocation(client), {
          what: `${key} of client "${client.clientId}" is "${acr}", which is not in the acr map`,
          gain: 'It asks for nothing: a login by password is enough.',
          instead:
            map.levels.length > 0
              ? `Write one of ${map.levels.map((level) => `"${level.acr}"`).join(', ')}`
              : 'Give the realm an acr map',
        });
      }
    }
    for (const client of inspection.samlClients) inspectSaml(inspection, client);
  },
};

function inspectSaml(inspection: Inspection, client: Client): void {
  const { minimumAcr } = client;
  const at = clientLocation(client);
  const minimum = minimumAcr === undefined ? undefined : inspection.known(minimumAcr, 'its minimum class', at);
  const classes = minimum === undefined ? undefined : classesOf(inspection, client);
  if (minimum === undefined || !classes || classes.has(minimum)) return;
  inspection.found(at, {
    what: `${MINIMUM} of SAML client "${client.clientId}" is "${minimum}", which is none of the classes that count for it`,
    gain: 'It asks for nothing: a login by password is enough.',
    instead:
      classes.size > 0
        ? `Write one of ${[...classes.keys()].map((name) => `"${name}"`).join(', ')}`
        : 'Give the realm an acr.uri.map, and look whether step-up for SAML is on',
  });
}

/** A default asks for any number; a minimum only for one that a condition of the realm's browser flow has. */
function isLevel(inspection: Inspection, key: string, acr: string): boolean {
  const level = parseJavaInt(acr);
  if (level === undefined || key !== MINIMUM) return level !== undefined;
  const flow = useOf(inspection, realmFlow(inspection));
  return flow === undefined || [0, ...levelsOf(inspection, flow)].includes(level);
}

function namesOf(inspection: Inspection, client: Client): { readonly key: string; readonly acr: string }[] {
  const at = clientLocation(client);
  const defaults = inspection.known(client.defaultAcrValues, 'its default acr', at) ?? [];
  const minimum =
    client.minimumAcr === undefined ? undefined : inspection.known(client.minimumAcr, 'its minimum acr', at);
  return [
    ...defaults.map((acr) => ({ key: 'default.acr.values', acr })),
    ...(minimum === undefined ? [] : [{ key: MINIMUM, acr: minimum }]),
  ];
}
