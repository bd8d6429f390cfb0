import type { Flow } from '../../model/realm-model';
import type { Location, Rule } from '../rule';
import { clientLocation, type Inspection } from '../support/inspection';
import { browserFlowOf, levelsOf, mapOf, REALM, realmFlow, realmMap, useOf } from '../support/levels';
import { guide, source } from '../support/sources';

export const flowWithoutLevels: Rule = {
  id: 'flow-without-levels',
  code: 'SU402',
  level: 'error',
  summary: 'Logins use a flow without any level condition, although the acr map names levels.',
  cause:
    'Levels are asked and granted by level conditions. In a flow without one nothing looks at the requested acr, not even at an essential ' +
    'one: it is answered with what the flow reached, without an error.',
  attack: [
    'A client overrides the browser flow with one that knows no levels, for example the built-in one.',
    'The application asks for an essential gold. The attacker logs in with a stolen password.',
    'Keycloak issues tokens with a lower acr, and no error. The application trusts "essential" and goes on.',
  ],
  remedy: 'Bind a flow with a subflow for each level, remove the override, or make the override one with levels.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('ConditionalLoaAuthenticator.onTopFlowSuccess'),
  ],
  inspect(inspection) {
    const flow = realmFlow(inspection);
    const map = realmMap(inspection);
    if (flow && map && hasLevels(map) && lacksLevels(inspection, flow)) {
      inspection.found(REALM, statement(`The realm binds flow "${flow.alias}"`, map));
    }
    for (const client of inspection.clients) {
      if (client.flowOverrides.browser === undefined) continue;
      const override = browserFlowOf(inspection, client);
      if (!override || override === flow) continue;
      const ofClient = mapOf(inspection, client);
      const at: Location = clientLocation(client);
      if (!ofClient || !hasLevels(ofClient) || !lacksLevels(inspection, override)) continue;
      inspection.found(at, statement(`Client "${client.clientId}" uses flow "${override.alias}"`, ofClient));
    }
  },
};

type Named = { readonly levels: readonly { readonly acr: string; readonly loa: number }[] };

const hasLevels = ({ levels }: Named) => new Set(levels.map(({ loa }) => loa)).size > 1;

function lacksLevels(inspection: Inspection, flow: Flow): boolean {
  const use = useOf(inspection, flow);
  return use !== undefined && levelsOf(inspection, use).length === 0;
}

function statement(who: string, { levels }: Named) {
  return {
    what: `${who}, which has no level condition`,
    gain: `Requests for ${levels.map(({ acr }) => `"${acr}"`).join(', ')} are not looked at: even an essential one gets a lower token, and no error.`,
    instead: 'Use a flow that has a CONDITIONAL subflow for each level',
  };
}
