import { readAcrLoaMap } from '../../keycloak/acr-loa-map';
import { builtInFlows } from '../../keycloak/built-in-flows';
import {
  builtInClientScopes,
  builtInClients,
  builtInRequiredActions,
  builtInRoles,
  DEFAULT_BINDINGS,
  DEFAULT_DEFAULT_SCOPES,
  DEFAULT_OPTIONAL_SCOPES,
  DEFAULT_OTP_POLICY,
  DEFAULT_SSO_IDLE,
  DEFAULT_SSO_MAX,
} from '../../keycloak/built-in-realm';
import { readDefaultAcrValues } from '../../keycloak/client-attributes';
import {
  type AcrLoaMap,
  type Client,
  type ClientPolicy,
  type ClientProfile,
  type ClientScope,
  type EnabledGrants,
  type Flow,
  type FlowBindings,
  type FlowOverride,
  isUnknown,
  type Known,
  type ModelSource,
  type OtpPolicy,
  type PolicyPart,
  type ProtocolMapper,
  REALM_MODEL_VERSION,
  type RealmModel,
  type RequiredAction,
  type UnknownPart,
  type WebAuthnPolicy,
} from '../../realm-model';
import { flag, map, nested, number, seconds, text, textOf, texts } from './attributes';
import { isReference, type Value } from './expression';
import { readFlows } from './flows';
import type { Resource, ResourceSet } from './resources';

/** Attributes of a client that the model has a place of its own for. */
const ACR_LOA_MAP = 'acr.loa.map';
const DEFAULT_ACR_VALUES = 'default.acr.values';
const MINIMUM_ACR_VALUE = 'minimum.acr.value';

/** The models of all realms that the resources belong to. */
export function readRealms(set: ResourceSet, source: ModelSource): RealmModel[] {
  const byRealm = new Map<string, Resource[]>();
  const names = new Names(set.resources);
  for (const resource of set.resources) {
    const realm = names.realmOf(resource);
    byRealm.set(realm.key, [...(byRealm.get(realm.key) ?? []), resource]);
  }
  const full: ModelSource = { ...source, ...(set.provider && { provider: set.provider }) };
  return [...byRealm.values()].map((resources) => new RealmReader(set, resources, names, full).read());
}

/** Finds what resources refer to by id. */
class Names {
  private readonly byAddress: Map<string, Resource>;

  constructor(private readonly resources: readonly Resource[]) {
    this.byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  }

  /** The realm of a resource: a key that tells realms apart, and its name. */
  realmOf(resource: Resource): { readonly key: string; readonly name: Known<string> } {
    const own =
      resource.type === 'keycloak_realm' ? resource : this.refersTo(resource.values.realm_id, 'keycloak_realm');
    if (own) {
      const name = text(own, 'realm') ?? { unknown: `${own.address} has no name` };
      return { key: isUnknown(name) ? own.address : name, name };
    }
    const name = textOf(resource.values.realm_id, `realm_id of ${resource.address}`) ?? {
      unknown: `${resource.address} names no realm`,
    };
    return { key: isUnknown(name) ? '' : name, name };
  }

  /** The resource of one of these types that an id stands for. */
  refersTo(id: Value | undefined, ...types: string[]): Resource | undefined {
    if (isReference(id)) return this.byAddress.get(id.reference);
    if (typeof id !== 'string') return undefined;
    return this.resources.find(({ type, values }) => types.includes(type) && values.id === id);
  }
}

class RealmReader {
  private readonly unknowns: UnknownPart[] = [];
  private readonly realm: Resource | undefined;
  private readonly managed: boolean;

  constructor(
    private readonly set: ResourceSet,
    private readonly resources: readonly Resource[],
    private readonly names: Names,
    private readonly source: ModelSource,
  ) {
    this.realm = resources.find(({ type }) => type === 'keycloak_realm');
    this.managed = this.realm?.managed === true;
    this.unknowns.push(...set.unread.map(({ address, unknown }) => ({ address, unknown })));
  }

  read(): RealmModel {
    const flows = this.flows();
    const scopes = this.clientScopes();
    const otpPolicy = this.otpPolicy();
    const webAuthn = this.webAuthn('web_authn_policy');
    const passwordless = this.webAuthn('web_authn_passwordless_policy');
    return {
      version: REALM_MODEL_VERSION,
      realm: this.names.realmOf(this.resources[0] as Resource).name,
      source: this.source,
      complete: this.managed && this.set.unread.length === 0,
      flows,
      bindings: this.bindings(),
      acrLoaMap: this.acrLoaMap(),
      clients: [
        ...this.clients(scopes, flows),
        ...builtInClients().filter(({ clientId }) => !this.declaresClient(clientId)),
      ],
      clientScopes: scopes,
      clientPolicies: this.clientPolicies(),
      clientProfiles: this.clientProfiles(),
      requiredActions: this.requiredActions(),
      roles: this.roles(),
      identityProviders: this.identityProviders(),
      ...(otpPolicy && { otpPolicy }),
      ...(webAuthn && { webAuthnPolicy: webAuthn }),
      ...(passwordless && { webAuthnPasswordlessPolicy: passwordless }),
      sessions: {
        ssoIdle: this.ofRealm(
          (realm) => seconds(realm, 'sso_session_idle_timeout') ?? DEFAULT_SSO_IDLE,
          'its SSO idle',
        ),
        ssoMax: this.ofRealm(
          (realm) => seconds(realm, 'sso_session_max_lifespan') ?? DEFAULT_SSO_MAX,
          'its SSO lifespan',
        ),
      },
      selfService: {
        registration: this.ofRealm((realm) => flag(realm, 'registration_allowed', false), 'registration'),
        resetPassword: this.ofRealm((realm) => flag(realm, 'reset_password_allowed', false), 'password reset'),
        organizations: this.ofRealm((realm) => flag(realm, 'organizations_enabled', false), 'organizations'),
      },
      unknowns: this.unknowns,
    };
  }

  private all(...types: string[]): Resource[] {
    return this.resources.filter(({ type, managed }) => managed && types.includes(type));
  }

  /** A setting of the realm resource; unknown if only another source has it. */
  private ofRealm<T>(read: (realm: Resource) => Known<T>, what: string): Known<T> {
    return this.realm && this.managed
      ? read(this.realm)
      : { unknown: `the realm is not in this source, so ${what} isn't` };
  }

  private flows(): Flow[] {
    const { flows, unknowns } = readFlows({
      flows: this.all('keycloak_authentication_flow'),
      subflows: this.all('keycloak_authentication_subflow'),
      executions: this.all('keycloak_authentication_execution'),
      configs: this.all('keycloak_authentication_execution_config'),
      repeatedTypes: new Set(this.set.unread.flatMap(({ type }) => type ?? [])),
    });
    this.unknowns.push(...unknowns);
    return [...builtInFlows(), ...flows];
  }

  private bindings(): FlowBindings {
    const [resource] = this.all('keycloak_authentication_bindings');
    const bound = (attribute: string, fallback: Known<string>): Known<string> => {
      const own = resource && text(resource, attribute);
      const ofRealm = this.realm && this.managed ? text(this.realm, attribute) : undefined;
      const value = own ?? ofRealm;
      if (value !== undefined && value !== '') return value;
      return this.managed || resource ? fallback : { unknown: 'the bindings of the realm are not in this source' };
    };
    return {
      browser: bound('browser_flow', DEFAULT_BINDINGS.browser),
      directGrant: bound('direct_grant_flow', DEFAULT_BINDINGS.directGrant),
      resetCredentials: bound('reset_credentials_flow', DEFAULT_BINDINGS.resetCredentials),
      registration: bound('registration_flow', DEFAULT_BINDINGS.registration),
      firstBrokerLogin: bound('first_broker_login_flow', DEFAULT_BINDINGS.firstBrokerLogin),
    };
  }

  private acrLoaMap(): Known<AcrLoaMap> {
    return this.ofRealm((realm) => {
      const attributes = map(realm.values.attributes, `attributes of ${realm.address}`);
      return isUnknown(attributes) ? attributes : acrLoaMapOf(attributes[ACR_LOA_MAP]);
    }, 'its acr map');
  }

  private clientScopes(): ClientScope[] {
    const scopes = this.all('keycloak_openid_client_scope').flatMap((resource): ClientScope[] => {
      const name = text(resource, 'name');
      if (name === undefined || isUnknown(name)) {
        this.unknowns.push({ address: resource.address, unknown: name?.unknown ?? 'it has no name' });
        return [];
      }
      const mappers = this.mappersOf('client_scope_id', resource);
      // The provider shows a scope on the consent screen by giving it a text.
      const shown = text(resource, 'consent_screen_text');
      const onConsentScreen = isUnknown(shown) ? shown : shown !== undefined && shown !== '';
      return [{ name, protocol: 'openid-connect', mappers, onConsentScreen, address: resource.address }];
    });
    const builtIn = builtInClientScopes().filter(({ name }) => !scopes.some((scope) => scope.name === name));
    const byDefault = this.realmScopes(
      'keycloak_realm_default_client_scopes',
      'default_default_client_scopes',
      'default_scopes',
    );
    const optional = this.realmScopes(
      'keycloak_realm_optional_client_scopes',
      'default_optional_client_scopes',
      'optional_scopes',
    );
    return [...builtIn, ...scopes].map(({ realmDefault, ...scope }) => {
      const given = byDefault?.includes(scope.name)
        ? 'default'
        : optional?.includes(scope.name)
          ? 'optional'
          : undefined;
      const inherited = (byDefault && realmDefault === 'default') || (optional && realmDefault === 'optional');
      const result = given ?? (inherited ? undefined : realmDefault);
      return { ...scope, ...(result && { realmDefault: result }) };
    });
  }

  private realmScopes(type: string, realmAttribute: string, attribute: string): readonly string[] | undefined {
    const [resource] = this.all(type);
    const value = resource ? texts(resource, attribute) : this.realm && texts(this.realm, realmAttribute);
    if (value !== undefined && isUnknown(value)) {
      this.unknowns.push({ address: resource?.address ?? this.realm?.address, unknown: value.unknown });
      return undefined;
    }
    // The provider's computed attribute is empty when the realm leaves the defaults alone.
    return value && value.length > 0 ? value : undefined;
  }

  private mappersOf(attribute: 'client_id' | 'client_scope_id', owner: Resource): ProtocolMapper[] {
    const mappers = this.all('keycloak_generic_protocol_mapper', 'keycloak_generic_client_protocol_mapper');
    return mappers.flatMap((resource) => {
      if (this.names.refersTo(resource.values[attribute], owner.type) !== owner) return [];
      const mapper = text(resource, 'protocol_mapper');
      const name = text(resource, 'name');
      const config = map(resource.values.config, `config of ${resource.address}`);
      if (typeof mapper !== 'string') return [];
      return [
        { name: typeof name === 'string' ? name : resource.address, mapper, config: isUnknown(config) ? {} : config },
      ];
    });
  }

  private declaresClient(clientId: string): boolean {
    return this.all('keycloak_openid_client', 'keycloak_saml_client').some(
      (each) => text(each, 'client_id') === clientId,
    );
  }

  private clients(scopes: readonly ClientScope[], flows: readonly Flow[]): Client[] {
    return this.all('keycloak_openid_client', 'keycloak_saml_client').flatMap((resource) => {
      const clientId = text(resource, 'client_id');
      if (clientId === undefined || isUnknown(clientId)) {
        this.unknowns.push({ address: resource.address, unknown: clientId?.unknown ?? 'it has no client id' });
        return [];
      }
      return [this.client(resource, clientId, scopes, flows)];
    });
  }

  private client(resource: Resource, clientId: string, scopes: readonly ClientScope[], flows: readonly Flow[]): Client {
    const extra = map(resource.values.extra_config, `extra_config of ${resource.address}`);
    const attributes = isUnknown(extra) ? {} : extra;
    const attribute = (name: string): Known<string> | undefined => (isUnknown(extra) ? extra : attributes[name]);
    const own = attribute(ACR_LOA_MAP);
    const defaults = attribute(DEFAULT_ACR_VALUES);
    const minimum = attribute(MINIMUM_ACR_VALUE);
    const accessType = text(resource, 'access_type') ?? 'CONFIDENTIAL';
    return {
      clientId,
      address: resource.address,
      builtIn: false,
      protocol: resource.type === 'keycloak_saml_client' ? 'saml' : 'openid-connect',
      enabled: flag(resource, 'enabled', true),
      accessType: isUnknown(accessType) ? accessType : (accessType.toLowerCase() as 'public'),
      consentRequired: flag(resource, 'consent_required', false),
      flowOverrides: this.overrides(resource, flows),
      ...(own !== undefined && { acrLoaMap: acrLoaMapOf(own) }),
      defaultAcrValues: defaults === undefined ? [] : isUnknown(defaults) ? defaults : readDefaultAcrValues(defaults),
      ...(minimum !== undefined && minimum !== '' && { minimumAcr: minimum }),
      grants: grantsOf(resource),
      defaultScopes: this.scopesOf(resource, 'default', scopes),
      optionalScopes: this.scopesOf(resource, 'optional', scopes),
      roles: this.rolesOf(resource),
      mappers: this.mappersOf('client_id', resource),
      attributes,
    };
  }

  private overrides(resource: Resource, flows: readonly Flow[]): Client['flowOverrides'] {
    const [block] = nested(resource, 'authentication_flow_binding_overrides');
    const override = (id: Value | undefined): Known<FlowOverride> | undefined => {
      if (id === undefined || id === null || id === '') return undefined;
      if (isUnknown(id)) return id;
      const flow = this.names.refersTo(id, 'keycloak_authentication_flow');
      const alias = flow && text(flow, 'alias');
      if (alias !== undefined) return isUnknown(alias) ? alias : { alias };
      const byId = typeof id === 'string' ? flows.find((each) => each.id === id) : undefined;
      if (byId) return { alias: byId.alias };
      return {
        unknown: `the flow ${isReference(id) ? id.reference : id} that ${resource.address} overrides with is not in this source`,
      };
    };
    const browser = override(block?.browser_id);
    const directGrant = override(block?.direct_grant_id);
    return { ...(browser && { browser }), ...(directGrant && { directGrant }) };
  }

  private scopesOf(
    client: Resource,
    kind: 'default' | 'optional',
    scopes: readonly ClientScope[],
  ): Known<readonly string[]> {
    const found = this.all(`keycloak_openid_client_${kind}_scopes`).find(
      ({ values }) => this.names.refersTo(values.client_id, client.type) === client,
    );
    const listed = found && texts(found, `${kind}_scopes`);
    if (listed) return listed;
    const ofRealm = scopes.filter(({ realmDefault }) => realmDefault === kind).map(({ name }) => name);
    if (ofRealm.length > 0 || this.managed) return ofRealm;
    return kind === 'default' ? DEFAULT_DEFAULT_SCOPES : DEFAULT_OPTIONAL_SCOPES;
  }

  private rolesOf(client: Resource): string[] {
    return this.all('keycloak_role')
      .filter(({ values }) => this.names.refersTo(values.client_id, client.type) === client)
      .flatMap((role) => {
        const name = text(role, 'name');
        return typeof name === 'string' ? [name] : [];
      });
  }

  private roles(): string[] {
    const own = this.all('keycloak_role').flatMap((role) => {
      const name = text(role, 'name');
      if (typeof name !== 'string') {
        this.unknowns.push({ address: role.address, unknown: name?.unknown ?? 'it has no name' });
        return [];
      }
      const client = role.values.client_id;
      if (client === undefined || client === null || client === '') return [name];
      const owner = this.names.refersTo(client, 'keycloak_openid_client', 'keycloak_saml_client');
      const clientId = owner && text(owner, 'client_id');
      return typeof clientId === 'string' ? [`${clientId}.${name}`] : [];
    });
    const { name } = this.names.realmOf(this.resources[0] as Resource);
    const ofRealm = isUnknown(name) ? [] : [`default-roles-${name.toLowerCase()}`];
    return [...builtInRoles(), ...ofRealm, ...own];
  }

  private requiredActions(): RequiredAction[] {
    const own = this.all('keycloak_required_action').flatMap((resource): RequiredAction[] => {
      const alias = text(resource, 'alias');
      if (typeof alias !== 'string') {
        this.unknowns.push({ address: resource.address, unknown: alias?.unknown ?? 'it has no alias' });
        return [];
      }
      const config = map(resource.values.config, `config of ${resource.address}`);
      return [
        {
          alias,
          address: resource.address,
          enabled: flag(resource, 'enabled', false),
          defaultAction: flag(resource, 'default_action', false),
          priority: number(resource, 'priority') ?? 0,
          config: isUnknown(config) ? { max_auth_age: config } : config,
        },
      ];
    });
    const builtIn = builtInRequiredActions().filter(({ alias }) => !own.some((each) => each.alias === alias));
    // In a realm of another source each may have been changed.
    const rest = this.managed
      ? builtIn
      : builtIn.map((action) => ({ ...action, enabled: { unknown: 'the required action is not in this source' } }));
    return [...rest, ...own];
  }

  private clientPolicies(): ClientPolicy[] {
    const policies = this.all('keycloak_realm_client_policy_profile_policy');
    if (policies.length > 1) {
      this.unknowns.push({
        unknown: 'the order of client policies is that of their creation, which Terraform doesn’t fix',
      });
    }
    return policies.map((resource) => ({
      name: nameOf(resource),
      address: resource.address,
      enabled: flag(resource, 'enabled', true),
      strict: false,
      conditions: nested(resource, 'condition').map((block) => policyPart(block, resource)),
      profiles: texts(resource, 'profiles') ?? [],
    }));
  }

  private clientProfiles(): ClientProfile[] {
    return this.all('keycloak_realm_client_policy_profile').map((resource) => ({
      name: nameOf(resource),
      address: resource.address,
      executors: nested(resource, 'executor').map((block) => policyPart(block, resource)),
    }));
  }

  private identityProviders(): RealmModel['identityProviders'] {
    return this.resources
      .filter(({ type, managed }) => managed && /_identity_provider$/.test(type))
      .flatMap((resource) => {
        const alias = text(resource, 'alias');
        return typeof alias === 'string'
          ? [{ alias, enabled: flag(resource, 'enabled', true), address: resource.address }]
          : [];
      });
  }

  private otpPolicy(): OtpPolicy | undefined {
    if (!this.realm || !this.managed) return undefined;
    const [block] = nested(this.realm, 'otp_policy');
    if (!block) return DEFAULT_OTP_POLICY;
    const { type, algorithm, digits, period, lookAround, codeReusable } = DEFAULT_OTP_POLICY;
    const value = <T extends Value>(key: string, fallback: T): T => {
      const given = block[key];
      return typeof given === typeof fallback ? (given as T) : fallback;
    };
    return {
      type: value<string>('type', type) as OtpPolicy['type'],
      algorithm: value('algorithm', algorithm),
      digits: value('digits', digits),
      period: value('period', period),
      lookAround: value('look_ahead_window', lookAround),
      codeReusable: value('code_reusable', codeReusable),
    };
  }

  private webAuthn(key: 'web_authn_policy' | 'web_authn_passwordless_policy'): WebAuthnPolicy | undefined {
    if (!this.realm || !this.managed) return undefined;
    const [block] = nested(this.realm, key);
    const passwordless = key === 'web_authn_passwordless_policy';
    const what = `${key} of ${this.realm.address}`;
    const verification = textOf(block?.user_verification_requirement, what);
    const passkeys = textOf(block?.passwordless_passkeys_enabled, what);
    return {
      userVerification: verification || (passwordless && !block ? 'required' : 'not specified'),
      ...(passwordless && { passkeys: isUnknown(passkeys) ? passkeys : passkeys === 'true' }),
    };
  }
}

function nameOf(resource: Resource): string {
  const name = text(resource, 'name');
  return typeof name === 'string' ? name : resource.address;
}

function grantsOf(resource: Resource): EnabledGrants {
  return {
    authorizationCode: flag(resource, 'standard_flow_enabled', false),
    implicit: flag(resource, 'implicit_flow_enabled', false),
    password: flag(resource, 'direct_access_grants_enabled', false),
    device: flag(resource, 'oauth2_device_authorization_grant_enabled', false),
    ciba: false,
    tokenExchange: flag(resource, 'standard_token_exchange_enabled', false),
  };
}

function acrLoaMapOf(attribute: Known<string> | undefined): Known<AcrLoaMap> {
  return isUnknown(attribute) ? attribute : readAcrLoaMap(attribute);
}

/** The provider sends what begins with a bracket as JSON, all else as text. */
function policyPart(block: Readonly<Record<string, Value>>, resource: Resource): PolicyPart {
  const config = map(block.configuration, `configuration of ${resource.address}`);
  return {
    provider: textOf(block.name, `name in ${resource.address}`) ?? { unknown: `${resource.address} names no provider` },
    config: isUnknown(config)
      ? config
      : Object.fromEntries(
          Object.entries(config).map(([key, value]) => [key, isUnknown(value) ? value : parsed(value)]),
        ),
  };
}

function parsed(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}
