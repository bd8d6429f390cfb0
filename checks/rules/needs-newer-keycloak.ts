import { lackingIn } from '../../model/keycloak/available-since';
import type { Rule } from '../rule';
import { REALM } from '../support/levels';

export const needsNewerKeycloak: Rule = {
  id: 'needs-newer-keycloak',
  code: 'SU803',
  level: 'error',
  summary: 'The configuration uses what the version of Keycloak does not have.',
  cause:
    'An older Keycloak saves attributes that it does not know, and does nothing with them; an authenticator that it does not know it refuses, or ends every login that comes to it.',
  attack: [
    'A client has minimum.acr.value = gold, and Keycloak is 26.0.',
    'The attacker logs in with a stolen password.',
    'Keycloak 26.0 knows no minimum: tokens of the lowest level, without an error.',
  ],
  remedy:
    'Upgrade Keycloak, or switch the feature on where the release has it as a preview, or write it in another way. docs/versions.md says what came with which release.',
  sources: ['docs/versions.md', 'Keycloak, "Enabling and disabling features"'],
  inspect(inspection) {
    const version = inspection.model.keycloakVersion;
    if (version === undefined) {
      if (lackingIn(inspection.model, '0.0.0').length === 0) return;
      inspection.cannotTell(REALM, 'the source does not say which version of Keycloak runs');
      return;
    }
    for (const { availability, use, feature } of lackingIn(inspection.model, version)) {
      const { id, what, since, before } = availability;
      inspection.found(use, {
        ...(feature !== undefined && { level: 'warning' }),
        what: `${id} (${what}) needs Keycloak ${since}, and ${version} runs`,
        gain: feature === undefined ? `${before}.` : `Unless the feature ${feature} is switched on: ${before}.`,
        instead:
          feature === undefined
            ? `Upgrade to ${since} or later, or leave it out`
            : `Upgrade to ${since} or later, or start Keycloak with --features=${feature}`,
      });
    }
  },
};
