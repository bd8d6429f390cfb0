import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpenidClientRegexPolicy } from '@cdktf/provider-keycloak/lib/openid-client-regex-policy';
import { RequiredAction } from '@cdktf/provider-keycloak/lib/required-action';
import { TerraformStack, Testing } from 'cdktf';
import {
  Allow,
  AssuranceLevel,
  AuthenticationFlow,
  bindings,
  Duration,
  enrolAt,
  execution,
  Factor,
  KerberosFederation,
  KeycloakProvider,
  PostBrokerFlow,
  ProofFlow,
  type ProviderSource,
  ResourceProtection,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  StepUpPolicy,
  StepUpRealm,
  type StepUpRule,
  subflow,
  type WebAuthnPolicy,
  When,
  WhenRequest,
} from '../../lib';
import { MISSING_ARGUMENTS, MISSING_ATTRIBUTES, MISSING_TYPES } from '../../lib/provider-line/missing-in-mrparkers';
import { breachesOf, pinnedSchema, type SchemaBlock } from '../support/provider-schema';
import { type Resource, resourcesOf } from '../support/stack';

const LINES = [
  ['keycloak/keycloak', 'keycloak-5.9.0'],
  ['mrparkers/keycloak', 'mrparkers-keycloak-4.4.0'],
] as const;

function lineStack(source?: ProviderSource) {
  const stack = new TerraformStack(Testing.app(), 'test');
  new KeycloakProvider(stack, 'keycloak', { url: 'https://keycloak.example.com', clientId: 'terraform', source });
  return stack;
}

interface FullStackProps {
  /** @default 'reject' */
  readonly passwordGrant?: 'reject' | 'allow';
  /** @default 'deny' */
  readonly unenrolled?: 'deny' | 'enrol';
}

const WEB_AUTHN: WebAuthnPolicy = {
  relyingPartyName: 'Acme',
  relyingPartyId: 'example.com',
  userVerification: 'required',
  discoverableCredential: 'preferred',
  authenticatorAttachment: 'cross-platform',
  attestation: 'direct',
  acceptableAaguids: ['2fc0579f-8113-47ea-b116-bb5a8db9202a'],
  signatureAlgorithms: ['ES256', 'EdDSA'],
  avoidSameAuthenticatorRegister: true,
  timeout: Duration.minutes(1),
};

/** A stack of all that both lines have, with every prop set that makes an attribute. */
function fullStack(source: ProviderSource, { passwordGrant = 'reject', unenrolled = 'deny' }: FullStackProps = {}) {
  const stack = lineStack(source);
  const silver = new AssuranceLevel(stack, 'silver', {
    acr: 'silver',
    loa: 1,
    provedBy: Factor.anyOf(Factor.kerberos(), Factor.usernameThenPassword()),
  });
  const gold = new AssuranceLevel(stack, 'gold', {
    acr: 'gold',
    loa: 2,
    provedBy: Factor.anyOf(Factor.otp(), Factor.webAuthn(), Factor.recoveryCode()),
    unenrolled,
  });
  const platinum = new AssuranceLevel(stack, 'platinum', {
    acr: 'platinum',
    loa: 3,
    provedBy: Factor.allOf(Factor.passkey(), Factor.x509({ userAttribute: 'subject', revocation: 'ocsp' })),
    unenrolled: unenrolled === 'deny' ? 'deny' : enrolAt(gold),
  });
  const realm = new StepUpRealm(stack, 'realm', {
    name: 'acme',
    displayName: 'Acme',
    levels: [silver, gold, platinum],
    passwordGrant,
    otpPolicy: { type: 'hotp', algorithm: 'HmacSHA512', digits: 8, lookAheadWindow: 3, initialCounter: 5 },
    webAuthnPolicy: WEB_AUTHN,
    webAuthnPasswordlessPolicy: WEB_AUTHN,
    ssoSessionIdle: Duration.minutes(10),
    ssoSessionMax: Duration.hours(1),
    sslRequired: 'all',
    passwordReset: true,
    selfRegistration: 'form',
    loginWithEmail: false,
  });
  realm.resource.putSmtpServer({ host: 'mail.example.com', from: 'login@example.com' });
  new bindings.realmUserProfile.RealmUserProfile(stack, 'profile', {
    realmId: realm.realmId,
    attribute: [{ name: 'username' }, { name: 'subject', permissions: { view: ['admin'], edit: ['admin'] } }],
  });
  new KerberosFederation(stack, 'employees', {
    realm,
    kerberosRealm: 'EXAMPLE.COM',
    serverPrincipal: 'HTTP/login.example.com@EXAMPLE.COM',
    keyTab: '/etc/keycloak.keytab',
  });
  const payments = new StepUpClientScope(stack, 'payments', {
    realm,
    name: 'payments',
    requires: unenrolled === 'deny' ? gold : undefined,
    description: 'Payments',
  });
  const catalogue = new StepUpClientScope(stack, 'catalogue', { realm, name: 'catalogue' });
  const group = new bindings.group.Group(stack, 'staff', { realmId: realm.realmId, name: 'staff' });
  const admin = new bindings.role.Role(stack, 'admin', { realmId: realm.realmId, name: 'admin' });
  // A rule that asks for a level opens its enrolment to a stolen password, so a stack can't have both.
  const rules: StepUpRule[] = [
    { name: 'admin', when: [When.realmRole(admin)], requires: platinum },
    { name: 'tier', when: [When.noUserAttribute({ name: 'tier', value: 'low' })], requires: gold },
    {
      name: 'client',
      when: [When.noClientScope(catalogue), When.subflowNotExecuted('level-2.gold')],
      requires: gold,
    },
  ];
  const browser = new StepUpFlow(stack, 'browser', {
    realm,
    scopes: [payments],
    rules: unenrolled === 'deny' ? rules : [],
  });
  realm.bindBrowserFlow(browser);
  const broker = new PostBrokerFlow(stack, 'post-broker', { like: browser });
  new bindings.oidcIdentityProvider.OidcIdentityProvider(stack, 'partner', {
    realm: realm.realmId,
    alias: 'partner',
    authorizationUrl: 'https://partner.example.com/auth',
    tokenUrl: 'https://partner.example.com/token',
    clientId: 'us',
    clientSecret: '${var.partner_secret}',
    postBrokerLoginFlowAlias: broker.handle.alias,
    dependsOn: broker.handle.dependsOn,
  });
  const proof = new ProofFlow(stack, 'proof', { realm, level: platinum });
  const shop = new StepUpClient(stack, 'shop', {
    realm,
    clientId: 'shop',
    name: 'Shop',
    validRedirectUris: ['https://shop.example.com/callback'],
    webOrigins: ['https://shop.example.com'],
    minimumLevel: gold,
    browserFlow: new StepUpFlow(stack, 'own', { realm, name: 'own', scopes: [payments] }),
    acrMap: { basic: silver, strong: gold },
    defaultScopes: [catalogue],
    optionalScopes: [payments],
    offlineAccess: true,
  });
  if (passwordGrant === 'allow') {
    realm.bindDirectGrantFlow(passwordFlow(stack, realm, 'realm-grant'));
    new StepUpClient(stack, 'job', {
      realm,
      clientId: 'job',
      validRedirectUris: ['https://job.example.com/callback'],
      directGrantFlow: passwordFlow(stack, realm, 'job-grant'),
    });
  }
  return { stack, realm, silver, gold, payments, admin, group, proof, shop };
}

function passwordFlow(stack: TerraformStack, realm: StepUpRealm, name: string) {
  const nodes = [execution('direct-grant-validate-username'), execution('direct-grant-validate-password')];
  return new AuthenticationFlow(stack, name, { realm, name, nodes });
}

/** Adds what the provider keycloak/keycloak alone has. */
function addOfCurrentLine({
  stack,
  realm,
  silver,
  gold,
  payments,
  admin,
  group,
  proof,
  shop,
}: ReturnType<typeof fullStack>) {
  const { realmId } = realm;
  const role = new bindings.role.Role(stack, 'clerk', { realmId, clientId: shop.resource.id, name: 'clerk' });
  new StepUpPolicy(stack, 'policy', {
    flow: proof,
    when: [WhenRequest.acr(gold), WhenRequest.scopes(payments), WhenRequest.clientRoles({ client: shop, role })],
  });
  // A service account comes with it, by whose secret alone the shop's scopes would be had.
  const orders = new StepUpClient(stack, 'orders', {
    realm,
    clientId: 'orders',
    validRedirectUris: ['https://orders.example.com/callback'],
  });
  new ResourceProtection(stack, 'api', {
    client: orders,
    resources: [
      {
        name: 'orders',
        paths: ['/orders', '/orders/*'],
        requires: silver,
        methods: { POST: gold, GET: 'nothing-more' },
      },
      {
        name: 'reports',
        paths: ['/reports'],
        requires: Allow.any(
          Allow.all(gold, Allow.claim('department', /fin.*/), Allow.during({ hour: { from: 9, to: 16 } })),
          Allow.not(Allow.realmRole(admin)),
          Allow.clientRole(shop, role),
          Allow.group(group),
        ),
      },
    ],
  });
}

/** The resource types that the constructs make, by what they import. */
function typesOfConstructs(): string[] {
  const lib = join(__dirname, '../../lib');
  const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('bindings'))
    .map((file) => readFileSync(join(lib, file), 'utf8'));
  const modules = sources.flatMap((text) => [...text.matchAll(/from '@cdktf\/provider-keycloak\/lib\/([a-z0-9-]+)'/g)]);
  const types = modules.map(([, name]) => `keycloak_${name?.replaceAll('-', '_')}`);
  return [...new Set(types)].filter((type) => type !== 'keycloak_provider').sort();
}

describe.each(LINES)('A stack of all constructs with %s', (source, schema) => {
  describe.each(['reject', 'allow'] as const)('(password grant: %s)', (passwordGrant) => {
    test.each(['deny', 'enrol'] as const)('has nothing that the pinned schema lacks (unenrolled: %s)', (unenrolled) => {
      const parts = fullStack(source, { passwordGrant, unenrolled });
      if (source === 'keycloak/keycloak') addOfCurrentLine(parts);
      const json = JSON.parse(Testing.synth(parts.stack, true));
      const known = pinnedSchema(schema);
      expect(breachesOf(known, json)).toEqual([]);
      const made = typesOfConstructs().filter((type) => type in known.resource_schemas);
      expect(made.length).toBeGreaterThan(source === 'keycloak/keycloak' ? 24 : 14);
      // Without Authorization Services, whose policies on claims it lacks.
      const left =
        source === 'keycloak/keycloak' ? [] : made.filter((type) => /_client_(\w+_policy|authorization_)/.test(type));
      expect(made.filter((type) => !(type in json.resource))).toEqual(left);
    });
  });

  test('asks Terraform for this provider', () => {
    const { terraform } = JSON.parse(Testing.synth(lineStack(source)));
    const version = source === 'keycloak/keycloak' ? '~> 5.9' : '~> 4.4';
    expect(terraform.required_providers).toEqual({ keycloak: { source, version } });
  });
});

test('The check of a schema finds an unknown type, attribute, block and argument, and what is missing', () => {
  const schema = pinnedSchema('mrparkers-keycloak-4.4.0');
  const json = {
    provider: { keycloak: [{ url: 'x', admin_url: 'x' }] },
    resource: {
      keycloak_realm: { one: { realm: 'x', otp_policy: { code_reusable: false } } },
      keycloak_workflow: { two: {} },
      keycloak_authentication_execution: { three: { realm_id: 'x', authenticator: 'y', priority: 10 } },
    },
  };
  expect(breachesOf(schema, json)).toEqual([
    'provider.admin_url',
    'provider.client_id is missing',
    'keycloak_realm.one.otp_policy.code_reusable',
    'keycloak_workflow',
    'keycloak_authentication_execution.three.priority',
    'keycloak_authentication_execution.three.parent_flow_alias is missing',
  ]);
});

test('What mrparkers/keycloak lacks is exactly the difference of the pinned schemas', () => {
  const current = pinnedSchema('keycloak-5.9.0');
  const old = pinnedSchema('mrparkers-keycloak-4.4.0');
  const lacking = (newer: SchemaBlock, older: SchemaBlock, path = ''): string[] => [
    ...Object.keys(newer.attributes ?? {})
      .filter((name) => !older.attributes?.[name])
      .map((name) => path + name),
    ...Object.entries(newer.block_types ?? {}).flatMap(([name, { block }]) => {
      const same = older.block_types?.[name];
      return same ? lacking(block, same.block, `${path}${name}.`) : [path + name];
    }),
  ];
  const types = Object.entries(current.resource_schemas);
  expect([...MISSING_TYPES]).toEqual(types.map(([type]) => type).filter((type) => !old.resource_schemas[type]));
  const attributes = types
    .filter(([type]) => old.resource_schemas[type])
    .map(([type, { block }]) => [type, lacking(block, old.resource_schemas[type]?.block ?? {})] as const)
    .filter(([, names]) => names.length > 0);
  expect(MISSING_ATTRIBUTES).toEqual(Object.fromEntries(attributes));
  expect(MISSING_ARGUMENTS).toEqual(lacking(current.provider.block, old.provider.block));
});

describe('With mrparkers/keycloak', () => {
  const source = 'mrparkers/keycloak';

  test('each execution and subflow waits for the one that is declared before it, with all that is in that', () => {
    const stack = lineStack(source);
    const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
    const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [silver], passwordGrant: 'allow' });
    const nodes = [
      execution('one'),
      subflow('two', 'ALTERNATIVE', [execution('three'), subflow('four', 'REQUIRED', [execution('five')])]),
      execution('six', { config: { key: 'value' } }),
      execution('seven'),
    ];
    new AuthenticationFlow(stack, 'flow', { realm, name: 'login', nodes });
    const made = ['flow', 'subflow', 'execution', 'execution_config'].flatMap((part) => {
      const type = `keycloak_authentication_${part}`;
      return Object.entries(resourcesOf(stack, type)).map(([id, one]): [string, Resource] => [`${type}.${id}`, one]);
    });
    const label = (one: Resource) => one.authenticator ?? one.alias.split('.').at(-1);
    const order: string[] = [];
    let last: string | undefined;
    for (;;) {
      const next = made.find(([, { depends_on }]) => (depends_on ?? [])[0] === last);
      if (!next) break;
      order.push(label(next[1]));
      expect(next[1]).not.toHaveProperty('priority');
      last = next[0];
    }
    expect(order.slice(1)).toEqual(['one', 'two', 'three', 'four', 'five', 'six', 'six', 'seven']);
    expect(made).toHaveLength(9);
  });

  test('the password grant is closed by a direct grant flow that denies everybody', () => {
    const { stack } = fullStack(source);
    const [bound] = Object.values(resourcesOf(stack, 'keycloak_authentication_bindings'));
    expect(bound).toMatchObject({ direct_grant_flow: expect.stringMatching(/realm_NoPasswordGrant_.*\.alias/) });
    const denial = Object.entries(resourcesOf(stack, 'keycloak_authentication_execution')).filter(([id]) =>
      id.startsWith('realm_NoPasswordGrant_'),
    );
    expect(denial.map(([, one]) => one)).toMatchObject([
      { authenticator: 'deny-access-authenticator', requirement: 'REQUIRED' },
    ]);
  });

  test('a direct grant flow can be bound where the password grant is allowed, and only there', () => {
    const bind = (passwordGrant: 'reject' | 'allow') => {
      const stack = lineStack(source);
      const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
      const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [silver], passwordGrant });
      realm.bindDirectGrantFlow(passwordFlow(stack, realm, 'direct'));
    };
    expect(() => bind('allow')).not.toThrow();
    expect(() => bind('reject')).toThrow(
      /^test\/direct: directGrantFlow of test\/realm: .*passwordGrant set to 'allow'/,
    );
  });

  test('a client policy is refused, with the reason', () => {
    const { stack, proof } = fullStack(source);
    expect(() => new StepUpPolicy(stack, 'it', { flow: proof, when: [WhenRequest.anyClient()] })).toThrow(
      /^test\/it: client policy "it": the provider mrparkers\/keycloak 4\.4 has no client policies/,
    );
  });

  test('Authorization Services are refused, with the construct, the reason and what to do', () => {
    const { stack, shop, silver } = fullStack(source);
    const resources = [{ name: 'orders', paths: ['/orders'], requires: silver }];
    expect(() => new ResourceProtection(stack, 'api', { client: shop, resources })).toThrow(
      /^test\/api: ResourceProtection of client "shop": the provider mrparkers\/keycloak 4\.4 has no policies on claims, .*Check levels in the resource server .*source keycloak\/keycloak\.$/,
    );
  });

  test('an age of enrolment that is not what Keycloak has is refused', () => {
    const stack = lineStack(source);
    const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
    const gold = new AssuranceLevel(stack, 'gold', {
      acr: 'gold',
      loa: 2,
      provedBy: Factor.otp(),
      enrolmentMaxAge: Duration.minutes(1),
    });
    expect(() => new StepUpRealm(stack, 'it', { name: 'acme', levels: [silver, gold] })).toThrow(
      /^test\/it: enrolmentMaxAge of 60 seconds: .*can't configure required actions/,
    );
  });

  test.each([
    [
      'a resource type',
      (stack: TerraformStack) =>
        new OpenidClientRegexPolicy(stack, 'it', {
          realmId: 'acme',
          resourceServerId: 'x',
          name: 'x',
          decisionStrategy: 'UNANIMOUS',
          logic: 'POSITIVE',
          pattern: 'x',
          targetClaim: 'acr',
        }),
      /test\/it, a keycloak_openid_client_regex_policy: the provider mrparkers\/keycloak 4\.4 does not have it/,
    ],
    [
      'an attribute',
      (stack: TerraformStack) =>
        new RequiredAction(stack, 'it', { realmId: 'acme', alias: 'x', config: { max_auth_age: '1' } }),
      /test\/it, attribute config of a keycloak_required_action/,
    ],
    [
      'an attribute of a nested block',
      (stack: TerraformStack) =>
        new bindings.realm.Realm(stack, 'it', { realm: 'acme', otpPolicy: { codeReusable: true } }),
      /test\/it, attribute otp_policy\.code_reusable of a keycloak_realm/,
    ],
  ] as const)('%s that it lacks is refused at synth, however it is made', (_what, add, message) => {
    const stack = lineStack(source);
    add(stack);
    expect(() => Testing.synth(stack, true)).toThrow(message);
  });

  test('an argument of the provider that it lacks is refused at synth', () => {
    const stack = new TerraformStack(Testing.app(), 'test');
    const connection = { url: 'https://keycloak.example.com', clientId: 'terraform' };
    new KeycloakProvider(stack, 'keycloak', { source, ...connection, adminUrl: 'https://admin' });
    expect(() => Testing.synth(stack, true)).toThrow(/argument admin_url: the provider mrparkers\/keycloak 4\.4/);
  });
});

describe('KeycloakProvider', () => {
  test('needs a client id with the old provider', () => {
    const stack = new TerraformStack(Testing.app(), 'test');
    const config = { source: 'mrparkers/keycloak', url: 'https://keycloak.example.com' } as const;
    expect(() => new KeycloakProvider(stack, 'keycloak', config)).toThrow(/^test\/keycloak: clientId undefined/);
  });

  test('refuses a source that it does not know', () => {
    expect(() => lineStack('hashicorp/keycloak' as ProviderSource)).toThrow(
      /^test\/keycloak: source "hashicorp\/keycloak": .*keycloak\/keycloak, mrparkers\/keycloak/,
    );
  });

  test('refuses to change the provider of what is there already', () => {
    const { stack } = fullStack('keycloak/keycloak');
    expect(
      () => new KeycloakProvider(stack, 'second', { source: 'mrparkers/keycloak', url: 'x', alias: 'second' }),
    ).toThrow(/^test\/second: source "mrparkers\/keycloak": test\/realm\S* was made for keycloak\/keycloak before/);
  });
});
