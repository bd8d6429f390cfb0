import { readAcrLoaMap, readAcrUriMap } from '../../keycloak/acr-loa-map';
import {
  builtInRequiredActions,
  DEFAULT_BINDINGS,
  DEFAULT_OTP_POLICY,
  DEFAULT_SSO_IDLE,
  DEFAULT_SSO_MAX,
} from '../../keycloak/built-in-realm';
import { parseJavaBoolean } from '../../keycloak/java';
import { withPasswordPolicy } from '../../keycloak/password-policy';
import { DEFAULT_ATTRIBUTES, type DeclaredAttribute, userProfileOf } from '../../keycloak/user-profile';
import {
  type IdentityProvider,
  type Known,
  type OtpPolicy,
  REALM_MODEL_VERSION,
  type RealmModel,
  type RequiredAction,
  type UnknownPart,
  type UserProfile,
} from '../../realm-model';
import { UnreadableSource } from '../unreadable';
import { clientScopesOf, clientsOf } from './clients';
import { flowsOf } from './flows';
import {
  decodeRealm,
  decodeUserProfile,
  type IdentityProviderRepresentation,
  type RealmRepresentation,
  type UserProfileRepresentation,
} from './representation';
import { Roles } from './roles';

const USER_PROFILE = 'org.keycloak.userprofile.UserProfileProvider';
const USER_PROFILE_CONFIG = 'kc.user.profile.config';
const DELETE_ACCOUNT = 'delete_account';
const PARTS = ['authenticationFlows', 'clients', 'clientScopes', 'requiredActions', 'roles'] as const;

/**
 * The model of a realm's representation: an export (`kc.sh export`, or the console's partial export with clients, groups and
 * roles), an import file, or what `fetchRealm` got of a live one.
 *
 * A part that an export leaves out, as a partial one does, makes the model incomplete. What an import file leaves out, Keycloak
 * makes (`RealmManager.importRealm`): its own flows, client scopes, required actions, clients and roles.
 *
 * @throws UnreadableSource if Keycloak could not read it either
 */
export function readRealmRepresentation(source: RealmRepresentation, kind: 'export' | 'live' = 'export'): RealmModel {
  const realm = decodeRealm(source);
  const imported = kind === 'export' && isImportFile(realm);
  const unknowns: UnknownPart[] = [];
  const missing = imported ? [] : PARTS.filter((part) => realm[part] === undefined);
  unknowns.push(...missing.map((part) => ({ unknown: `the representation has no ${part}` })));
  const roles = new Roles(realm, imported);
  const scopes = clientScopesOf(realm, imported, roles);
  const { attributes = {} } = realm;
  const acrLoaMap = readAcrLoaMap(attributes['acr.loa.map']);
  const acrUriMap = readAcrUriMap(attributes['acr.uri.map'], acrLoaMap);
  const selfService = {
    registration: realm.registrationAllowed ?? false,
    resetPassword: realm.resetPasswordAllowed ?? false,
    organizations: realm.organizationsEnabled ?? false,
    loginWithEmail: realm.loginWithEmailAllowed ?? true,
    duplicateEmails: realm.duplicateEmailsAllowed ?? false,
    verifyEmail: realm.verifyEmail ?? false,
    rememberMe: realm.rememberMe ?? false,
    editUsername: realm.editUsernameAllowed ?? false,
    emailAsUsername: realm.registrationEmailAsUsername ?? false,
  };
  return {
    version: REALM_MODEL_VERSION,
    realm: realm.realm ?? { unknown: 'the representation has no realm' },
    source: { kind },
    complete: missing.length === 0,
    ...(realm.keycloakVersion && { keycloakVersion: realm.keycloakVersion }),
    ...(realm.disabledFeatures && { disabledFeatures: realm.disabledFeatures }),
    ...(realm.legacyTokenExchange && { legacyTokenExchange: realm.legacyTokenExchange }),
    flows: flowsOf(realm, imported, unknowns),
    bindings: {
      browser: realm.browserFlow ?? DEFAULT_BINDINGS.browser,
      directGrant: realm.directGrantFlow ?? DEFAULT_BINDINGS.directGrant,
      resetCredentials: realm.resetCredentialsFlow ?? DEFAULT_BINDINGS.resetCredentials,
      registration: realm.registrationFlow ?? DEFAULT_BINDINGS.registration,
      firstBrokerLogin: realm.firstBrokerLoginFlow ?? DEFAULT_BINDINGS.firstBrokerLogin,
    },
    acrLoaMap,
    clients: clientsOf(realm, imported, scopes, roles),
    clientScopes: scopes,
    clientPolicies: (realm.clientPolicies?.policies ?? []).map((policy) => ({
      name: policy.name ?? '',
      enabled: policy.enabled ?? false,
      strict: policy.mode?.toUpperCase() === 'STRICT',
      conditions: (policy.conditions ?? []).map(({ condition, configuration }) => ({
        provider: condition ?? { unknown: `a condition of policy ${policy.name} names no provider` },
        config: configuration ?? {},
      })),
      profiles: policy.profiles ?? [],
    })),
    clientProfiles: (realm.clientProfiles?.profiles ?? []).map((profile) => ({
      name: profile.name ?? '',
      executors: (profile.executors ?? []).map(({ executor, configuration }) => ({
        provider: executor ?? { unknown: `an executor of profile ${profile.name} names no provider` },
        config: configuration ?? {},
      })),
    })),
    requiredActions: withPasswordPolicy(requiredActionsOf(realm, imported), realm.passwordPolicy),
    roles: roles.all(),
    identityProviders: (realm.identityProviders ?? []).map(identityProviderOf),
    otpPolicy: otpPolicyOf(realm),
    webAuthnPolicy: { userVerification: realm.webAuthnPolicyUserVerificationRequirement ?? 'not specified' },
    webAuthnPasswordlessPolicy: {
      userVerification: realm.webAuthnPolicyPasswordlessUserVerificationRequirement ?? 'required',
      passkeys: realm.webAuthnPolicyPasswordlessPasskeysEnabled ?? false,
    },
    sessions: {
      ssoIdle: realm.ssoSessionIdleTimeout ?? DEFAULT_SSO_IDLE,
      ssoMax: realm.ssoSessionMaxLifespan ?? DEFAULT_SSO_MAX,
      rememberMeIdle: realm.ssoSessionIdleTimeoutRememberMe ?? 0,
      rememberMeMax: realm.ssoSessionMaxLifespanRememberMe ?? 0,
    },
    bruteForce: realm.bruteForceProtected ?? false,
    selfService,
    ...(acrUriMap && { acrUriMap }),
    userProfile: profileOf(realm, selfService),
    defaultRoles: roles.ofNewAccounts(),
    unknowns,
  };
}

/** What describes a realm that exists says its version with its id (an export) or the id of its default role (the Admin API). */
function isImportFile({ id, keycloakVersion, defaultRole, authenticationFlows }: RealmRepresentation): boolean {
  if (keycloakVersion !== undefined && id !== undefined) return false;
  return defaultRole === undefined || authenticationFlows !== undefined;
}

/** Keycloak's own where the representation has none; beside those of an import file it makes the deletion of accounts. */
function requiredActionsOf(realm: RealmRepresentation, imported: boolean): RequiredAction[] {
  if (!realm.requiredActions) return imported ? builtInRequiredActions() : [];
  const own = realm.requiredActions.map((action) => ({
    alias: action.alias ?? '',
    enabled: action.enabled ?? false,
    defaultAction: action.defaultAction ?? false,
    priority: action.priority ?? 0,
    config: action.config ?? {},
  }));
  if (!imported || own.some(({ alias }) => alias === DELETE_ACCOUNT)) return own;
  return [...own, ...builtInRequiredActions().filter(({ alias }) => alias === DELETE_ACCOUNT)];
}

function identityProviderOf(provider: IdentityProviderRepresentation): IdentityProvider {
  const { alias, providerId, firstBrokerLoginFlowAlias: first, postBrokerLoginFlowAlias: post } = provider;
  return {
    alias: alias ?? '',
    enabled: provider.enabled ?? true,
    ...(providerId !== undefined && { provider: providerId }),
    ...(first?.trim() && { firstLoginFlow: first }),
    ...(post?.trim() && { postLoginFlow: post }),
    trustEmail: provider.trustEmail ?? false,
    linkOnly: provider.linkOnly ?? false,
    ...(parseJavaBoolean(provider.config?.doNotStoreUsers) && { transientUsers: true }),
    jwtAuthorization: takesJwtGrants(providerId, provider.config?.jwtAuthorizationGrantEnabled),
  };
}

/** One kind of provider is for nothing else (`JWTAuthorizationGrantIdentityProvider`). */
export function takesJwtGrants(providerId: string | undefined, enabled: string | undefined): boolean {
  return providerId === 'jwt-authorization-grant' || parseJavaBoolean(enabled);
}

function profileOf(realm: RealmRepresentation, selfService: RealmModel['selfService']): Known<UserProfile> {
  const text = realm.components?.[USER_PROFILE]?.[0]?.config?.[USER_PROFILE_CONFIG]?.[0];
  const fallback = realm.userProfile;
  if (!text?.trim() && !fallback) return userProfileOf(DEFAULT_ATTRIBUTES, 'DISABLED', selfService);
  try {
    const { attributes = [], unmanagedAttributePolicy = 'DISABLED' } = text?.trim()
      ? decodeUserProfile(JSON.parse(text))
      : (fallback as UserProfileRepresentation);
    return userProfileOf(attributes.map(declared), unmanagedAttributePolicy as 'DISABLED', selfService);
  } catch (error) {
    const why = error instanceof UnreadableSource ? error.message : 'its JSON is broken';
    return { unknown: `the user profile can't be read: ${why}` };
  }
}

/** Permissions of which both lists are empty are as none (`UPAttributePermissions.isEmpty`). */
function declared({
  name = '',
  permissions,
}: NonNullable<UserProfileRepresentation['attributes']>[number]): DeclaredAttribute {
  const { view = [], edit = [] } = permissions ?? {};
  return { name, edit: view.length + edit.length === 0 ? undefined : edit };
}

function otpPolicyOf(realm: RealmRepresentation): OtpPolicy {
  return {
    type: realm.otpPolicyType === 'hotp' ? 'hotp' : 'totp',
    algorithm: realm.otpPolicyAlgorithm ?? DEFAULT_OTP_POLICY.algorithm,
    digits: realm.otpPolicyDigits ?? DEFAULT_OTP_POLICY.digits,
    period: realm.otpPolicyPeriod ?? DEFAULT_OTP_POLICY.period,
    lookAround: realm.otpPolicyLookAheadWindow ?? DEFAULT_OTP_POLICY.lookAround,
    codeReusable: realm.otpPolicyCodeReusable ?? DEFAULT_OTP_POLICY.codeReusable,
  };
}
