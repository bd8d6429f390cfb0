import { type Decoder, dictionary, flag, integer, list, object, oneOrMore, text } from '../decode';

/**
 * What the model needs of Keycloak's realm representation, as an export and the Admin REST API's partial export give it.
 *
 * @see https://www.keycloak.org/docs-api/latest/rest-api/index.html#RealmRepresentation
 */
export interface RealmRepresentation {
  readonly id?: string;
  readonly realm?: string;
  readonly keycloakVersion?: string;
  /** Not of the realm but of the server: see `fetchRealm`. */
  readonly disabledFeatures?: readonly string[];
  /** Of the server, too. */
  readonly legacyTokenExchange?: boolean;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly authenticationFlows?: readonly FlowRepresentation[];
  readonly authenticatorConfig?: readonly ConfigRepresentation[];
  readonly browserFlow?: string;
  readonly directGrantFlow?: string;
  readonly resetCredentialsFlow?: string;
  readonly registrationFlow?: string;
  readonly firstBrokerLoginFlow?: string;
  readonly clients?: readonly ClientRepresentation[];
  readonly clientScopes?: readonly ScopeRepresentation[];
  readonly defaultDefaultClientScopes?: readonly string[];
  readonly defaultOptionalClientScopes?: readonly string[];
  readonly clientPolicies?: { readonly policies?: readonly PolicyRepresentation[] };
  readonly clientProfiles?: { readonly profiles?: readonly ProfileRepresentation[] };
  readonly requiredActions?: readonly ActionRepresentation[];
  readonly roles?: {
    readonly realm?: readonly RoleRepresentation[];
    readonly client?: Readonly<Record<string, readonly RoleRepresentation[]>>;
  };
  readonly defaultRole?: RoleRepresentation;
  /** Before Keycloak 13: roles of the realm that new accounts have. */
  readonly defaultRoles?: readonly string[];
  /** Which roles of the realm a client or a client scope may have. */
  readonly scopeMappings?: readonly ScopeMappingRepresentation[];
  /** The same for roles of clients, by the client whose roles they are. */
  readonly clientScopeMappings?: Readonly<Record<string, readonly ScopeMappingRepresentation[]>>;
  readonly identityProviders?: readonly IdentityProviderRepresentation[];
  readonly components?: Readonly<Record<string, readonly ComponentRepresentation[]>>;
  /** Not of an export but of a live server: see `fetchRealm`. */
  readonly userProfile?: UserProfileRepresentation;
  readonly otpPolicyType?: string;
  readonly otpPolicyAlgorithm?: string;
  readonly otpPolicyDigits?: number;
  readonly otpPolicyPeriod?: number;
  readonly otpPolicyLookAheadWindow?: number;
  readonly otpPolicyCodeReusable?: boolean;
  readonly webAuthnPolicyUserVerificationRequirement?: string;
  readonly webAuthnPolicyPasswordlessUserVerificationRequirement?: string;
  readonly webAuthnPolicyPasswordlessPasskeysEnabled?: boolean;
  readonly ssoSessionIdleTimeout?: number;
  readonly ssoSessionMaxLifespan?: number;
  readonly ssoSessionIdleTimeoutRememberMe?: number;
  readonly ssoSessionMaxLifespanRememberMe?: number;
  readonly bruteForceProtected?: boolean;
  readonly registrationAllowed?: boolean;
  readonly registrationEmailAsUsername?: boolean;
  readonly rememberMe?: boolean;
  readonly verifyEmail?: boolean;
  readonly loginWithEmailAllowed?: boolean;
  readonly duplicateEmailsAllowed?: boolean;
  readonly editUsernameAllowed?: boolean;
  readonly resetPasswordAllowed?: boolean;
  readonly passwordPolicy?: string;
  readonly organizationsEnabled?: boolean;
}

export interface FlowRepresentation {
  readonly id?: string;
  readonly alias?: string;
  readonly description?: string;
  readonly providerId?: string;
  readonly topLevel?: boolean;
  readonly builtIn?: boolean;
  readonly authenticationExecutions?: readonly ExecutionRepresentation[];
}

export interface ConfigRepresentation {
  readonly id?: string;
  readonly alias?: string;
  readonly config?: Readonly<Record<string, string>>;
}

export interface ExecutionRepresentation {
  readonly authenticator?: string;
  /** Alias of its config. */
  readonly authenticatorConfig?: string;
  /** Not of an export, where aliases are all there is: see `fetchRealm`. */
  readonly authenticatorConfigId?: string;
  readonly authenticatorFlow?: boolean;
  readonly flowAlias?: string;
  /** Not of an export, where aliases are all there is: see `fetchRealm`. */
  readonly flowId?: string;
  readonly requirement?: string;
  readonly priority?: number;
}

export interface ClientRepresentation {
  readonly clientId?: string;
  readonly protocol?: string;
  readonly enabled?: boolean;
  readonly publicClient?: boolean;
  readonly bearerOnly?: boolean;
  readonly consentRequired?: boolean;
  readonly standardFlowEnabled?: boolean;
  readonly implicitFlowEnabled?: boolean;
  readonly directAccessGrantsEnabled?: boolean;
  readonly serviceAccountsEnabled?: boolean;
  readonly authorizationServicesEnabled?: boolean;
  readonly fullScopeAllowed?: boolean;
  /** Before Keycloak 13: its roles that new accounts have. */
  readonly defaultRoles?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
  readonly authenticationFlowBindingOverrides?: Readonly<Record<string, string>>;
  readonly defaultClientScopes?: readonly string[];
  readonly optionalClientScopes?: readonly string[];
  readonly protocolMappers?: readonly MapperRepresentation[];
}

export interface ScopeRepresentation {
  readonly name?: string;
  readonly protocol?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly protocolMappers?: readonly MapperRepresentation[];
}

export interface MapperRepresentation {
  readonly name?: string;
  readonly protocolMapper?: string;
  readonly config?: Readonly<Record<string, string>>;
}

export interface RoleRepresentation {
  readonly name?: string;
  readonly composites?: {
    readonly realm?: readonly string[];
    readonly client?: Readonly<Record<string, readonly string[]>>;
  };
}

export interface ScopeMappingRepresentation {
  readonly client?: string;
  readonly clientScope?: string;
  readonly roles?: readonly string[];
}

export interface IdentityProviderRepresentation {
  readonly alias?: string;
  readonly providerId?: string;
  readonly enabled?: boolean;
  readonly trustEmail?: boolean;
  readonly linkOnly?: boolean;
  readonly firstBrokerLoginFlowAlias?: string;
  readonly postBrokerLoginFlowAlias?: string;
  readonly config?: Readonly<Record<string, string>>;
}

export interface ComponentRepresentation {
  readonly providerId?: string;
  readonly config?: Readonly<Record<string, readonly string[]>>;
}

/** What the component of the user profile holds as text, and the Admin API as JSON. */
export interface UserProfileRepresentation {
  readonly attributes?: readonly {
    readonly name?: string;
    readonly permissions?: { readonly view?: readonly string[]; readonly edit?: readonly string[] };
  }[];
  readonly unmanagedAttributePolicy?: string;
}

export interface PolicyRepresentation {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly mode?: string;
  readonly conditions?: readonly {
    readonly condition?: string;
    readonly configuration?: Readonly<Record<string, unknown>>;
  }[];
  readonly profiles?: readonly string[];
}

export interface ProfileRepresentation {
  readonly name?: string;
  readonly executors?: readonly {
    readonly executor?: string;
    readonly configuration?: Readonly<Record<string, unknown>>;
  }[];
}

export interface ActionRepresentation {
  readonly alias?: string;
  readonly enabled?: boolean;
  readonly defaultAction?: boolean;
  readonly priority?: number;
  readonly config?: Readonly<Record<string, string>>;
}

const mapper = object({ name: text, protocolMapper: text, config: dictionary(text) });
const role = object({ name: text, composites: object({ realm: list(text), client: dictionary(list(text)) }) });
const scopeMapping = object({ client: text, clientScope: text, roles: list(text) });
const userProfile = object({
  attributes: list(object({ name: text, permissions: object({ view: list(text), edit: list(text) }) })),
  unmanagedAttributePolicy: text,
});
const policyPart = (name: string) => list(object({ [name]: text, configuration: dictionary((value) => value) }));

const realm = object({
  id: text,
  realm: text,
  keycloakVersion: text,
  attributes: dictionary(text),
  authenticationFlows: list(
    object({
      id: text,
      alias: text,
      description: text,
      providerId: text,
      topLevel: flag,
      builtIn: flag,
      authenticationExecutions: list(
        object({
          authenticator: text,
          authenticatorConfig: text,
          authenticatorFlow: flag,
          flowAlias: text,
          requirement: text,
          priority: integer,
        }),
      ),
    }),
  ),
  authenticatorConfig: list(object({ id: text, alias: text, config: dictionary(text) })),
  ...fields(text, 'browserFlow', 'directGrantFlow', 'resetCredentialsFlow', 'registrationFlow', 'firstBrokerLoginFlow'),
  clients: list(
    object({
      ...fields(text, 'clientId', 'protocol'),
      ...fields(flag, 'enabled', 'publicClient', 'bearerOnly', 'consentRequired', 'standardFlowEnabled'),
      ...fields(flag, 'implicitFlowEnabled', 'directAccessGrantsEnabled', 'serviceAccountsEnabled', 'fullScopeAllowed'),
      authorizationServicesEnabled: flag,
      ...fields(list(text), 'defaultRoles', 'defaultClientScopes', 'optionalClientScopes'),
      ...fields(dictionary(text), 'attributes', 'authenticationFlowBindingOverrides'),
      protocolMappers: list(mapper),
    }),
  ),
  clientScopes: list(
    object({ name: text, protocol: text, attributes: dictionary(text), protocolMappers: list(mapper) }),
  ),
  ...fields(list(text), 'defaultDefaultClientScopes', 'defaultOptionalClientScopes', 'defaultRoles'),
  clientPolicies: object({
    policies: list(
      object({
        ...fields(text, 'name', 'mode'),
        enabled: flag,
        conditions: policyPart('condition'),
        profiles: list(text),
      }),
    ),
  }),
  clientProfiles: object({ profiles: list(object({ name: text, executors: policyPart('executor') })) }),
  requiredActions: list(
    object({ alias: text, enabled: flag, defaultAction: flag, priority: integer, config: dictionary(text) }),
  ),
  roles: object({ realm: list(role), client: dictionary(list(role)) }),
  defaultRole: role,
  scopeMappings: list(scopeMapping),
  clientScopeMappings: dictionary(list(scopeMapping)),
  identityProviders: list(
    object({
      ...fields(text, 'alias', 'providerId', 'firstBrokerLoginFlowAlias', 'postBrokerLoginFlowAlias'),
      ...fields(flag, 'enabled', 'trustEmail', 'linkOnly'),
      config: dictionary(text),
    }),
  ),
  components: dictionary(list(object({ providerId: text, config: dictionary(oneOrMore(text)) }))),
  userProfile,
  ...fields(text, 'otpPolicyType', 'otpPolicyAlgorithm'),
  ...fields(integer, 'otpPolicyDigits', 'otpPolicyPeriod', 'otpPolicyLookAheadWindow'),
  otpPolicyCodeReusable: flag,
  webAuthnPolicyUserVerificationRequirement: text,
  webAuthnPolicyPasswordlessUserVerificationRequirement: text,
  webAuthnPolicyPasswordlessPasskeysEnabled: flag,
  ...fields(integer, 'ssoSessionIdleTimeout', 'ssoSessionMaxLifespan'),
  ...fields(integer, 'ssoSessionIdleTimeoutRememberMe', 'ssoSessionMaxLifespanRememberMe'),
  ...fields(
    flag,
    'bruteForceProtected',
    'registrationAllowed',
    'registrationEmailAsUsername',
    'rememberMe',
    'verifyEmail',
  ),
  ...fields(flag, 'loginWithEmailAllowed', 'duplicateEmailsAllowed', 'editUsernameAllowed'),
  ...fields(flag, 'resetPasswordAllowed', 'organizationsEnabled'),
  passwordPolicy: text,
});

function fields(decoder: Decoder, ...names: string[]): Record<string, Decoder> {
  return Object.fromEntries(names.map((name) => [name, decoder]));
}

/**
 * A representation as Keycloak takes it: numbers and truth values count as texts and the other way round, `null` as nothing.
 *
 * @throws UnreadableSource if a part has a shape that Keycloak refuses
 */
export function decodeRealm(value: unknown): RealmRepresentation {
  return realm(value, '') as RealmRepresentation;
}

/** The same for the text of a user profile's component. */
export function decodeUserProfile(value: unknown): UserProfileRepresentation {
  return userProfile(value, 'the user profile') as UserProfileRepresentation;
}
