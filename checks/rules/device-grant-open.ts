import type { Rule } from '../rule';
import { clientLocation } from '../support/inspection';
import { protections } from '../support/protected';
import { guide, source } from '../support/sources';
import { attempt, PASSWORD_ONLY } from '../support/trial';

export const deviceGrantOpen: Rule = {
  id: 'device-grant-open',
  code: 'SU405',
  level: 'error',
  summary:
    'A client whose users step up may use the device grant, which ignores the requested, default and minimum acr.',
  cause:
    'The device authorization grant takes no acr_values and looks at neither default.acr.values, minimum.acr.value nor client policies. The login ' +
    'at the verification page asks for the lowest level.',
  attack: [
    'The attacker starts a device login for the client and gets a code.',
    'The attacker, with a stolen password, or a user who was talked into it, enters the code and consents.',
    'The attacker has tokens of a client whose minimum is gold, for a password.',
  ],
  remedy: 'Disable the device grant of the client, or give devices a client of their own with harmless scopes.',
  sources: ['RFC 8628, section 5.4', guide('OAuth 2.0 Device Authorization Grant'), source('DeviceEndpoint')],
  inspect(inspection) {
    for (const client of inspection.clients) {
      const at = clientLocation(client);
      if (inspection.known(client.grants.device, 'whether it may use the device grant', at) !== true) continue;
      const why = protections(inspection, client);
      if (why.length === 0) continue;
      const result = attempt(inspection, inspection.model, { clientId: client.clientId, grant: 'device' }, at, {
        user: PASSWORD_ONLY,
      });
      if (result?.outcome.kind !== 'granted') continue;
      inspection.found(at, {
        what: `Client "${client.clientId}" may use the device grant, past ${why.join(', ')}`,
        gain: 'A login by password and a consent get its tokens; a session at a high level gives the device that level by consent alone.',
        instead: 'Disable the device grant of this client',
      });
    }
  },
};
