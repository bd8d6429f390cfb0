import type { Client } from '../realm-model';
import { DEFAULT_DEFAULT_SCOPES, DEFAULT_OPTIONAL_SCOPES } from './built-in-realm';

/** A public client with the authorization code flow alone and the scopes that Keycloak gives a new one. */
export function plainClient(clientId: string, overrides: Partial<Client> = {}): Client {
  return {
    clientId,
    builtIn: false,
    protocol: 'openid-connect',
    enabled: true,
    accessType: 'public',
    consentRequired: false,
    flowOverrides: {},
    defaultAcrValues: [],
    grants: {
      authorizationCode: true,
      implicit: false,
      password: false,
      device: false,
      ciba: false,
      tokenExchange: false,
    },
    defaultScopes: DEFAULT_DEFAULT_SCOPES,
    optionalScopes: DEFAULT_OPTIONAL_SCOPES,
    roles: [],
    mappers: [],
    attributes: {},
    ...overrides,
  };
}
