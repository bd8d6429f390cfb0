import type { Client, ClientScope, FlowBindings, OtpPolicy, ProtocolMapper, RequiredAction } from '../realm-model';

/**
 * What a new realm of Keycloak 26.7.4 holds beside its flows, as far as it matters to logins.
 *
 * Source: `RealmManager.createRealm`, `DefaultRequiredActions`, `OIDCLoginProtocolFactory.createDefaultClientScopes`;
 * compared with the export of a new realm by a live test.
 */

export const DEFAULT_BINDINGS: FlowBindings = {
  browser: 'browser',
  directGrant: 'direct grant',
  resetCredentials: 'reset credentials',
  registration: 'registration',
  firstBrokerLogin: 'first broker login',
};

export const DEFAULT_OTP_POLICY: OtpPolicy = {
  type: 'totp',
  algorithm: 'HmacSHA1',
  digits: 6,
  period: 30,
  lookAround: 1,
  codeReusable: false,
};

/** In seconds. */
export const DEFAULT_SSO_IDLE = 1800;
export const DEFAULT_SSO_MAX = 36000;

const REQUIRED_ACTIONS: readonly (readonly [alias: string, priority: number, enabled: boolean])[] = [
  ['TERMS_AND_CONDITIONS', 20, false],
  ['UPDATE_PROFILE', 40, true],
  ['VERIFY_EMAIL', 50, true],
  ['CONFIGURE_TOTP', 54, true],
  ['UPDATE_PASSWORD', 57, true],
  ['delete_account', 60, false],
  ['UPDATE_EMAIL', 70, false],
  ['webauthn-register', 80, true],
  ['webauthn-register-passwordless', 90, true],
  ['VERIFY_PROFILE', 100, true],
  ['delete_credential', 110, true],
  ['idp_link', 120, true],
  ['CONFIGURE_RECOVERY_AUTHN_CODES', 130, true],
  ['update_user_locale', 1000, true],
];

export function builtInRequiredActions(): RequiredAction[] {
  return REQUIRED_ACTIONS.map(([alias, priority, enabled]) => ({
    alias,
    priority,
    enabled,
    defaultAction: false,
    config: {},
  }));
}

export const DEFAULT_DEFAULT_SCOPES: readonly string[] = ['profile', 'email', 'roles', 'web-origins', 'acr', 'basic'];
export const DEFAULT_OPTIONAL_SCOPES: readonly string[] = [
  'offline_access',
  'address',
  'phone',
  'microprofile-jwt',
  'organization',
];

export const DEFAULT_SAML_SCOPES: readonly string[] = ['role_list', 'saml_organization', 'AuthnContextClassRef'];

export const ACR_MAPPER = 'oidc-acr-mapper';
const OFFLINE_ACCESS = 'offline_access';
/** What a client with a service account has by default. */
export const SERVICE_ACCOUNT_SCOPE = 'service_account';

export function builtInClientScopes(): ClientScope[] {
  const mapper = (name: string, id: string, ...tokens: readonly string[]): ProtocolMapper => ({
    name,
    mapper: id,
    config: Object.fromEntries(tokens.map((token) => [token, 'true'])),
  });
  const mappers: Readonly<Record<string, readonly ProtocolMapper[]>> = {
    acr: [mapper('acr loa level', ACR_MAPPER, 'access.token.claim', 'id.token.claim')],
    roles: [
      mapper('realm roles', 'oidc-usermodel-realm-role-mapper', 'access.token.claim'),
      mapper('client roles', 'oidc-usermodel-client-role-mapper', 'access.token.claim'),
      mapper('audience resolve', 'oidc-audience-resolve-mapper', 'access.token.claim'),
    ],
    AuthnContextClassRef: [mapper('AuthnContextClassRef', 'saml-authn-context-class-ref-mapper')],
  };
  const scope = (name: string, realmDefault?: 'default' | 'optional'): ClientScope => ({
    name,
    protocol: 'openid-connect',
    mappers: mappers[name] ?? [],
    onConsentScreen: !['acr', 'basic', 'web-origins', 'microprofile-jwt', SERVICE_ACCOUNT_SCOPE].includes(name),
    ...(realmDefault && { realmDefault }),
    ...(name === OFFLINE_ACCESS && { roles: [OFFLINE_ACCESS] }),
  });
  const saml = (name: string): ClientScope => ({
    name,
    protocol: 'saml',
    mappers: mappers[name] ?? [],
    onConsentScreen: name !== 'saml_organization',
    realmDefault: 'default',
  });
  return [
    ...DEFAULT_DEFAULT_SCOPES.map((name) => scope(name, 'default')),
    ...DEFAULT_OPTIONAL_SCOPES.map((name) => scope(name, 'optional')),
    scope(SERVICE_ACCOUNT_SCOPE),
    ...DEFAULT_SAML_SCOPES.map(saml),
  ];
}

const REALM_ROLES = ['offline_access', 'uma_authorization'];
const CLIENT_ROLES: Readonly<Record<string, readonly string[]>> = {
  account: [
    'manage-account',
    'manage-account-links',
    'view-profile',
    'view-applications',
    'view-consent',
    'manage-consent',
    'delete-account',
    'view-groups',
  ],
  broker: ['read-token'],
  'realm-management': [
    'create-client',
    'impersonation',
    'manage-authorization',
    'manage-clients',
    'manage-events',
    'manage-identity-providers',
    'manage-organizations',
    'manage-realm',
    'manage-users',
    'query-clients',
    'query-groups',
    'query-organizations',
    'query-realms',
    'query-users',
    'realm-admin',
    'view-authorization',
    'view-clients',
    'view-events',
    'view-identity-providers',
    'view-organizations',
    'view-realm',
    'view-users',
  ],
};

export function builtInRoles(): string[] {
  const ofClients = Object.entries(CLIENT_ROLES).flatMap(([client, roles]) => roles.map((role) => `${client}.${role}`));
  return [...REALM_ROLES, ...ofClients];
}

/** Roles that hold others, as conditions name them. */
export const BUILT_IN_COMPOSITES: ReadonlyMap<string, readonly string[]> = new Map([
  ['account.manage-account', ['account.manage-account-links']],
  ['account.manage-consent', ['account.view-consent']],
  ['realm-management.view-clients', ['realm-management.query-clients']],
  ['realm-management.view-organizations', ['realm-management.query-organizations']],
  ['realm-management.view-users', ['realm-management.query-users', 'realm-management.query-groups']],
  [
    'realm-management.realm-admin',
    (CLIENT_ROLES['realm-management'] ?? []).flatMap((role) =>
      role === 'realm-admin' ? [] : [`realm-management.${role}`],
    ),
  ],
]);

/** The role that holds those of every new account. */
export function defaultRoleName(realm: string): string {
  return `default-roles-${realm.toLowerCase()}`;
}

/** What that role holds in a new realm. */
export const DEFAULT_ROLES: readonly string[] = [...REALM_ROLES, 'account.view-profile', 'account.manage-account'];

/** What every account of a new realm has by it, composites resolved. */
export const DEFAULT_USER_ROLES: readonly string[] = [...DEFAULT_ROLES, 'account.manage-account-links'];

const BUILT_IN_CLIENTS = {
  account: { accessType: 'public', authorizationCode: true, password: false },
  'account-console': { accessType: 'public', authorizationCode: true, password: false },
  'admin-cli': { accessType: 'public', authorizationCode: false, password: true },
  broker: { accessType: 'bearer-only', authorizationCode: true, password: false },
  'realm-management': { accessType: 'bearer-only', authorizationCode: true, password: false },
  'security-admin-console': { accessType: 'public', authorizationCode: true, password: false },
} as const;

export function isBuiltInClient(clientId: string): boolean {
  return Object.hasOwn(BUILT_IN_CLIENTS, clientId);
}

const FULL_SCOPE = ['admin-cli', 'security-admin-console'];

function scopeRolesOf(clientId: string): string[] {
  if (clientId === 'account-console') {
    return ['account.manage-account', 'account.manage-account-links', 'account.view-groups'];
  }
  return (CLIENT_ROLES[clientId] ?? []).map((role) => `${clientId}.${role}`);
}

export function builtInClients(): Client[] {
  return Object.entries(BUILT_IN_CLIENTS).map(([clientId, { accessType, authorizationCode, password }]) => ({
    clientId,
    builtIn: true,
    protocol: 'openid-connect',
    enabled: true,
    accessType,
    consentRequired: false,
    flowOverrides: {},
    defaultAcrValues: [],
    grants: {
      authorizationCode,
      implicit: false,
      password,
      device: false,
      ciba: false,
      tokenExchange: false,
      serviceAccount: false,
      jwtAuthorization: false,
    },
    defaultScopes: DEFAULT_DEFAULT_SCOPES,
    optionalScopes: DEFAULT_OPTIONAL_SCOPES,
    roles: CLIENT_ROLES[clientId] ?? [],
    fullScope: FULL_SCOPE.includes(clientId),
    scopeRoles: scopeRolesOf(clientId),
    mappers: [],
    attributes: {},
  }));
}
