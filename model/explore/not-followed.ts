import { builtInClientScopes } from '../keycloak/built-in-realm';
import { type Client, isUnknown, type RealmModel } from '../realm-model';

const OF_KEYCLOAK: ReadonlySet<string> = new Set(builtInClientScopes().map(({ name }) => name));

/** Why there may be more than was found: ways of the realm that no login here goes. */
export function notFollowed({ clients, identityProviders, legacyTokenExchange }: RealmModel): string[] {
  return [
    ...(legacyTokenExchange
      ? [
          'the token exchange of the preview feature token-exchange is not followed: permissions may let a client have tokens of others',
        ]
      : []),
    ...clients
      .filter(givesByPermission)
      .map(
        ({ clientId }) =>
          `tokens with permissions (UMA grant) at ${clientId} are not followed: any token of a user may get its default scopes by them`,
      ),
    ...identityProviders
      .filter(({ enabled, transientUsers = false }) => enabled !== false && transientUsers !== false)
      .map(({ alias }) => `logins by the identity provider ${alias} may leave no account behind (doNotStoreUsers)`),
  ];
}

/**
 * Whether the client's tokens with permissions can hold something that other tokens don't: a scope of somebody's making. They are
 * made of its default scopes, at the level of a login without levels (`AuthorizationTokenService.createAuthorizationResponse`).
 */
function givesByPermission({ enabled, grants, defaultScopes }: Client): boolean {
  if (enabled === false || (grants.authorizationServices ?? false) === false) return false;
  return isUnknown(defaultScopes) || defaultScopes.some((name) => !OF_KEYCLOAK.has(name));
}
