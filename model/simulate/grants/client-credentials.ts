import type { TokenRequest, TokenRequestContext } from './grant';
import { NOTHING_REACHED } from './grant';

/**
 * A token of the client's own account, for its secret.
 * Source: `ClientCredentialsGrantType.process`.
 */
export function serviceAccount(_: TokenRequestContext): TokenRequest {
  return {
    rule: 'service-account',
    accepts: [['client-secret']],
    // Its roles are the client's matter; the model doesn't have them.
    user: { credentials: [] },
    ofService: true,
    reached: NOTHING_REACHED,
  };
}
