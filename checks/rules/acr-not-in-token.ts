import type { Client } from '../../model/realm-model';
import { acrSources } from '../../model/simulate/acr-claim';
import { hasAcrMapper } from '../../model/simulate/requested-level';
import { CannotTell } from '../../model/simulate/signals';
import type { Rule } from '../rule';
import { clientLocation, type Inspection } from '../support/inspection';
import { mapOf } from '../support/levels';
import { protections } from '../support/protected';
import { guide, source } from '../support/sources';
import { PASSWORD_ONLY } from '../support/trial';

export const acrNotInToken: Rule = {
  id: 'acr-not-in-token',
  code: 'SU408',
  level: 'warning',
  summary: 'Tokens of a client whose users step up do not carry acr, so no resource can check it.',
  cause:
    'The claim acr comes from the mapper oidc-acr-mapper, which new clients have by the default scope "acr". Without the scope and without a mapper of its ' +
    'own the tokens say nothing of the level.',
  attack: [
    "The client's default scopes are replaced, and acr is left out.",
    'The resource can not check acr and trusts that the client has asked for gold.',
    'The attacker changes acr_values in the address, or uses a session at silver.',
  ],
  remedy: 'Add the client scope "acr" to the default scopes of the client.',
  sources: [guide('ACR to Level of Authentication (LoA) Mapping'), source('AcrProtocolMapper')],
  inspect(inspection) {
    for (const client of inspection.clients) {
      const at = clientLocation(client);
      if (!logsUsersIn(client)) continue;
      const scopes = inspection.known(client.defaultScopes, 'its default scopes', at);
      const map = mapOf(inspection, client);
      if (!scopes || !map || (map.levels.length < 2 && protections(inspection, client).length === 0)) continue;
      const mapped = hasAcrMapper(inspection.model, client, scopes);
      if (mapped === undefined) inspection.cannotTell(at, 'some of its default scopes are not in this source');
      if (mapped !== false || hasAnotherAcr(inspection, client)) continue;
      inspection.found(at, {
        what: `Tokens of client "${client.clientId}" have no acr`,
        gain: 'A resource can not tell a password from a second factor, and takes both.',
        instead: 'Add the scope "acr" to its default scopes',
      });
    }
  },
};

/** Whether users may log in to the client in a browser or on a device. */
function logsUsersIn({ grants: { authorizationCode, implicit, device } }: Client): boolean {
  return [authorizationCode, implicit, device].some((enabled) => enabled !== false && enabled !== undefined);
}

/** Whether another mapper writes the claim: what it says of the level is the matter of another rule. */
function hasAnotherAcr({ model }: Inspection, client: Client): boolean {
  try {
    return acrSources(model, client, {}, PASSWORD_ONLY) !== '[]';
  } catch (error) {
    if (error instanceof CannotTell) return true;
    throw error;
  }
}
