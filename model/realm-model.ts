/**
 * The version of {@link RealmModel}. It rises when a reader of the old one could misunderstand the new one.
 */
export const REALM_MODEL_VERSION = 1;

/**
 * A value that a reader could not find out: an unresolved Terraform reference, a value known only after the apply, a
 * representation of another shape. Whatever rests on it can't be told; it is never taken as safe.
 */
export interface Unknown {
  /** Why it isn't known, in words for the user. */
  readonly unknown: string;
}

export type Known<T> = T | Unknown;

/**
 * What of a Keycloak realm decides how its users log in: plain data, the same for a Terraform configuration, a plan, a state,
 * an export and a live realm.
 *
 * Names are Keycloak's own. Whatever refers to a flow does so by its alias.
 */
export interface RealmModel {
  readonly version: typeof REALM_MODEL_VERSION;
  /** The realm's name. */
  readonly realm: Known<string>;
  /** What the model was read from. */
  readonly source: ModelSource;
  /**
   * Whether the source holds all of the realm. If so, a name that isn't here doesn't exist; if not, it may exist outside, so
   * what rests on it can't be told.
   */
  readonly complete: boolean;
  /** The server's version, for example `26.7.4`, if the source says. */
  readonly keycloakVersion?: string;
  /**
   * Features of the server that are switched off, by Keycloak's names: `STEP_UP_AUTHENTICATION`. Only a live server tells them;
   * where they are not said, those that are on by default count as on.
   */
  readonly disabledFeatures?: readonly string[];
  /**
   * Whether the server has the token exchange that came before the standard one (the preview feature `token-exchange`), which fine-grained
   * permissions open. Only a live server tells it. @default false
   */
  readonly legacyTokenExchange?: boolean;
  /** The top-level flows, Keycloak's built-in ones included. */
  readonly flows: readonly Flow[];
  readonly bindings: FlowBindings;
  /** Realm attribute `acr.loa.map`. */
  readonly acrLoaMap: Known<AcrLoaMap>;
  readonly clients: readonly Client[];
  readonly clientScopes: readonly ClientScope[];
  readonly clientPolicies: readonly ClientPolicy[];
  readonly clientProfiles: readonly ClientProfile[];
  readonly requiredActions: readonly RequiredAction[];
  /** Roles that exist, as conditions name them: `role` for the realm's, `client.role` for a client's. */
  readonly roles: readonly string[];
  readonly identityProviders: readonly IdentityProvider[];
  readonly otpPolicy?: OtpPolicy;
  readonly webAuthnPolicy?: WebAuthnPolicy;
  readonly webAuthnPasswordlessPolicy?: WebAuthnPolicy;
  readonly sessions: SessionLifespans;
  /** Whether failed logins lock an account for a while (`bruteForceProtected`). */
  readonly bruteForce?: Known<boolean>;
  /** What users may do by themselves on the login pages. */
  readonly selfService: SelfService;
  /** Realm attribute `acr.uri.map`: the authentication context classes that SAML clients ask for. @default none */
  readonly acrUriMap?: Known<AcrUriMap>;
  /** What users may change of their own profile. @default Keycloak's: user name, e-mail and names, nothing unmanaged */
  readonly userProfile?: Known<UserProfile>;
  /** Roles that every new account has, as conditions name them. @default Keycloak's own */
  readonly defaultRoles?: Known<readonly string[]>;
  /** Resources and attributes of the source that matter here and that the reader could not read. */
  readonly unknowns: readonly UnknownPart[];
}

export interface ModelSource {
  readonly kind: 'terraform-configuration' | 'terraform-plan' | 'terraform-state' | 'export' | 'live';
  /** Which state of a plan. */
  readonly stage?: 'before' | 'after';
  /** The Terraform provider's source address, for example `keycloak/keycloak`. */
  readonly provider?: string;
}

/** Where something comes from: a Terraform address or an id, to tell the user. */
export interface Located {
  readonly address?: string;
}

export interface UnknownPart extends Located, Unknown {}

/** A top-level flow. */
export interface Flow extends Located {
  readonly alias: string;
  /** Keycloak's id, if the source says. */
  readonly id?: string;
  readonly provider: Known<FlowProvider>;
  readonly builtIn: boolean;
  readonly description?: string;
  /** In the order in which Keycloak runs them: ascending priority. */
  readonly executions: readonly Execution[];
  /** Why the order of {@link executions} isn't known, if it isn't. */
  readonly orderUnknown?: string;
  /** Terraform address whose replacement makes the whole flow anew, if the source says. */
  readonly madeAnewBy?: string;
}

export type FlowProvider = 'basic-flow' | 'form-flow' | 'client-flow';
export type Requirement = 'REQUIRED' | 'ALTERNATIVE' | 'CONDITIONAL' | 'DISABLED';

/** A step of a flow: an authenticator, a condition (which is an authenticator too) or a subflow. */
export type Execution = AuthenticatorExecution | SubflowExecution;

interface ExecutionBase extends Located {
  /** Unique in the model. */
  readonly id: string;
  readonly priority: Known<number>;
  readonly requirement: Known<Requirement>;
}

export interface AuthenticatorExecution extends ExecutionBase {
  readonly kind: 'authenticator';
  /** The authenticator's provider id, for example `auth-otp-form`. */
  readonly authenticator: Known<string>;
  readonly config?: AuthenticatorConfig;
}

export interface AuthenticatorConfig {
  readonly alias?: string;
  readonly values: Readonly<Record<string, Known<string>>>;
}

export interface SubflowExecution extends ExecutionBase {
  readonly kind: 'subflow';
  readonly flow: Flow;
}

/** Aliases of the flows that the realm uses. */
export interface FlowBindings {
  readonly browser: Known<string>;
  readonly directGrant: Known<string>;
  readonly resetCredentials: Known<string>;
  readonly registration: Known<string>;
  readonly firstBrokerLogin: Known<string>;
}

/** The levels of assurance by their names, in the order of the attribute. */
export interface AcrLoaMap {
  readonly levels: readonly AcrLoa[];
  /** The attribute's text if it isn't a JSON object of numbers: Keycloak then takes the map as empty. */
  readonly broken?: string;
}

export interface AcrLoa {
  readonly acr: string;
  readonly loa: number;
}

export interface Client extends Located {
  readonly clientId: string;
  /** Whether Keycloak made it with the realm, such as `account-console`. */
  readonly builtIn: boolean;
  readonly protocol: Known<string>;
  readonly enabled: Known<boolean>;
  readonly accessType: Known<'public' | 'confidential' | 'bearer-only'>;
  readonly consentRequired: Known<boolean>;
  readonly flowOverrides: FlowOverrides;
  /** Client attribute `acr.loa.map`. If it has levels it replaces the realm's map. */
  readonly acrLoaMap?: Known<AcrLoaMap>;
  /** Client attribute `default.acr.values`. */
  readonly defaultAcrValues: Known<readonly string[]>;
  /** Client attribute `minimum.acr.value`. */
  readonly minimumAcr?: Known<string>;
  readonly grants: EnabledGrants;
  readonly defaultScopes: Known<readonly string[]>;
  readonly optionalScopes: Known<readonly string[]>;
  /** Names of the client's own roles. */
  readonly roles: readonly string[];
  /** Whether its tokens have every role of the user. @default true */
  readonly fullScope?: Known<boolean>;
  /** Roles that its tokens may have where {@link fullScope} is off, as conditions name them. @default its own roles alone */
  readonly scopeRoles?: Known<readonly string[]>;
  /** Protocol mappers of the client itself; those of its scopes are with the scopes. */
  readonly mappers: readonly ProtocolMapper[];
  /** Client attributes that client policies may ask for. */
  readonly attributes: Readonly<Record<string, Known<string>>>;
}

/** Flows that a client uses instead of the realm's. */
export interface FlowOverrides {
  readonly browser?: Known<FlowOverride>;
  readonly directGrant?: Known<FlowOverride>;
}

export interface FlowOverride {
  readonly alias?: string;
  /** The id of a flow that doesn't exist: Keycloak then uses the realm's flow. */
  readonly dangling?: string;
}

/** Ways by which a client can get tokens for a user. */
export interface EnabledGrants {
  readonly authorizationCode: Known<boolean>;
  readonly implicit: Known<boolean>;
  readonly password: Known<boolean>;
  readonly device: Known<boolean>;
  readonly ciba: Known<boolean>;
  readonly tokenExchange: Known<boolean>;
  /** Tokens of the client's own account (`client_credentials`). @default false */
  readonly serviceAccount?: Known<boolean>;
  /** Tokens of a user for an identity provider's JWT (RFC 7523). @default false */
  readonly jwtAuthorization?: Known<boolean>;
  /** Whether users' tokens are exchanged for tokens with permissions at the client (UMA grant, Authorization Services). @default false */
  readonly authorizationServices?: Known<boolean>;
}

export interface ClientScope extends Located {
  readonly name: string;
  readonly protocol: string;
  readonly mappers: readonly ProtocolMapper[];
  /** Whether users are asked to consent to it, where the client asks for consent; if it isn't said, they are. */
  readonly onConsentScreen?: Known<boolean>;
  /** How the realm gives it to new clients. */
  readonly realmDefault?: 'default' | 'optional';
  /** Roles of the user without any of which the scope is left out of tokens. @default none: everybody has it */
  readonly roles?: Known<readonly string[]>;
}

export interface ProtocolMapper {
  readonly name: string;
  /** The mapper's provider id, for example `oidc-acr-mapper`. */
  readonly mapper: string;
  readonly config: Readonly<Record<string, Known<string>>>;
}

export interface ClientPolicy extends Located {
  readonly name: string;
  readonly enabled: Known<boolean>;
  /** Whether a condition that abstains counts as not met. */
  readonly strict: boolean;
  readonly conditions: readonly PolicyPart[];
  /** Names of profiles, in the order in which they run. */
  readonly profiles: Known<readonly string[]>;
}

export interface ClientProfile extends Located {
  readonly name: string;
  readonly executors: readonly PolicyPart[];
}

/** Settings of a condition or an executor, by key. */
export interface PolicyConfig {
  readonly [key: string]: unknown;
}

/** A condition or an executor of client policies. */
export interface PolicyPart {
  /** The provider's id, for example `auth-flow-enforcer`. */
  readonly provider: Known<string>;
  readonly config: Known<PolicyConfig>;
}

export interface RequiredAction extends Located {
  readonly alias: string;
  readonly enabled: Known<boolean>;
  readonly defaultAction: Known<boolean>;
  readonly priority: Known<number>;
  /** For example `max_auth_age`: seconds that a login counts for starting the action (`kc_action`). */
  readonly config: Readonly<Record<string, Known<string>>>;
}

export interface IdentityProvider extends Located {
  readonly alias: string;
  readonly enabled: Known<boolean>;
  /** Kind of provider, for example `oidc`. */
  readonly provider?: Known<string>;
  /** Alias of the flow of a first login. @default the realm's binding */
  readonly firstLoginFlow?: Known<string>;
  /** Alias of the flow after each login. @default none */
  readonly postLoginFlow?: Known<string>;
  /** Whether its e-mail addresses count as verified. @default false */
  readonly trustEmail?: Known<boolean>;
  /** Whether it only links accounts and logs nobody in. @default false */
  readonly linkOnly?: Known<boolean>;
  /** Whether it leaves no account behind (`doNotStoreUsers`), where the server has the feature TRANSIENT_USERS on. @default false */
  readonly transientUsers?: Known<boolean>;
  /** Whether its JWTs are taken for tokens (RFC 7523). @default false */
  readonly jwtAuthorization?: Known<boolean>;
}

export interface OtpPolicy {
  readonly type: 'totp' | 'hotp';
  readonly algorithm: string;
  readonly digits: number;
  /** Seconds that a code counts. */
  readonly period: number;
  readonly lookAround: number;
  readonly codeReusable: boolean;
}

export interface WebAuthnPolicy {
  /** `required`, `preferred`, `discouraged` or `not specified`. */
  readonly userVerification: Known<string>;
  /** Whether the user name form offers passkeys; of the passwordless policy only. */
  readonly passkeys?: Known<boolean>;
}

/** In seconds. */
export interface SessionLifespans {
  readonly ssoIdle: Known<number>;
  readonly ssoMax: Known<number>;
  /** Of sessions that are remembered. @default 0: those of any session */
  readonly rememberMeIdle?: Known<number>;
  /** @default 0: those of any session */
  readonly rememberMeMax?: Known<number>;
}

export interface SelfService {
  readonly registration: Known<boolean>;
  readonly resetPassword: Known<boolean>;
  readonly organizations: Known<boolean>;
  /** @default true */
  readonly loginWithEmail?: Known<boolean>;
  /** @default false */
  readonly duplicateEmails?: Known<boolean>;
  /** Whether an e-mail address must be verified before a login ends. @default false */
  readonly verifyEmail?: Known<boolean>;
  /** @default false */
  readonly rememberMe?: Known<boolean>;
  /** @default false */
  readonly editUsername?: Known<boolean>;
  /** @default false */
  readonly emailAsUsername?: Known<boolean>;
}

export interface UserProfile {
  readonly attributes: readonly ProfileAttribute[];
  /** What users may do to attributes that aren't listed (`unmanagedAttributePolicy`). */
  readonly unmanaged: Known<'DISABLED' | 'ENABLED' | 'ADMIN_VIEW' | 'ADMIN_EDIT'>;
}

export interface ProfileAttribute {
  readonly name: string;
  /** Whether the user may change it (`permissions.edit` has `user`). */
  readonly userEdits: Known<boolean>;
}

/** Authentication context classes by their level, in the order of the attribute. */
export interface AcrUriMap {
  readonly classes: readonly { readonly uri: string; readonly loa: number }[];
  /** The attribute's text if Keycloak can't read it. */
  readonly broken?: string;
}

export function isUnknown(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null && typeof (value as Unknown).unknown === 'string';
}
