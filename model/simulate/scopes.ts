import type { Client } from '../realm-model';
import { known } from './login';
import type { LoginRequest } from './types';

/**
 * The client scopes in effect: the client's default ones and those optional ones that the request names
 * (`TokenManager.getRequestedClientScopes`).
 */
export function requestedScopes(client: Client, request: Pick<LoginRequest, 'scope'>): string[] {
  const optional = known(client.optionalScopes, `optional scopes of client ${client.clientId}`);
  const requested = (request.scope ?? ['openid']).filter((name) => optional.includes(name));
  return [...known(client.defaultScopes, `default scopes of client ${client.clientId}`), ...requested];
}

/**
 * Whether the client may ask for all scopes of the request: the others make Keycloak refuse it (`TokenManager.isValidScope`).
 */
export function mayRequestScopes(client: Client, request: Pick<LoginRequest, 'scope'>): boolean {
  const of = (names: Client['defaultScopes']) => known(names, `scopes of client ${client.clientId}`);
  const named = (request.scope ?? []).filter((name) => name !== 'openid');
  return named.every((name) => of(client.optionalScopes).includes(name) || of(client.defaultScopes).includes(name));
}
