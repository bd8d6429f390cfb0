import type { TokenRequest, TokenRequestContext, TokenRequestRefusal } from './grant';
import { NOTHING_REACHED } from './grant';

/**
 * A user's token for the client's secret and the word of the authentication channel that the user has confirmed on a device. What that asks
 * Keycloak neither says nor hears: `acr_values` is passed on to it, the token has no level all the same. Consent counts as given.
 * Source: `BackchannelAuthenticationCallbackEndpoint.processAuthenticationChannelResult`, `CibaGrantType.process`.
 */
export function ciba({ user }: TokenRequestContext): TokenRequest | TokenRequestRefusal {
  if ((user.requiredActions ?? []).length > 0) return { refused: 'account-not-set-up' };
  return { rule: 'ciba', accepts: [['client-secret', 'authentication-device']], user, reached: NOTHING_REACHED };
}
