import { readAcrLoaMap } from '../../keycloak/acr-loa-map';
import {
  builtInClientScopes,
  builtInRoles,
  DEFAULT_BINDINGS,
  DEFAULT_OTP_POLICY,
  DEFAULT_SSO_IDLE,
  DEFAULT_SSO_MAX,
  isBuiltInClient,
} from '../../keycloak/built-in-realm';
import { readDefaultAcrValues } from '../../keycloak/client-attributes';
import {
  type Client,
  type ClientScope,
  type Execution,
  type Flow,
  type FlowOverride,
  type FlowProvider,
  type OtpPolicy,
  type ProtocolMapper,
  REALM_MODEL_VERSION,
  type RealmModel,
  type Requirement,
  type UnknownPart,
} from '../../realm-model';
import type {
  ClientRepresentation,
  ExecutionRepresentation,
  FlowRepresentation,
  MapperRepresentation,
  RealmRepresentation,
  ScopeRepresentation,
} from './representation';

const REQUIREMENTS: readonly string[] = ['REQUIRED', 'ALTERNATIVE', 'CONDITIONAL', 'DISABLED'];

/**
 * The model of a realm's representation: an export (`kc.sh export`, or the console's partial export with clients, groups and
 * roles), or what `fetchRealm` got of a live one.
 *
 * A part that the representation leaves out, as a partial export does, makes the model incomplete.
 */
export function readRealmRepresentation(realm: RealmRepresentation, kind: 'export' | 'live' = 'export'): RealmModel {
  const unknowns: UnknownPart[] = [];
  const missing = (['authenticationFlows', 'clients', 'clientScopes', 'requiredActions', 'roles'] as const).filter(
    (part) => realm[part] === undefined,
  );
  unknowns.push(...missing.map((part) => ({ unknown: `the representation has no ${part}` })));
  const flows = flowsOf(realm, unknowns);
  const byId = new Map((realm.authenticationFlows ?? []).map(({ id, alias }) => [id, alias]));
  const { attributes = {} } = realm;
  return {
    version: REALM_MODEL_VERSION,
    realm: realm.realm ?? { unknown: 'the representation has no realm' },
    source: { kind },
    complete: missing.length === 0,
    ...(realm.keycloakVersion && { keycloakVersion: realm.keycloakVersion }),
    ...(realm.disabledFeatures && { disabledFeatures: realm.disabledFeatures }),
    flows,
    bindings: {
      browser: realm.browserFlow ?? DEFAULT_BINDINGS.browser,
      directGrant: realm.directGrantFlow ?? DEFAULT_BINDINGS.directGrant,
      resetCredentials: realm.resetCredentialsFlow ?? DEFAULT_BINDINGS.resetCredentials,
      registration: realm.registrationFlow ?? DEFAULT_BINDINGS.registration,
      firstBrokerLogin: realm.firstBrokerLoginFlow ?? DEFAULT_BINDINGS.firstBrokerLogin,
    },
    acrLoaMap: readAcrLoaMap(attributes['acr.loa.map']),
    clients: (realm.clients ?? []).map((client) => clientOf(client, realm, byId)),
    clientScopes: realm.clientScopes ? realm.clientScopes.map((scope) => scopeOf(scope, realm)) : builtInClientScopes(),
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
    requiredActions: (realm.requiredActions ?? []).map((action) => ({
      alias: action.alias ?? '',
      enabled: action.enabled ?? false,
      defaultAction: action.defaultAction ?? false,
      priority: action.priority ?? 0,
      config: action.config ?? {},
    })),
    roles: rolesOf(realm),
    identityProviders: (realm.identityProviders ?? []).map(({ alias, enabled }) => ({
      alias: alias ?? '',
      enabled: enabled ?? true,
    })),
    otpPolicy: otpPolicyOf(realm),
    webAuthnPolicy: { userVerification: realm.webAuthnPolicyUserVerificationRequirement ?? 'not specified' },
    webAuthnPasswordlessPolicy: {
      userVerification: realm.webAuthnPolicyPasswordlessUserVerificationRequirement ?? 'required',
      passkeys: realm.webAuthnPolicyPasswordlessPasskeysEnabled ?? false,
    },
    sessions: {
      ssoIdle: realm.ssoSessionIdleTimeout ?? DEFAULT_SSO_IDLE,
      ssoMax: realm.ssoSessionMaxLifespan ?? DEFAULT_SSO_MAX,
    },
    selfService: {
      registration: realm.registrationAllowed ?? false,
      resetPassword: realm.resetPasswordAllowed ?? false,
      organizations: realm.organizationsEnabled ?? false,
    },
    unknowns,
  };
}

function flowsOf(realm: RealmRepresentation, unknowns: UnknownPart[]): Flow[] {
  const all = realm.authenticationFlows ?? [];
  const byAlias = new Map(all.map((flow) => [flow.alias, flow]));
  const configs = new Map(realm.authenticatorConfig?.map(({ alias, config }) => [alias, config ?? {}]));

  const flow = (representation: FlowRepresentation, path: string): Flow => {
    const executions = [...(representation.authenticationExecutions ?? [])].sort(
      (a, b) => (a.priority ?? 0) - (b.priority ?? 0),
    );
    const priorities = executions.map(({ priority }) => priority ?? 0);
    return {
      alias: representation.alias ?? '',
      ...(representation.id && { id: representation.id }),
      ...(representation.description && { description: representation.description }),
      provider: (representation.providerId ?? 'basic-flow') as FlowProvider,
      builtIn: representation.builtIn ?? false,
      executions: executions.map((each, index) => execution(each, `${path}/${index + 1}`)),
      ...(new Set(priorities).size < priorities.length && {
        orderUnknown: 'executions of it have the same priority',
      }),
    };
  };

  const execution = (each: ExecutionRepresentation, path: string): Execution => {
    const id = `${path}:${each.flowAlias ?? each.authenticator}`;
    const requirement = each.requirement ?? '';
    const base = {
      id,
      priority: each.priority ?? 0,
      requirement: REQUIREMENTS.includes(requirement)
        ? (requirement as Requirement)
        : { unknown: `${id} has the requirement ${requirement}` },
    };
    if (each.authenticatorFlow || each.flowAlias !== undefined) {
      const subflow = byAlias.get(each.flowAlias);
      if (!subflow) unknowns.push({ unknown: `the flow ${each.flowAlias}, which ${path} names, is missing` });
      return { ...base, kind: 'subflow', flow: flow(subflow ?? { alias: each.flowAlias }, path) };
    }
    const config = each.authenticatorConfig === undefined ? undefined : configs.get(each.authenticatorConfig);
    return {
      ...base,
      kind: 'authenticator',
      authenticator: each.authenticator ?? { unknown: `${path} names no authenticator` },
      ...(config && { config: { alias: each.authenticatorConfig, values: config } }),
    };
  };

  return all
    .filter(({ topLevel }) => topLevel)
    .map((representation) => flow(representation, representation.alias ?? ''));
}

function clientOf(
  client: ClientRepresentation,
  realm: RealmRepresentation,
  flows: ReadonlyMap<string | undefined, string | undefined>,
): Client {
  const { attributes = {}, clientId = '' } = client;
  const minimum = attributes['minimum.acr.value'];
  const override = (binding: string): FlowOverride | undefined => {
    const id = client.authenticationFlowBindingOverrides?.[binding];
    if (!id) return undefined;
    const alias = flows.get(id);
    return alias === undefined ? { dangling: id } : { alias };
  };
  const browser = override('browser');
  const directGrant = override('direct_grant');
  return {
    clientId,
    builtIn: isBuiltInClient(clientId),
    protocol: client.protocol ?? 'openid-connect',
    enabled: client.enabled ?? true,
    accessType: client.publicClient ? 'public' : client.bearerOnly ? 'bearer-only' : 'confidential',
    consentRequired: client.consentRequired ?? false,
    flowOverrides: { ...(browser && { browser }), ...(directGrant && { directGrant }) },
    ...(attributes['acr.loa.map'] !== undefined && { acrLoaMap: readAcrLoaMap(attributes['acr.loa.map']) }),
    defaultAcrValues: readDefaultAcrValues(attributes['default.acr.values'] ?? ''),
    ...(minimum && { minimumAcr: minimum }),
    grants: {
      authorizationCode: client.standardFlowEnabled ?? true,
      implicit: client.implicitFlowEnabled ?? false,
      password: client.directAccessGrantsEnabled ?? false,
      device: attributes['oauth2.device.authorization.grant.enabled'] === 'true',
      ciba: attributes['oidc.ciba.grant.enabled'] === 'true',
      tokenExchange: attributes['standard.token.exchange.enabled'] === 'true',
    },
    ...scopesOf(client, realm),
    roles: namesOf(realm.roles?.client?.[clientId]),
    mappers: (client.protocolMappers ?? []).map(mapperOf),
    attributes,
  };
}

function scopeOf(scope: ScopeRepresentation, realm: RealmRepresentation): ClientScope {
  const name = scope.name ?? '';
  const realmDefault = realm.defaultDefaultClientScopes?.includes(name)
    ? 'default'
    : realm.defaultOptionalClientScopes?.includes(name)
      ? 'optional'
      : undefined;
  return {
    name,
    protocol: scope.protocol ?? 'openid-connect',
    mappers: (scope.protocolMappers ?? []).map(mapperOf),
    // Keycloak shows a scope that doesn't say.
    onConsentScreen: scope.attributes?.['display.on.consent.screen'] !== 'false',
    ...(realmDefault && { realmDefault }),
  };
}

function mapperOf({ name, protocolMapper, config }: MapperRepresentation): ProtocolMapper {
  return { name: name ?? '', mapper: protocolMapper ?? '', config: config ?? {} };
}

function rolesOf(realm: RealmRepresentation): string[] {
  if (!realm.roles) return builtInRoles();
  const ofClients = Object.entries(realm.roles.client ?? {}).flatMap(([client, roles]) =>
    namesOf(roles).map((role) => `${client}.${role}`),
  );
  return [...namesOf(realm.roles.realm), ...ofClients];
}

function namesOf(roles: readonly { readonly name?: string }[] | undefined): string[] {
  return (roles ?? []).flatMap(({ name }) => name ?? []);
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

/** A client that names no scopes at all has the realm's (`ClientManager.createClient`); one that names some has no others. */
function scopesOf(
  { clientId, defaultClientScopes, optionalClientScopes }: ClientRepresentation,
  { defaultDefaultClientScopes, defaultOptionalClientScopes }: RealmRepresentation,
): Pick<Client, 'defaultScopes' | 'optionalScopes'> {
  if (defaultClientScopes || optionalClientScopes) {
    return { defaultScopes: defaultClientScopes ?? [], optionalScopes: optionalClientScopes ?? [] };
  }
  const unsaid = (kind: string) => ({ unknown: `the representation says no ${kind} client scopes of ${clientId}` });
  return {
    defaultScopes: defaultDefaultClientScopes ?? unsaid('default'),
    optionalScopes: defaultOptionalClientScopes ?? unsaid('optional'),
  };
}
