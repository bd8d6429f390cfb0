import { isStepUpOff } from '../../model/simulate/acr-store';
import type { Rule } from '../rule';
import { REALM, realmMap } from '../support/levels';
import { source } from '../support/sources';

export const stepUpOff: Rule = {
  id: 'step-up-off',
  code: 'SU802',
  level: 'error',
  summary: 'The server runs with the feature step-up-authentication switched off.',
  cause:
    'Without the feature there are no level conditions and no acr mapper. A flow with levels fails, and in any other a login says acr 1, or 0 of a ' +
    'session, whatever was asked for and proved.',
  attack: [
    'The server is built with --features-disabled=step-up-authentication.',
    'A client overrides the browser flow with one that has no levels, to get its users in again.',
    'The attacker asks for an essential gold and logs in with what that flow asks; no error tells that there is no gold.',
  ],
  remedy: 'Build the server with the feature, which is on by default.',
  sources: ['Keycloak, Server Guide, "Enabling and disabling features"', source('TokenManager.initToken')],
  inspect(inspection) {
    const map = realmMap(inspection);
    if (!map || map.levels.length === 0 || !isStepUpOff(inspection.model)) return;
    inspection.found(REALM, {
      what: 'The server has the feature step-up-authentication switched off',
      gain: `Nobody gets ${map.levels.map(({ acr }) => `"${acr}"`).join(' or ')}: flows with levels fail, and others do not look at what is asked for.`,
      instead: 'Remove step-up-authentication from --features-disabled',
    });
  },
};
