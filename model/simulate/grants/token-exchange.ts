import type { Client, RealmModel } from '../../realm-model';
import { known, NO_LOA } from '../login';
import { mappersInEffect, tokenRolesByClient } from '../token-contents';
import type { SimulatedUser } from '../types';
import type { TokenRequest, TokenRequestContext, TokenRequestRefusal } from './grant';
import { lacksConsent } from './grant';

/**
 * A token of the client for another access token of the user, and the client's secret: the other token is the client's own,
 * or has it in its audience.
 *
 * The scopes are those of the requesting client; the level that the session has proved is none of the new token's.
 * Source: `StandardTokenExchangeProvider`, `TokenManager.attachAuthenticationSession`.
 */
export function tokenExchange(context: TokenRequestContext): TokenRequest | TokenRequestRefusal {
  const { model, client, user, session } = context;
  const subjects = Object.keys(session?.clients ?? {}).filter((clientId) => {
    const holder = model.clients.find((each) => each.clientId === clientId);
    return holder !== undefined && mayExchange(model, client, holder, user);
  });
  if (!session || subjects.length === 0) return { refused: 'no-subject-token' };
  if (lacksConsent(context)) return { refused: 'consent-missing' };
  const own = session.clients[client.clientId];
  // The client's part of the session is written anew; where there is none, the token gets one of its own.
  const reached = { ...own, loa: NO_LOA, sso: own?.sso ?? false };
  return {
    rule: 'token-exchange',
    accepts: [['client-secret']],
    user,
    reached,
    ...(own && { session: { ...session, clients: { ...session.clients, [client.clientId]: reached } } }),
  };
}

/** Whether some access token of `holder` for the user can be exchanged at `client`. */
export function mayExchange(model: RealmModel, client: Client, holder: Client, user: SimulatedUser): boolean {
  if (holder.protocol !== 'openid-connect') return false;
  if (holder.clientId === client.clientId) return true;
  // Whoever asks for the token chooses its scopes.
  const request = { scope: known(holder.optionalScopes, `optional scopes of client ${holder.clientId}`) };
  return mappersInEffect(model, holder, request, user).some(({ name, mapper, config }) => {
    const setting = (key: string) => (config[key] === undefined ? undefined : known(config[key], `${key} of ${name}`));
    if (mapper === 'oidc-audience-mapper') {
      if (setting('access.token.claim') !== 'true') return false;
      return (setting('included.client.audience') ?? setting('included.custom.audience')) === client.clientId;
    }
    if (mapper !== 'oidc-audience-resolve-mapper' || setting('access.token.claim') === 'false') return false;
    return tokenRolesByClient(model, holder, request, user).has(client.clientId);
  });
}
