import type { Resources } from './terraform';

const realm = '${keycloak_realm.realm.id}';
const client = '${keycloak_openid_client.app.id}';
const server = { realm_id: realm, resource_server_id: '${keycloak_openid_client.app.resource_server_id}' };
const decided = { ...server, decision_strategy: 'UNANIMOUS', logic: 'POSITIVE' };

/** A realm with at least one resource of every type that the offline provider serves. */
export const everyType = (realmName: string): Resources => ({
  keycloak_realm: {
    realm: {
      realm: realmName,
      display_name: 'Bank',
      attributes: { 'acr.loa.map': '{"silver":1,"gold":2}' },
      internationalization: [{ supported_locales: ['en', 'de'], default_locale: 'en' }],
      smtp_server: [{ host: 'localhost', from: 'bank@example.com', auth: [{ username: 'u', password: 'p' }] }],
      security_defenses: [
        { headers: [{ x_frame_options: 'DENY' }], brute_force_detection: [{ max_login_failures: 5 }] },
      ],
      otp_policy: [{ digits: 8, algorithm: 'HmacSHA256' }],
      web_authn_policy: [{ relying_party_entity_name: 'Bank', signature_algorithms: ['ES256'] }],
      web_authn_passwordless_policy: [{ user_verification_requirement: 'required' }],
    },
  },
  keycloak_realm_events: {
    events: {
      realm_id: realm,
      events_enabled: true,
      enabled_event_types: ['LOGIN'],
      events_listeners: ['jboss-logging'],
    },
  },
  keycloak_custom_user_federation: {
    kerberos: {
      realm_id: realm,
      name: 'tickets',
      provider_id: 'kerberos',
      config: {
        kerberosRealm: 'EXAMPLE.COM',
        serverPrincipal: 'HTTP/login.example.com@EXAMPLE.COM',
        keyTab: '/etc/keycloak.keytab',
        editMode: 'READ_ONLY',
      },
    },
  },
  keycloak_realm_user_profile: {
    profile: {
      realm_id: realm,
      attribute: [
        { name: 'username', permissions: [{ view: ['admin', 'user'], edit: ['admin'] }] },
        {
          name: 'email',
          group: 'contact',
          required_for_roles: ['user'],
          enabled_when_scope: ['email'],
          validator: [{ name: 'length', config: { max: '255' } }],
          annotations: { shape: '{"size":1}' },
        },
      ],
      group: [{ name: 'contact', display_header: 'Contact' }],
    },
  },
  keycloak_realm_default_client_scopes: {
    default: {
      realm_id: realm,
      default_scopes: ['profile', 'basic', 'acr'],
      depends_on: ['keycloak_openid_client.app', 'keycloak_openid_client_default_scopes.app'],
    },
  },
  keycloak_realm_optional_client_scopes: {
    optional: {
      realm_id: realm,
      optional_scopes: ['phone'],
      depends_on: ['keycloak_realm_default_client_scopes.default', 'keycloak_openid_client_optional_scopes.app'],
    },
  },
  keycloak_realm_client_policy_profile: {
    strict: {
      realm_id: realm,
      name: 'strict',
      executor: [{ name: 'auth-flow-enforcer', configuration: { 'auth-flow-alias': 'browser', 'auth-flow-loa': '2' } }],
    },
  },
  keycloak_realm_client_policy_profile_policy: {
    gold: {
      realm_id: realm,
      name: 'gold',
      profiles: ['${keycloak_realm_client_policy_profile.strict.name}'],
      condition: [
        {
          name: 'client-scopes',
          configuration: { scopes: '["${keycloak_openid_client_scope.pay.name}"]', type: 'Any' },
        },
      ],
    },
  },
  keycloak_authentication_flow: { flow: { realm_id: realm, alias: 'step up', description: 'Two levels' } },
  keycloak_authentication_subflow: {
    level: {
      realm_id: realm,
      parent_flow_alias: '${keycloak_authentication_flow.flow.alias}',
      alias: 'silver level',
      requirement: 'CONDITIONAL',
      priority: 10,
    },
  },
  keycloak_authentication_execution: {
    condition: {
      realm_id: realm,
      parent_flow_alias: '${keycloak_authentication_subflow.level.alias}',
      authenticator: 'conditional-level-of-authentication',
      requirement: 'REQUIRED',
      priority: 10,
    },
    password: {
      realm_id: realm,
      parent_flow_alias: '${keycloak_authentication_subflow.level.alias}',
      authenticator: 'auth-username-password-form',
      requirement: 'REQUIRED',
      priority: 20,
    },
  },
  keycloak_authentication_execution_config: {
    condition: {
      realm_id: realm,
      execution_id: '${keycloak_authentication_execution.condition.id}',
      alias: 'silver',
      config: { 'loa-condition-level': '1', 'loa-max-age': '3600' },
    },
  },
  keycloak_authentication_bindings: {
    bindings: {
      realm_id: realm,
      browser_flow: '${keycloak_authentication_flow.flow.alias}',
      depends_on: ['keycloak_authentication_execution.password', 'keycloak_authentication_execution_config.condition'],
    },
  },
  keycloak_required_action: {
    totp: {
      realm_id: realm,
      alias: 'CONFIGURE_TOTP',
      name: 'Configure OTP',
      enabled: true,
      config: { max_auth_age: '100' },
    },
  },
  keycloak_openid_client: {
    app: {
      realm_id: realm,
      client_id: 'app',
      name: 'App',
      access_type: 'CONFIDENTIAL',
      standard_flow_enabled: true,
      service_accounts_enabled: true,
      valid_redirect_uris: ['http://localhost/*'],
      authorization: [{ policy_enforcement_mode: 'ENFORCING' }],
      authentication_flow_binding_overrides: [{ browser_id: '${keycloak_authentication_flow.flow.id}' }],
    },
  },
  keycloak_openid_client_scope: {
    pay: { realm_id: realm, name: 'payments', consent_screen_text: 'Pay', gui_order: 3 },
  },
  keycloak_openid_client_default_scopes: {
    app: { realm_id: realm, client_id: client, default_scopes: ['profile', 'basic', 'acr', 'service_account'] },
  },
  keycloak_openid_client_optional_scopes: {
    app: {
      realm_id: realm,
      client_id: client,
      optional_scopes: ['${keycloak_openid_client_scope.pay.name}'],
      depends_on: ['keycloak_openid_client_default_scopes.app'],
    },
  },
  keycloak_generic_protocol_mapper: {
    amr: {
      realm_id: realm,
      client_id: client,
      name: 'amr of app',
      protocol: 'openid-connect',
      protocol_mapper: 'oidc-amr-mapper',
      config: {
        'id.token.claim': 'true',
        'access.token.claim': 'true',
        'userinfo.token.claim': 'false',
        'introspection.token.claim': 'true',
      },
    },
  },
  keycloak_openid_audience_protocol_mapper: {
    api: {
      realm_id: realm,
      client_scope_id: '${keycloak_openid_client_scope.pay.id}',
      name: 'api',
      included_custom_audience: 'https://api.example.com',
      add_to_id_token: false,
    },
  },
  keycloak_role: {
    teller: { realm_id: realm, name: 'teller', attributes: { floor: '1##2' } },
    boss: { realm_id: realm, client_id: client, name: 'boss', composite_roles: ['${keycloak_role.teller.id}'] },
  },
  keycloak_generic_role_mapper: {
    ofRealm: {
      realm_id: realm,
      client_scope_id: '${keycloak_openid_client_scope.pay.id}',
      role_id: '${keycloak_role.teller.id}',
    },
    ofClient: { realm_id: realm, client_id: client, role_id: '${keycloak_role.boss.id}' },
  },
  keycloak_group: {
    staff: { realm_id: realm, name: 'staff', attributes: { x: '1##2' } },
    tellers: { realm_id: realm, name: 'tellers', parent_id: '${keycloak_group.staff.id}' },
  },
  keycloak_group_roles: {
    staff: { realm_id: realm, group_id: '${keycloak_group.staff.id}', role_ids: ['${keycloak_role.teller.id}'] },
  },
  keycloak_user: {
    bob: { realm_id: realm, username: 'bob', email: 'bob@example.com', required_actions: ['CONFIGURE_TOTP'] },
  },
  keycloak_user_roles: {
    bob: { realm_id: realm, user_id: '${keycloak_user.bob.id}', role_ids: ['${keycloak_role.boss.id}'] },
  },
  keycloak_user_groups: {
    bob: { realm_id: realm, user_id: '${keycloak_user.bob.id}', group_ids: ['${keycloak_group.tellers.id}'] },
  },
  keycloak_openid_client_authorization_scope: { view: { ...server, name: 'view' } },
  keycloak_openid_client_authorization_resource: {
    admin: {
      ...server,
      name: 'admin',
      uris: ['/admin/*'],
      scopes: ['${keycloak_openid_client_authorization_scope.view.name}'],
      attributes: { a: '1,2' },
    },
  },
  keycloak_openid_client_authorization_permission: {
    admin: {
      ...server,
      name: 'admin needs gold',
      resources: ['${keycloak_openid_client_authorization_resource.admin.id}'],
      policies: ['${keycloak_openid_client_aggregate_policy.all.id}'],
    },
  },
  keycloak_openid_client_regex_policy: { gold: { ...decided, name: 'gold', target_claim: 'acr', pattern: '^gold$' } },
  keycloak_openid_client_role_policy: {
    teller: { ...decided, name: 'tellers', type: 'role', role: [{ id: '${keycloak_role.teller.id}', required: true }] },
  },
  keycloak_openid_client_group_policy: {
    staff: {
      ...decided,
      name: 'staff',
      groups: [{ id: '${keycloak_group.staff.id}', path: '${keycloak_group.staff.path}', extend_children: true }],
    },
  },
  keycloak_openid_client_time_policy: {
    day: { ...decided, name: 'day', not_before: '2020-01-01 00:00:00', not_on_or_after: '2050-01-01 00:00:00' },
  },
  keycloak_openid_client_user_policy: { bob: { ...decided, name: 'bob', users: ['${keycloak_user.bob.id}'] } },
  keycloak_openid_client_client_policy: { app: { ...decided, name: 'app', clients: [client] } },
  keycloak_openid_client_authorization_client_scope_policy: {
    pay: { ...server, name: 'pay', scope: [{ id: '${keycloak_openid_client_scope.pay.id}', required: true }] },
  },
  keycloak_openid_client_aggregate_policy: {
    all: { ...decided, name: 'all', policies: ['${keycloak_openid_client_regex_policy.gold.id}'] },
  },
});
