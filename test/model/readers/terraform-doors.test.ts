import { readTerraformConfiguration, readTerraformPlan, readTerraformState } from '../../../model/readers';
import type { RealmModel } from '../../../model/realm-model';

type Resources = Record<string, Record<string, object>>;

const R = { realm_id: '${keycloak_realm.r.id}' };
const id = (address: string) => `\${${address}.id}`;

function read(
  resource: Resources,
  { realm = {}, ...rest }: { realm?: object; data?: object; variable?: object } = {},
): RealmModel {
  const models = readTerraformConfiguration({
    resource: { keycloak_realm: { r: { realm: 'acme', ...realm } }, ...resource },
    ...rest,
  });
  expect(models).toHaveLength(1);
  return models[0] as RealmModel;
}

const APP = { keycloak_openid_client: { app: { ...R, client_id: 'app', access_type: 'CONFIDENTIAL' } } };
const ON_APP = { ...R, client_id: id('keycloak_openid_client.app') };
const client = (model: RealmModel, name = 'app') => model.clients.find(({ clientId }) => clientId === name);
const scope = (model: RealmModel, name: string) => model.clientScopes.find((each) => each.name === name);

describe('mappers of types of their own', () => {
  const mapper = (type: string, attributes: object) =>
    client(read({ ...APP, [`keycloak_${type}`]: { m: { ...ON_APP, name: 'm', ...attributes } } }))?.mappers;
  const on = {
    'access.token.claim': 'true',
    'id.token.claim': 'true',
    'userinfo.token.claim': 'true',
    'introspection.token.claim': 'true',
  };

  test.each([
    [
      'openid_hardcoded_claim_protocol_mapper',
      { claim_name: 'acr', claim_value: 'gold', add_to_id_token: false },
      'oidc-hardcoded-claim-mapper',
      { ...on, 'claim.name': 'acr', 'claim.value': 'gold', 'id.token.claim': 'false' },
    ],
    [
      'openid_user_attribute_protocol_mapper',
      { claim_name: 'acr', user_attribute: 'level' },
      'oidc-usermodel-attribute-mapper',
      { ...on, 'claim.name': 'acr', 'user.attribute': 'level' },
    ],
    [
      'openid_user_property_protocol_mapper',
      { claim_name: 'acr', user_property: 'email' },
      'oidc-usermodel-property-mapper',
      { ...on, 'claim.name': 'acr', 'user.attribute': 'email' },
    ],
    [
      'openid_user_session_note_protocol_mapper',
      { claim_name: 'acr', session_note: 'n' },
      'oidc-usersessionmodel-note-mapper',
      { ...on, 'claim.name': 'acr', 'user.session.note': 'n' },
    ],
    [
      'openid_script_protocol_mapper',
      { claim_name: 'acr', script: '"gold"' },
      'oidc-script-based-protocol-mapper',
      { ...on, 'claim.name': 'acr', script: '"gold"' },
    ],
    [
      'openid_audience_protocol_mapper',
      { included_client_audience: 'api' },
      'oidc-audience-mapper',
      { ...on, 'included.client.audience': 'api' },
    ],
    [
      'openid_hardcoded_role_protocol_mapper',
      { role_id: '${keycloak_role.none.id}' },
      'oidc-hardcoded-role-mapper',
      { role: { unknown: expect.any(String) } },
    ],
    ['openid_full_name_protocol_mapper', {}, 'oidc-full-name-mapper', on],
    ['openid_sub_protocol_mapper', {}, 'oidc-sub-mapper', on],
    [
      'openid_group_membership_protocol_mapper',
      { claim_name: 'acr' },
      'oidc-group-membership-mapper',
      { ...on, 'claim.name': 'acr' },
    ],
    [
      'openid_user_realm_role_protocol_mapper',
      { claim_name: 'acr' },
      'oidc-usermodel-realm-role-mapper',
      { ...on, 'claim.name': 'acr' },
    ],
    [
      'openid_user_client_role_protocol_mapper',
      { claim_name: 'acr' },
      'oidc-usermodel-client-role-mapper',
      { ...on, 'claim.name': 'acr' },
    ],
    ['openid_audience_resolve_protocol_mapper', {}, 'oidc-audience-resolve-mapper', {}],
    [
      'generic_protocol_mapper',
      { protocol_mapper: 'oidc-acr-mapper', config: { a: 'b' } },
      'oidc-acr-mapper',
      { a: 'b' },
    ],
    [
      'generic_client_protocol_mapper',
      { protocol_mapper: 'oidc-acr-mapper', config: { a: 1 } },
      'oidc-acr-mapper',
      { a: '1' },
    ],
  ])('%s is Keycloak’s own', (type, attributes, provider, config) => {
    expect(mapper(type, attributes)).toEqual([{ name: 'm', mapper: provider, config }]);
  });

  test('an unknown value is one unknown, an unknown config all of it', () => {
    const [typed] =
      mapper('openid_hardcoded_claim_protocol_mapper', { claim_name: 'acr', claim_value: '${var.level}' }) ?? [];
    expect(typed?.config['claim.value']).toEqual({ unknown: expect.stringMatching(/level/) });
    const [generic] = mapper('generic_protocol_mapper', { protocol_mapper: 'x', config: '${var.config}' }) ?? [];
    expect(generic?.config['claim.name']).toEqual({ unknown: expect.any(String) });
  });

  test('may be on scopes, of Keycloak’s own by a data source too', () => {
    const claim = { ...R, name: 'm', claim_name: 'acr', claim_value: 'gold' };
    const model = read(
      {
        keycloak_openid_client_scope: { own: { ...R, name: 'own' } },
        keycloak_openid_hardcoded_claim_protocol_mapper: {
          a: { ...claim, client_scope_id: id('keycloak_openid_client_scope.own') },
          b: { ...claim, client_scope_id: id('data.keycloak_openid_client_scope.profile') },
        },
      },
      { data: { keycloak_openid_client_scope: { profile: { ...R, name: 'profile' } } } },
    );
    expect(model.unknowns).toEqual([]);
    for (const name of ['own', 'profile']) {
      expect(scope(model, name)?.mappers).toEqual([expect.objectContaining({ mapper: 'oidc-hardcoded-claim-mapper' })]);
    }
  });

  test.each([
    ['whose client is not known', { client_id: '${var.client}' }, /client/],
    ['whose client is another source’s', { client_id: 'some-uuid' }, /not in this source/],
    ['whose kind is not known', { ...ON_APP, protocol_mapper: '${var.kind}' }, /which kind/],
  ])('%s are told', (_, attributes, why) => {
    const model = read({
      ...APP,
      keycloak_generic_protocol_mapper: { m: { ...R, name: 'm', protocol_mapper: 'x', config: {}, ...attributes } },
    });
    expect(model.unknowns).toEqual([
      { address: 'keycloak_generic_protocol_mapper.m', unknown: expect.stringMatching(why) },
    ]);
  });
});

test('a client has the realm’s scopes of the time when it is made', () => {
  const scopes = (client_: object, assigned: object = {}, list = ['profile']) =>
    client(
      read({
        keycloak_realm_default_client_scopes: { d: { ...R, default_scopes: list, ...assigned } },
        keycloak_openid_client: { app: { ...R, client_id: 'app', ...client_ } },
      }),
    )?.defaultScopes;
  const builtIn = ['profile', 'email', 'roles', 'web-origins', 'acr', 'basic'];
  expect(scopes({ depends_on: ['keycloak_realm_default_client_scopes.d'] })).toEqual(['profile']);
  expect(scopes({}, { depends_on: ['keycloak_openid_client.app'] })).toEqual(builtIn);
  expect(scopes({})).toEqual({ unknown: expect.stringMatching(/which comes first/) });
  expect(scopes({}, {}, builtIn)).toEqual(builtIn);
});

test('SAML clients have their flow, attributes, scopes and Keycloak’s switched-on login', () => {
  const model = read({
    keycloak_authentication_flow: { f: { ...R, alias: 'weak' } },
    keycloak_saml_client: {
      wiki: {
        ...R,
        client_id: 'wiki',
        authentication_flow_binding_overrides: { browser_id: id('keycloak_authentication_flow.f') },
        extra_config: { 'minimum.acr.value': 'urn:gold' },
      },
    },
    keycloak_saml_client_scope: { own: { ...R, name: 'own' } },
  });
  expect(client(model, 'wiki')).toMatchObject({
    protocol: 'saml',
    flowOverrides: { browser: { alias: 'weak' } },
    minimumAcr: 'urn:gold',
    grants: { authorizationCode: true, password: false },
    defaultScopes: ['role_list', 'saml_organization', 'AuthnContextClassRef'],
  });
  expect(scope(model, 'own')?.protocol).toBe('saml');
});

test('identity providers have their flows, and what the provider gives them', () => {
  const { identityProviders } = read({
    keycloak_oidc_identity_provider: {
      partner: {
        realm: '${keycloak_realm.r.realm}',
        alias: 'partner',
        first_broker_login_flow_alias: '${keycloak_authentication_flow.f.alias}',
        post_broker_login_flow_alias: 'post',
        trust_email: true,
        link_only: true,
        extra_config: { jwtAuthorizationGrantEnabled: 'true' },
      },
    },
    keycloak_oidc_google_identity_provider: { g: { realm: id('keycloak_realm.r'), enabled: false } },
    keycloak_saml_identity_provider: { s: { realm: 'acme', alias: '${var.alias}', first_broker_login_flow_alias: '' } },
    keycloak_authentication_flow: { f: { ...R, alias: 'first' } },
  });
  const off = { trustEmail: false, linkOnly: false, jwtAuthorization: false };
  const at = (type: string) => ({ address: `keycloak_${type}` });
  expect(identityProviders).toEqual([
    {
      ...at('oidc_identity_provider.partner'),
      alias: 'partner',
      provider: 'oidc',
      enabled: true,
      firstLoginFlow: 'first',
      postLoginFlow: 'post',
      trustEmail: true,
      linkOnly: true,
      jwtAuthorization: true,
    },
    {
      ...at('oidc_google_identity_provider.g'),
      alias: 'google',
      provider: 'google',
      enabled: false,
      firstLoginFlow: 'first broker login',
      ...off,
    },
    {
      ...at('saml_identity_provider.s'),
      alias: 'keycloak_saml_identity_provider.s',
      provider: 'saml',
      enabled: true,
      ...off,
    },
  ]);
});

describe('grants', () => {
  const grants = (attributes: object) =>
    client(
      read({ keycloak_openid_client: { app: { ...R, client_id: 'app', access_type: 'CONFIDENTIAL', ...attributes } } }),
    )?.grants;

  test('are switched on by attributes of their own or by extra_config', () => {
    const off = { device: false, ciba: false, tokenExchange: false, serviceAccount: false, jwtAuthorization: false };
    expect(grants({})).toMatchObject(off);
    expect(
      grants({
        service_accounts_enabled: true,
        oauth2_jwt_authorization_grant_enabled: true,
        standard_token_exchange_enabled: true,
      }),
    ).toMatchObject({
      ...off,
      serviceAccount: true,
      jwtAuthorization: true,
      tokenExchange: true,
    });
    const extra_config = {
      'oidc.ciba.grant.enabled': true,
      'oauth2.jwt.authorization.grant.enabled': 'true',
      'standard.token.exchange.enabled': 'true',
      'oauth2.device.authorization.grant.enabled': 'true',
    };
    expect(grants({ extra_config })).toMatchObject({
      device: true,
      ciba: true,
      tokenExchange: true,
      jwtAuthorization: true,
    });
  });

  test('of permissions is on with Authorization Services', () => {
    expect(grants({ authorization: { policy_enforcement_mode: 'ENFORCING' } })).toMatchObject({
      authorizationServices: true,
    });
    expect(grants({})).not.toHaveProperty('authorizationServices');
  });

  test('that Keycloak refuses public clients are off', () => {
    const all = { access_type: 'PUBLIC', service_accounts_enabled: true, oauth2_jwt_authorization_grant_enabled: true };
    expect(grants(all)).toMatchObject({ serviceAccount: false, jwtAuthorization: false });
  });

  test('are unknown where extra_config is', () => {
    expect(grants({ extra_config: '${var.extra}' })?.ciba).toEqual({ unknown: expect.any(String) });
  });
});

test('an identity provider may leave no account behind', () => {
  const partner = (extra_config: unknown) =>
    read({ keycloak_oidc_identity_provider: { p: { realm: 'acme', alias: 'p', extra_config } } }).identityProviders[0];
  expect(partner({ doNotStoreUsers: 'true' })?.transientUsers).toBe(true);
  expect(partner({ doNotStoreUsers: 'false' })).not.toHaveProperty('transientUsers');
  expect(partner('${var.extra}')?.transientUsers).toEqual({ unknown: expect.any(String) });
});

test('a password policy says how long a login counts for a new password', () => {
  const age = (password_policy: string) =>
    read({}, { realm: { password_policy } }).requiredActions.find(({ alias }) => alias === 'UPDATE_PASSWORD')?.config
      .max_auth_age;
  expect(age('length(8) and maxAuthAge(60)')).toBe('60');
  expect(age('length(8)')).toBeUndefined();
  expect(age('${var.policy}')).toEqual({ unknown: expect.any(String) });
});

test('a client whose id is not known stays', () => {
  const model = read({
    keycloak_openid_client: { app: { ...R, client_id: '${var.id}', standard_flow_enabled: true } },
  });
  expect(client(model, 'keycloak_openid_client.app')?.grants.authorizationCode).toBe(true);
  expect(model.unknowns).toEqual([
    { address: 'keycloak_openid_client.app', unknown: expect.stringMatching(/variable id/) },
  ]);
});

describe('roles', () => {
  const roles = {
    keycloak_role: {
      boss: { ...R, name: 'boss', composite_roles: [id('keycloak_role.pay')] },
      pay: { ...ON_APP, name: 'pay' },
    },
  };

  test('of client scopes and clients come from mappings, with what they hold', () => {
    const model = read({
      ...roles,
      keycloak_openid_client: { app: { ...R, client_id: 'app', full_scope_allowed: false } },
      keycloak_openid_client_scope: { s: { ...R, name: 'payments' } },
      keycloak_generic_role_mapper: {
        a: { ...R, client_scope_id: id('keycloak_openid_client_scope.s'), role_id: id('keycloak_role.boss') },
      },
      keycloak_generic_client_role_mapper: { b: { ...ON_APP, role_id: id('keycloak_role.boss') } },
    });
    expect(scope(model, 'payments')?.roles).toEqual(['boss', 'app.pay']);
    expect(client(model)).toMatchObject({ fullScope: false, scopeRoles: ['app.pay', 'boss'] });
    expect(scope(model, 'offline_access')?.roles).toEqual(['offline_access']);
  });

  test('of new accounts are Keycloak’s, or those of a resource', () => {
    const builtIn = [
      'default-roles-acme',
      'offline_access',
      'uma_authorization',
      'account.view-profile',
      'account.manage-account',
      'account.manage-account-links',
    ];
    expect(read({}).defaultRoles).toEqual(builtIn);
    const own = {
      ...APP,
      ...roles,
      keycloak_default_roles: { d: { ...R, default_roles: ['boss', 'account/view-profile'] } },
    };
    expect(read(own).defaultRoles).toEqual(['default-roles-acme', 'boss', 'account.view-profile', 'app.pay']);
  });
});

test('what users may do by themselves, and the longest sessions', () => {
  const realm = {
    login_with_email_allowed: false,
    duplicate_emails_allowed: true,
    verify_email: true,
    remember_me: true,
    edit_username_allowed: true,
    registration_email_as_username: true,
    sso_session_idle_timeout_remember_me: '1h',
    attributes: { 'acr.loa.map': '{"gold":2}', 'acr.uri.map': '{"gold":"urn:gold"}' },
  };
  expect(read({}, { realm })).toMatchObject({
    selfService: {
      loginWithEmail: false,
      duplicateEmails: true,
      verifyEmail: true,
      rememberMe: true,
      editUsername: true,
      emailAsUsername: true,
    },
    sessions: { rememberMeIdle: 3600, rememberMeMax: 0 },
    acrUriMap: { classes: [{ uri: 'urn:gold', loa: 2 }] },
  });
});

describe('the user profile', () => {
  const profile = (attribute: unknown, more: object = {}) =>
    read({ keycloak_realm_user_profile: { p: { ...R, attribute, ...more } } }).userProfile;

  test('is that of its resource', () => {
    expect(
      profile(
        [
          { name: 'email', permissions: { view: ['user'], edit: ['admin', 'user'] } },
          { name: 'clearance', permissions: [{ view: ['user'], edit: ['admin'] }] },
        ],
        { unmanaged_attribute_policy: 'ADMIN_EDIT' },
      ),
    ).toEqual({
      attributes: [
        { name: 'email', userEdits: true },
        { name: 'clearance', userEdits: false },
      ],
      unmanaged: 'ADMIN_EDIT',
    });
  });

  test('is Keycloak’s without one, and unknown in a realm of another source', () => {
    expect(read({}).userProfile).toMatchObject({
      unmanaged: 'DISABLED',
      attributes: [{ name: 'username', userEdits: false }, { name: 'email' }, {}, {}],
    });
    const [model] = readTerraformConfiguration({
      data: { keycloak_realm: { r: { realm: 'acme' } } },
      resource: { keycloak_openid_client: { a: { realm_id: '${data.keycloak_realm.r.id}', client_id: 'a' } } },
    });
    expect(model).toMatchObject({
      userProfile: { unknown: expect.any(String) },
      defaultRoles: { unknown: expect.any(String) },
      selfService: { rememberMe: { unknown: expect.any(String) } },
    });
  });

  test('with attributes that are repeated by what is not known is unknown', () => {
    const dynamic = { attribute: [{ for_each: '${var.names}', content: [{ name: '${attribute.value}' }] }] };
    expect(profile(undefined, { dynamic })).toEqual({ unknown: expect.stringMatching(/dynamic attribute/) });
    const known = { attribute: [{ for_each: ['a', 'b'], content: [{ name: '${attribute.value}' }] }] };
    expect(profile([], { dynamic: known })).toMatchObject({ attributes: [{ name: 'a' }, { name: 'b' }] });
  });
});

describe('what was not read', () => {
  test('leaves no room for claims about what it may hold', () => {
    const model = read({ ...APP, keycloak_required_action: { t: { ...R, alias: 'CONFIGURE_TOTP', enabled: true } } }, {
      module: { m: { source: 'acme/m/keycloak' } },
    } as object);
    const unknown = { unknown: expect.stringMatching(/module\.m/) };
    expect(model).toMatchObject({
      complete: false,
      bindings: { browser: unknown },
      userProfile: unknown,
      defaultRoles: unknown,
    });
    expect(client(model)).toMatchObject({ defaultScopes: unknown, optionalScopes: unknown });
    expect(model.requiredActions.find(({ alias }) => alias === 'UPDATE_PASSWORD')?.enabled).toEqual(unknown);
    expect(model.requiredActions.find(({ alias }) => alias === 'CONFIGURE_TOTP')?.enabled).toBe(true);
  });

  test('a part whose realm is not known makes each realm incomplete, and none of its own', () => {
    const models = readTerraformConfiguration({
      resource: {
        keycloak_realm: { a: { realm: 'one' }, b: { realm: 'two' } },
        keycloak_authentication_bindings: { x: { realm_id: '${var.realm}', browser_flow: 'x' } },
      },
    });
    expect(models.map(({ realm, complete, bindings }) => [realm, complete, bindings.browser])).toEqual([
      ['one', false, { unknown: expect.stringMatching(/may be of this realm/) }],
      ['two', false, { unknown: expect.stringMatching(/may be of this realm/) }],
    ]);
  });

  test('in a plan: a realm by a key that is not told is the only one, or may be any', () => {
    const plan = (realms: string[]) => ({
      planned_values: {
        root_module: {
          resources: [
            ...realms.map((key) => ({
              address: `keycloak_realm.r["${key}"]`,
              type: 'keycloak_realm',
              values: { realm: key },
            })),
            { address: 'keycloak_openid_client.c["x"]', type: 'keycloak_openid_client', values: { client_id: 'x' } },
          ],
        },
      },
      resource_changes: [
        ...realms.map((key) => ({ address: `keycloak_realm.r["${key}"]`, change: { after_unknown: { id: true } } })),
        { address: 'keycloak_openid_client.c["x"]', change: { after_unknown: { realm_id: true } } },
      ],
      configuration: {
        root_module: {
          resources: [
            {
              address: 'keycloak_openid_client.c',
              expressions: { realm_id: { references: ['keycloak_realm.r', 'each.value.realm', 'each.value'] } },
            },
          ],
        },
      },
    });
    const [only] = readTerraformPlan(plan(['one'])).after as [RealmModel];
    expect(only).toMatchObject({ realm: 'one', complete: true });
    expect(client(only, 'x')).toBeDefined();
    const both = readTerraformPlan(plan(['one', 'two'])).after;
    expect(both.map(({ realm, complete }) => [realm, complete])).toEqual([
      ['one', false],
      ['two', false],
    ]);
  });
});

test('a plan knows the data sources that were read for it', () => {
  const [model] = readTerraformPlan({
    planned_values: {
      root_module: {
        resources: [
          { address: 'keycloak_realm.r', type: 'keycloak_realm', values: { id: 'acme', realm: 'acme' } },
          {
            address: 'keycloak_openid_hardcoded_claim_protocol_mapper.m',
            type: 'keycloak_openid_hardcoded_claim_protocol_mapper',
            values: { realm_id: 'acme', client_scope_id: 'uuid', name: 'm', claim_name: 'acr', claim_value: 'gold' },
          },
        ],
      },
    },
    prior_state: {
      values: {
        root_module: {
          resources: [
            {
              address: 'data.keycloak_openid_client_scope.acr',
              mode: 'data',
              type: 'keycloak_openid_client_scope',
              values: { id: 'uuid', realm_id: 'acme', name: 'acr' },
            },
          ],
        },
      },
    },
  }).after as [RealmModel];
  expect(model.unknowns).toEqual([]);
  expect(scope(model, 'acr')?.mappers.map(({ mapper }) => mapper)).toEqual([
    'oidc-acr-mapper',
    'oidc-hardcoded-claim-mapper',
  ]);
});

test('a state is read alike', () => {
  const resource = (type: string, name: string, values: Record<string, unknown>) => ({
    address: `${type}.${name}`,
    type,
    values,
  });
  const [model] = readTerraformState({
    values: {
      root_module: {
        resources: [
          resource('keycloak_realm', 'r', { id: 'acme', realm: 'acme', remember_me: true }),
          resource('keycloak_openid_client', 'app', { id: 'uuid', realm_id: 'acme', client_id: 'app' }),
          resource('keycloak_openid_hardcoded_claim_protocol_mapper', 'm', {
            realm_id: 'acme',
            client_id: 'uuid',
            name: 'm',
            claim_name: 'acr',
            claim_value: 'gold',
            add_to_access_token: true,
          }),
          resource('keycloak_oidc_identity_provider', 'p', { realm: 'acme', alias: 'p', provider_id: 'keycloak-oidc' }),
        ],
      },
    },
  });
  expect(model).toMatchObject({
    complete: true,
    selfService: { rememberMe: true },
    identityProviders: [{ alias: 'p', provider: 'keycloak-oidc' }],
  });
  expect(client(model as RealmModel)?.mappers).toMatchObject([
    { mapper: 'oidc-hardcoded-claim-mapper', config: { 'claim.value': 'gold' } },
  ]);
});

describe('the order without priorities', () => {
  const step = (parent: string, authenticator: string, after?: string) => ({
    ...R,
    parent_flow_alias: parent,
    authenticator,
    requirement: 'REQUIRED',
    ...(after && { depends_on: [after] }),
  });

  test('follows dependencies that go through configs and steps of subflows', () => {
    const model = read({
      keycloak_authentication_flow: { f: { ...R, alias: 'f' } },
      keycloak_authentication_subflow: {
        z: { ...R, parent_flow_alias: 'f', alias: 'z' },
        a: { ...R, parent_flow_alias: 'f', alias: 'a', depends_on: ['keycloak_authentication_execution.y'] },
      },
      keycloak_authentication_execution: {
        x: step('z', 'conditional-level-of-authentication', 'keycloak_authentication_subflow.z'),
        y: step('z', 'auth-cookie', 'keycloak_authentication_execution_config.x'),
      },
      keycloak_authentication_execution_config: {
        x: { ...R, execution_id: id('keycloak_authentication_execution.x'), alias: 'x', config: {} },
      },
    });
    const flow = model.flows.at(-1);
    expect(flow?.orderUnknown).toBeUndefined();
    expect(flow?.executions.map((each) => each.kind === 'subflow' && each.flow.alias)).toEqual(['z', 'a']);
  });
});
