import { splitJava } from '../../keycloak/java';
import type { Client, IdentityProvider } from '../../realm-model';
import { known } from '../login';
import type { Proof } from '../types';
import type { TokenRequest, TokenRequestContext, TokenRequestRefusal } from './grant';
import { lacksConsent, NOTHING_REACHED } from './grant';

/** Names of the identity providers whose JWTs a client takes, joined by `##`. */
const ALLOWED = 'oauth2.jwt.authorization.grant.idp';

/**
 * A user's token for the JWT of an identity provider that the account is linked to (RFC 7523), and the client's secret.
 * Source: `JWTAuthorizationGrantType.process`.
 */
export function jwtAuthorization(context: TokenRequestContext): TokenRequest | TokenRequestRefusal {
  const { user } = context;
  const providers = jwtProviders(context.model.identityProviders, context.client);
  if (providers.length === 0) return { refused: 'client-not-allowed' };
  if ((user.requiredActions ?? []).length > 0) return { refused: 'account-not-set-up' };
  if (lacksConsent(context)) return { refused: 'consent-missing' };
  return {
    rule: 'jwt-grant',
    accepts: providers.map(({ alias }): readonly Proof[] => [
      'client-secret',
      user.linked?.includes(alias) ? `identity-provider-account:${alias}` : `identity-provider:${alias}`,
    ]),
    user,
    reached: NOTHING_REACHED,
  };
}

/** The providers whose JWTs the client takes for tokens. */
export function jwtProviders(providers: readonly IdentityProvider[], client: Client): IdentityProvider[] {
  const listed = client.attributes[ALLOWED];
  const allowed = listed === undefined ? [] : splitJava(known(listed, `${ALLOWED} of ${client.clientId}`), '##');
  return providers.filter(
    ({ alias, enabled, jwtAuthorization: takes }) =>
      allowed.includes(alias) &&
      known(enabled, `enabled of identity provider ${alias}`) &&
      known(takes ?? false, `JWT authorization grant of identity provider ${alias}`),
  );
}
