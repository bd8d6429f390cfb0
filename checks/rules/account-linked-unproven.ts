import type { Rule } from '../rule';
import { exploredReasons, loginProviders, providerLocation, takeoversOf } from '../support/providers';
import { guide, source } from '../support/sources';
import { witnessText } from '../support/witness-text';

export const accountLinkedUnproven: Rule = {
  id: 'account-linked-unproven',
  code: 'SU903',
  level: 'error',
  summary:
    "An identity provider's first login is linked to an account that has its name or e-mail address, without a proof.",
  cause:
    'The flow of a first login finds the account that has the name or the e-mail address of the new identity. What it asks then is all that stands between the two: ' +
    'idp-auto-link asks nothing, and idp-detect-existing-broker-user and idp-confirm-link prove nothing either.',
  attack: [
    'The attacker makes an account at the identity provider, with the name or the e-mail address of the user.',
    'The attacker logs in by it, for the first time.',
    "Keycloak links that identity to the user's account, and the tokens are the user's: now, and at each login from then on.",
  ],
  remedy:
    'Ask for a proof of the account before it is linked, as Keycloak’s own flow does: idp-email-verification or idp-username-password-form, and the second factor. Where the ' +
    'provider’s names and addresses can be had by nobody else, accept the finding with that as the reason.',
  sources: [
    guide('First login flow'),
    source('IdpAutoLinkAuthenticator'),
    source('IdpDetectExistingBrokerUserAuthenticator'),
  ],
  inspect(inspection) {
    const providers = loginProviders(inspection);
    if (providers.length === 0) return;
    const taken = takeoversOf(inspection.model);
    for (const provider of providers) {
      const way = taken.get(provider.alias);
      if (!way) continue;
      inspection.found(providerLocation(provider), {
        what: `Whoever logs in at "${provider.alias}" with the name or the e-mail address of a user gets the user's account`,
        gain: witnessText(way),
        instead:
          'Ask in its first login flow for idp-email-verification or idp-username-password-form instead of idp-auto-link',
      });
    }
    const because = exploredReasons(inspection.model);
    if (because.length === 0) return;
    for (const provider of providers) {
      if (!taken.has(provider.alias)) inspection.cannotTell(providerLocation(provider), because.join('; '));
    }
  },
};
