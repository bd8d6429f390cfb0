import { readAcrLoaMap, readAcrUriMap } from '../../keycloak/acr-loa-map';
import { builtInFlows } from '../../keycloak/built-in-flows';
import {
  builtInClientScopes,
  builtInClients,
  builtInRequiredActions,
  DEFAULT_BINDINGS,
  DEFAULT_OTP_POLICY,
  DEFAULT_SSO_IDLE,
  DEFAULT_SSO_MAX,
  SERVICE_ACCOUNT_SCOPE,
} from '../../keycloak/built-in-realm';
import { readDefaultAcrValues } from '../../keycloak/client-attributes';
import { parseJavaBoolean } from '../../keycloak/java';
import { withPasswordPolicy } from '../../keycloak/password-policy';
import { DEFAULT_ATTRIBUTES, type DeclaredAttribute, userProfileOf } from '../../keycloak/user-profile';
import {
  type AcrLoaMap,
  type AcrUriMap,
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
  type SelfService,
  type UnknownPart,
  type UserProfile,
  type WebAuthnPolicy,
} from '../../realm-model';
import { flag, map, nested, nestedIn, number, seconds, text, textOf, texts } from './attributes';
import { isReference, type Value } from './expression';
import { readFlows } from './flows';
import { identityProvidersOf } from './identity-providers';
import { isMapper, mapperOf } from './mappers';
import { byRealm, Names } from './names';
import { Order } from './order';
import type { Resource, ResourceSet, UnreadPart } from './resources';
import { Roles } from './roles';

/** Attributes of a client that the model has a place of its own for. */
const ACR_LOA_MAP = 'acr.loa.map';
const DEFAULT_ACR_VALUES = 'default.acr.values';
const MINIMUM_ACR_VALUE = 'minimum.acr.value';

const CLIENTS = ['keycloak_openid_client', 'keycloak_saml_client'];
const CLIENT_SCOPES = ['keycloak_openid_client_scope', 'keycloak_saml_client_scope'];

/** The models of all realms that the resources belong to. */
export function readRealms(set: ResourceSet, source: ModelSource): RealmModel[] {
  const names = new Names(set.resources);
  const full: ModelSource = { ...source, ...(set.provider && { provider: set.provider }) };
  return byRealm(set, names).map((realm) => new RealmReader(realm.set, realm.name, names, full).read());
}

class RealmReader {
  private readonly unknowns: UnknownPart[] = [];
  private readonly resources: readonly Resource[];
  private readonly realm: Resource | undefined;
  private readonly managed: boolean;
  private readonly roles: Roles;
  private readonly order: Order;

  constructor(
    private readonly set: ResourceSet,
    private readonly name: Known<string>,
    private readonly names: Names,
    private readonly source: ModelSource,
  ) {
    this.resources = set.resources;
    this.realm = this.resources.find(({ type }) => type === 'keycloak_realm');
    this.managed = this.realm?.managed === true;
    this.unknowns.push(...set.unread.map(({ address, unknown }) => ({ address, unknown })));
    this.order = new Order(this.resources);
    this.roles = new Roles(this.resources, names, name, this.unknowns);
  }

  read(): RealmModel {
    const flows = this.flows();
    const scopes = this.clientScopes();
    const acrLoaMap = this.acrLoaMap();
    const acrUriMap = this.acrUriMap(acrLoaMap);
    const selfService = this.selfService();
    this.reportStrayMappers();
    const otpPolicy = this.otpPolicy();
    const webAuthn = this.webAuthn('web_authn_policy');
    const passwordless = this.webAuthn('web_authn_passwordless_policy');
    return {
      version: REALM_MODEL_VERSION,
      realm: this.name,
      source: this.source,
      complete: this.managed && this.set.unread.length === 0,
      flows,
      bindings: this.bindings(),
      acrLoaMap,
      clients: [
        ...this.clients(scopes, flows),
        ...builtInClients()
          .filter(({ clientId }) => !this.declaresClient(clientId))
          .map((client) => this.withAdditions(client)),
      ],
      clientScopes: scopes,
      clientPolicies: this.clientPolicies(),
      clientProfiles: this.clientProfiles(),
      requiredActions: withPasswordPolicy(
        this.requiredActions(),
        this.realm && this.managed ? text(this.realm, 'password_policy') : undefined,
      ),
      roles: this.roles.listed(),
      identityProviders: identityProvidersOf(this.resources, this.unknowns),
      ...(otpPolicy && { otpPolicy }),
      ...(webAuthn && { webAuthnPolicy: webAuthn }),
      ...(passwordless && { webAuthnPasswordlessPolicy: passwordless }),
      sessions: {
        ssoIdle: this.lifespan('sso_session_idle_timeout', DEFAULT_SSO_IDLE),
        ssoMax: this.lifespan('sso_session_max_lifespan', DEFAULT_SSO_MAX),
        rememberMeIdle: this.lifespan('sso_session_idle_timeout_remember_me', 0),
        rememberMeMax: this.lifespan('sso_session_max_lifespan_remember_me', 0),
      },
      bruteForce: this.ofRealm(bruteForceOf, 'its brute force detection'),
      selfService,
      ...(acrUriMap && { acrUriMap }),
      userProfile: this.userProfile(selfService),
      defaultRoles: this.elsewhere('keycloak_default_roles') ?? this.roles.ofNewAccounts(this.managed),
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

  private lifespan(attribute: string, fallback: number): Known<number> {
    return this.ofRealm((realm) => seconds(realm, attribute) ?? fallback, attribute);
  }

  private selfService(): SelfService {
    const read = (attribute: string, fallback = false) =>
      this.ofRealm((realm) => flag(realm, attribute, fallback), attribute);
    return {
      registration: read('registration_allowed'),
      resetPassword: read('reset_password_allowed'),
      organizations: read('organizations_enabled'),
      loginWithEmail: read('login_with_email_allowed', true),
      duplicateEmails: read('duplicate_emails_allowed'),
      verifyEmail: read('verify_email'),
      rememberMe: read('remember_me'),
      editUsername: read('edit_username_allowed'),
      emailAsUsername: read('registration_email_as_username'),
    };
  }

  /** Why a resource of a type may exist in a part that was not read, if it may. */
  private elsewhere(...types: string[]): UnreadPart | undefined {
    const found = this.set.unread.find(({ type }) => type === undefined || types.includes(type));
    return found && { ...found, unknown: `${found.address} was not read: ${found.unknown}` };
  }

  private flows(): Flow[] {
    const { flows, unknowns } = readFlows({
      flows: this.all('keycloak_authentication_flow'),
      subflows: this.all('keycloak_authentication_subflow'),
      executions: this.all('keycloak_authentication_execution'),
      configs: this.all('keycloak_authentication_execution_config'),
      all: this.set.resources,
      incomplete: this.elsewhere('keycloak_authentication_execution', 'keycloak_authentication_subflow') !== undefined,
      withoutConfigs: this.elsewhere('keycloak_authentication_execution_config'),
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
      const elsewhere = this.elsewhere('keycloak_authentication_bindings');
      if (elsewhere) return { unknown: elsewhere.unknown };
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

  private acrUriMap(acrLoaMap: Known<AcrLoaMap>): Known<AcrUriMap> | undefined {
    if (!this.realm || !this.managed) return undefined;
    const attributes = map(this.realm.values.attributes, `attributes of ${this.realm.address}`);
    const value = isUnknown(attributes) ? attributes : attributes['acr.uri.map'];
    return isUnknown(value) ? value : readAcrUriMap(value, acrLoaMap);
  }

  private userProfile(selfService: SelfService): Known<UserProfile> {
    const elsewhere = this.elsewhere('keycloak_realm_user_profile');
    if (elsewhere) return { unknown: elsewhere.unknown };
    const [resource] = this.all('keycloak_realm_user_profile');
    if (!resource) {
      return this.managed
        ? userProfileOf(DEFAULT_ATTRIBUTES, 'DISABLED', selfService)
        : { unknown: 'the user profile of the realm is not in this source' };
    }
    const { attribute } = resource.values;
    if (isUnknown(attribute)) return attribute;
    const declared = nested(resource, 'attribute').map((block): DeclaredAttribute => {
      const name = textOf(block.name, `an attribute of ${resource.address}`);
      const permissions = nestedIn(block, 'permissions');
      const edit = permissions.flatMap((each) => (Array.isArray(each.edit) ? each.edit : []));
      const view = permissions.flatMap((each) => (Array.isArray(each.view) ? each.view : []));
      const open = [block.permissions, ...permissions.map((each) => each.edit), ...edit].find(isUnknown);
      return {
        name: typeof name === 'string' ? name : resource.address,
        edit: open ?? (edit.length + view.length === 0 ? undefined : edit.map(String)),
      };
    });
    const policy = text(resource, 'unmanaged_attribute_policy') || 'DISABLED';
    return userProfileOf(declared, policy as UserProfile['unmanaged'], selfService);
  }

  private clientScopes(): ClientScope[] {
    const scopes = this.all(...CLIENT_SCOPES).flatMap((resource): ClientScope[] => {
      const name = text(resource, 'name');
      if (name === undefined || isUnknown(name)) {
        this.unknowns.push({ address: resource.address, unknown: name?.unknown ?? 'it has no name' });
        return [];
      }
      const mappers = this.mappersOf('client_scope_id', resource);
      // The provider shows a scope on the consent screen by giving it a text.
      const shown = text(resource, 'consent_screen_text');
      const onConsentScreen = isUnknown(shown) ? shown : shown !== undefined && shown !== '';
      const roles = this.roles.mappedTo(
        ({ values }) => this.names.refersTo(values.client_scope_id, ...CLIENT_SCOPES) === resource,
      );
      const protocol = resource.type === 'keycloak_saml_client_scope' ? 'saml' : 'openid-connect';
      return [{ name, protocol, mappers, onConsentScreen, ...(roles && { roles }), address: resource.address }];
    });
    const builtIn = builtInClientScopes()
      .filter(({ name }) => !scopes.some((scope) => scope.name === name))
      .map((scope) => this.withMappers(scope));
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
    return this.all(...this.mapperTypes()).flatMap((resource) => {
      if (this.names.refersTo(resource.values[attribute], owner.type) !== owner) return [];
      return mapperOf(resource, (id) => this.roles.named(id)) ?? [];
    });
  }

  private mapperTypes(): string[] {
    return [...new Set(this.resources.map(({ type }) => type))].filter(isMapper);
  }

  /** Mappers of which it isn't known what they are, or whose client or scope is not in this source. */
  private reportStrayMappers(): void {
    for (const resource of this.all(...this.mapperTypes())) {
      const { client_id: client, client_scope_id: scope } = resource.values;
      const owner = this.names.refersTo(client ?? scope, ...CLIENTS, ...CLIENT_SCOPES);
      const mapper = mapperOf(resource, (id) => this.roles.named(id));
      const id = client ?? scope;
      const reason = isUnknown(id)
        ? `its client or scope: ${id.unknown}`
        : !owner
          ? 'its client or client scope is not in this source'
          : mapper
            ? undefined
            : 'which kind of mapper it is is not known';
      if (reason) this.unknowns.push({ address: resource.address, unknown: reason });
    }
  }

  /** What is added to a scope that Keycloak made, through a data source. */
  private withMappers(scope: ClientScope): ClientScope {
    const found = this.data(CLIENT_SCOPES, 'name', scope.name);
    const mappers = found.flatMap((resource) => this.mappersOf('client_scope_id', resource));
    return mappers.length === 0 ? scope : { ...scope, mappers: [...scope.mappers, ...mappers] };
  }

  /** What is added to a client that Keycloak made, through a data source. */
  private withAdditions(client: Client): Client {
    const [found] = this.data(CLIENTS, 'client_id', client.clientId);
    if (!found) return client;
    return {
      ...client,
      defaultScopes: this.listedScopes(found, 'default') ?? client.defaultScopes,
      optionalScopes: this.listedScopes(found, 'optional') ?? client.optionalScopes,
      roles: [...client.roles, ...this.roles.ofClient(found)],
      mappers: this.mappersOf('client_id', found),
    };
  }

  private data(types: readonly string[], attribute: string, value: string): Resource[] {
    return this.resources.filter(
      (resource) => !resource.managed && types.includes(resource.type) && text(resource, attribute) === value,
    );
  }

  private declaresClient(clientId: string): boolean {
    return this.all(...CLIENTS).some((each) => text(each, 'client_id') === clientId);
  }

  private clients(scopes: readonly ClientScope[], flows: readonly Flow[]): Client[] {
    return this.all(...CLIENTS).map((resource) => {
      const clientId = text(resource, 'client_id') ?? { unknown: 'it has no client id' };
      if (!isUnknown(clientId)) return this.client(resource, clientId, scopes, flows);
      // A client without a known name is a way in nevertheless.
      this.unknowns.push({ address: resource.address, unknown: clientId.unknown });
      return this.client(resource, resource.address, scopes, flows);
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
    const roles = this.roles.ofClient(resource);
    const mapped = this.roles.mappedTo(({ values }) => this.names.refersTo(values.client_id, ...CLIENTS) === resource);
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
      grants: grantsOf(resource, attribute),
      defaultScopes: this.scopesOf(resource, 'default', scopes),
      optionalScopes: this.scopesOf(resource, 'optional', scopes),
      roles,
      fullScope: flag(resource, 'full_scope_allowed', true),
      scopeRoles: isUnknown(mapped)
        ? mapped
        : [...new Set([...this.roles.expand(roles.map((role) => `${clientId}.${role}`)), ...(mapped ?? [])])],
      mappers: this.mappersOf('client_id', resource),
      attributes: { ...attributes, ...pkceOf(resource) },
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
    const listed = this.listedScopes(client, kind);
    if (listed) return listed;
    const own =
      kind === 'default' && flag(client, 'service_accounts_enabled', false) === true ? [SERVICE_ACCOUNT_SCOPE] : [];
    const protocol = client.type === 'keycloak_saml_client' ? 'saml' : 'openid-connect';
    const given = (list: readonly ClientScope[]) =>
      list.filter((scope) => scope.realmDefault === kind && scope.protocol === protocol).map(({ name }) => name);
    const [before, after] = [given(builtInClientScopes()), given(scopes)];
    const [assigned] = this.all(`keycloak_realm_${kind}_client_scopes`);
    if (!assigned || this.order.allBefore(client).has(assigned)) return [...after, ...own];
    if (this.order.allBefore(assigned).has(client)) return [...before, ...own];
    // A client has what its realm gives at the time when it is made.
    const same = before.length === after.length && before.every((name) => after.includes(name));
    const why = `neither ${client.address} nor ${assigned.address} depends on the other, so which comes first is not known`;
    return same ? [...after, ...own] : { unknown: why };
  }

  /** What a resource of its own gives a client, if there is one or may be one that was not read. */
  private listedScopes(client: Resource, kind: 'default' | 'optional'): Known<readonly string[]> | undefined {
    const type = `${client.type}_${kind}_scopes`;
    const found = this.all(type).find(({ values }) => this.names.refersTo(values.client_id, client.type) === client);
    const listed = found && texts(found, `${kind}_scopes`);
    if (listed) return listed;
    const elsewhere = this.elsewhere(type) ?? this.strayScopes(type);
    return elsewhere && { unknown: elsewhere.unknown };
  }

  /** A list of scopes whose client isn't known may be any client's. */
  private strayScopes(type: string): UnknownPart | undefined {
    const stray = this.all(type).find(({ values }) => isUnknown(values.client_id));
    return stray && { address: stray.address, unknown: `${stray.address}: its client is not known` };
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
    // In a realm of another source, or by a part that was not read, each may have been changed.
    const elsewhere = this.managed
      ? this.elsewhere('keycloak_required_action')
      : { unknown: 'the required action is not in this source' };
    const rest = elsewhere
      ? builtIn.map((action) => ({ ...action, enabled: { unknown: elsewhere.unknown } }))
      : builtIn;
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

function grantsOf(resource: Resource, attribute: (name: string) => Known<string> | undefined): EnabledGrants {
  const saml = resource.type === 'keycloak_saml_client';
  const isPublic = text(resource, 'access_type') === 'PUBLIC';
  const byAttribute = (name: string): Known<boolean> => {
    const value = attribute(name);
    return isUnknown(value) ? value : parseJavaBoolean(value);
  };
  const either = (own: string, name: string): Known<boolean> => {
    const [a, b] = [flag(resource, own, false), byAttribute(name)];
    return a === true || b === true || (isUnknown(b) ? b : a);
  };
  return {
    // The provider says nothing of it for SAML clients, for which Keycloak's default is on.
    authorizationCode: flag(resource, 'standard_flow_enabled', saml),
    implicit: flag(resource, 'implicit_flow_enabled', false),
    password: flag(resource, 'direct_access_grants_enabled', false),
    device: either('oauth2_device_authorization_grant_enabled', 'oauth2.device.authorization.grant.enabled'),
    ciba: byAttribute('oidc.ciba.grant.enabled'),
    tokenExchange: either('standard_token_exchange_enabled', 'standard.token.exchange.enabled'),
    serviceAccount: isPublic ? false : flag(resource, 'service_accounts_enabled', false),
    jwtAuthorization: isPublic
      ? false
      : either('oauth2_jwt_authorization_grant_enabled', 'oauth2.jwt.authorization.grant.enabled'),
    ...(nested(resource, 'authorization').length > 0 && { authorizationServices: true }),
  };
}

/** The attribute that the resource has an argument for. */
function pkceOf(resource: Resource): Record<string, Known<string>> {
  const method = text(resource, 'pkce_code_challenge_method');
  return method === undefined || method === '' ? {} : { 'pkce.code.challenge.method': method };
}

function acrLoaMapOf(attribute: Known<string> | undefined): Known<AcrLoaMap> {
  return isUnknown(attribute) ? attribute : readAcrLoaMap(attribute);
}

/** The provider switches it off where the block is missing. */
function bruteForceOf(realm: Resource): boolean {
  return nested(realm, 'security_defenses').some((block) => nestedIn(block, 'brute_force_detection').length > 0);
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
