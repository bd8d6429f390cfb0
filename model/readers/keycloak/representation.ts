/**
 * What the model needs of Keycloak's realm representation, as an export and the Admin REST API's partial export give it.
 *
 * @see https://www.keycloak.org/docs-api/latest/rest-api/index.html#RealmRepresentation
 */
export interface RealmRepresentation {
  readonly realm?: string;
  readonly keycloakVersion?: string;
  /** Not of the realm but of the server: see `fetchRealm`. */
  readonly disabledFeatures?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
  readonly authenticationFlows?: readonly FlowRepresentation[];
  readonly authenticatorConfig?: readonly {
    readonly alias?: string;
    readonly config?: Readonly<Record<string, string>>;
  }[];
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
    readonly realm?: readonly { readonly name?: string }[];
    readonly client?: Readonly<Record<string, readonly { readonly name?: string }[]>>;
  };
  readonly identityProviders?: readonly { readonly alias?: string; readonly enabled?: boolean }[];
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
  readonly registrationAllowed?: boolean;
  readonly resetPasswordAllowed?: boolean;
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

export interface ExecutionRepresentation {
  readonly authenticator?: string;
  readonly authenticatorConfig?: string;
  readonly authenticatorFlow?: boolean;
  readonly flowAlias?: string;
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
