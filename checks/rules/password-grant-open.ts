import type { Rule } from '../rule';
import { clientLocation } from '../support/inspection';
import { mapOf } from '../support/levels';
import { protections } from '../support/protected';
import { guide, source } from '../support/sources';
import { attempt, PASSWORD_ONLY } from '../support/trial';

export const passwordGrantOpen: Rule = {
  id: 'password-grant-open',
  code: 'SU404',
  level: 'error',
  summary: 'A client whose users step up may use the password grant, which knows no levels.',
  cause:
    'The password grant (direct access grant) runs the direct grant flow. It ignores acr_values, default.acr.values, minimum.acr.value and ' +
    'level conditions, and gives any scope of the client.',
  attack: [
    'The attacker has a stolen password. For a public client that is all that is needed.',
    'One token request with grant_type=password and the sensitive scope.',
    'Tokens with that scope; no second factor was asked.',
  ],
  remedy:
    'Disable direct access grants of the client, or reject the grant for all clients by a client policy with the executor reject-ropc-grant.',
  sources: [
    'RFC 9700, section 2.4',
    guide('Client policies'),
    source('ResourceOwnerPasswordCredentialsGrantType.process'),
  ],
  inspect(inspection) {
    for (const client of inspection.clients) {
      const at = clientLocation(client);
      if (inspection.known(client.grants.password, 'whether it may use the password grant', at) !== true) continue;
      const why = protections(inspection, client);
      const map = mapOf(inspection, client);
      if (why.length === 0 && (map?.levels.length ?? 0) < 2) continue;
      const scope = inspection.known(client.optionalScopes, 'its optional scopes', at) ?? [];
      const result = attempt(
        inspection,
        inspection.model,
        { clientId: client.clientId, grant: 'password', scope },
        at,
        {
          user: PASSWORD_ONLY,
        },
      );
      if (result?.outcome.kind !== 'granted') continue;
      inspection.found(at, {
        level: why.length > 0 ? 'error' : 'warning',
        what: `Client "${client.clientId}" may use the password grant${why.length > 0 ? `, past ${why.join(', ')}` : ''}`,
        gain: 'A password alone gets tokens with any of its scopes; no level is asked or looked at.',
        instead: 'Disable direct access grants, or enforce reject-ropc-grant by a client policy',
      });
    }
  },
};
