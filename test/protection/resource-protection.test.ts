import {
  Allow,
  bindings,
  fromNetworks,
  type ProtectedResource,
  ResourceProtection,
  type ResourceProtectionProps,
  StepUpClient,
  StepUpRealm,
} from '../../lib';
import { level, type Resource, realmStack, resourceOf, resourcesOf, testStack } from '../support/stack';

const { group, role } = bindings;

function protect(
  resources: (made: ReturnType<typeof apiStack>) => readonly ProtectedResource[],
  more: Partial<ResourceProtectionProps> = {},
) {
  const made = apiStack();
  new ResourceProtection(made.stack, 'protection', { client: made.client, resources: resources(made), ...more });
  return made;
}

function apiStack() {
  const made = realmStack();
  const client = new StepUpClient(made.stack, 'api', {
    realm: made.realm,
    clientId: 'api',
    validRedirectUris: ['https://api.example.com/callback'],
  });
  return { ...made, client };
}

/** The policies of a permission, with what Terraform calls them replaced by their content. */
function policiesOf(stack: ReturnType<typeof testStack>, permission: Resource): Resource[] {
  return permission.policies.map((reference: string) => {
    const [, type, id] = /^\$\{(\w+)\.(\w+)\.id\}$/.exec(reference) as RegExpExecArray;
    return { kind: type, ...resourcesOf(stack, type as string)[id as string] };
  });
}

/** In the order of their names, whose last word is a hash. */
function policiesByName(stack: ReturnType<typeof testStack>, kind: string): Resource[] {
  const all = Object.values(resourcesOf(stack, `keycloak_openid_client_${kind}_policy`));
  return all.sort((one, other) => (one.name < other.name ? -1 : 1));
}

const ORDERS = { name: 'orders', paths: ['/orders', '/orders/*'] };

describe('ResourceProtection', () => {
  test('makes the client a resource server that enforces, unanimously, with a service account and no defaults', () => {
    const { stack } = protect(({ silver }) => [{ ...ORDERS, requires: silver }]);
    expect(resourceOf(stack, 'keycloak_openid_client')).toMatchObject({
      service_accounts_enabled: true,
      authorization: {
        policy_enforcement_mode: 'ENFORCING',
        decision_strategy: 'UNANIMOUS',
        allow_remote_resource_management: false,
        keep_defaults: false,
      },
    });
  });

  test('is lax only if told so', () => {
    const { stack } = protect(({ silver }) => [{ ...ORDERS, requires: silver }], {
      policyEnforcementMode: 'PERMISSIVE',
      decisionStrategy: 'AFFIRMATIVE',
    });
    expect(resourceOf(stack, 'keycloak_openid_client').authorization).toMatchObject({
      policy_enforcement_mode: 'PERMISSIVE',
      decision_strategy: 'AFFIRMATIVE',
    });
  });

  test('lets the level and all above it through', () => {
    const stack = testStack();
    const levels = [
      level(stack, { acr: 'silver', loa: 1 }),
      level(stack, { acr: 'urn:acme.gold', loa: 2 }),
      level(stack, { acr: 'platinum', loa: 3 }),
    ];
    const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels });
    const client = new StepUpClient(stack, 'api', {
      realm,
      clientId: 'api',
      validRedirectUris: ['https://a.example/'],
    });
    new ResourceProtection(stack, 'protection', { client, resources: [{ ...ORDERS, requires: levels[1] }] });
    expect(resourceOf(stack, 'keycloak_openid_client_regex_policy')).toMatchObject({
      target_claim: 'acr',
      pattern: '^(urn:acme\\.gold|platinum)$',
      target_context_attributes: false,
      logic: 'POSITIVE',
    });
  });

  test('makes one permission of a resource without methods', () => {
    const { stack } = protect(({ gold }) => [{ ...ORDERS, requires: gold }]);
    expect(resourceOf(stack, 'keycloak_openid_client_authorization_resource')).toMatchObject({
      name: 'orders',
      uris: ['/orders', '/orders/*'],
    });
    const permission = resourceOf(stack, 'keycloak_openid_client_authorization_permission');
    expect(permission).toMatchObject({ name: 'orders', type: 'resource', decision_strategy: 'UNANIMOUS' });
    expect(policiesOf(stack, permission)).toMatchObject([{ pattern: '^(gold)$' }]);
  });

  test('makes one permission a method, which needs what the resource needs and what the method needs', () => {
    const { stack } = protect(({ silver, gold }) => [
      { ...ORDERS, requires: silver, methods: { GET: 'nothing-more', POST: gold } },
    ]);
    const permissions = Object.values(resourcesOf(stack, 'keycloak_openid_client_authorization_permission'));
    const patterns = (permission: Resource) => policiesOf(stack, permission).map(({ pattern }) => pattern);
    expect(permissions.map((one) => [one.name, one.type, patterns(one)])).toEqual([
      ['orders GET', 'scope', ['^(silver|gold)$']],
      ['orders POST', 'scope', ['^(silver|gold)$', '^(gold)$']],
    ]);
    const scopes = Object.values(resourcesOf(stack, 'keycloak_openid_client_authorization_scope'));
    expect(scopes.map(({ name }) => name)).toEqual(['GET', 'POST']);
  });

  test('shares policies that decide by the same, and names others apart', () => {
    const { stack } = protect(({ gold }) => [
      { ...ORDERS, requires: gold },
      { name: 'exports', paths: ['/exports'], requires: Allow.all(gold, Allow.claim('azp', 'shop')) },
      {
        name: 'reports',
        paths: ['/reports'],
        requires: Allow.all(Allow.claim('azp', 'shop'), Allow.not(Allow.claim('azp', 'kiosk'))),
      },
    ]);
    const policies = policiesByName(stack, 'regex');
    expect(policies.map(({ pattern, logic }) => [pattern, logic])).toEqual([
      ['shop', 'POSITIVE'],
      ['^(gold)$', 'POSITIVE'],
      ['kiosk', 'NEGATIVE'],
    ]);
    expect(new Set(policies.map(({ name }) => name)).size).toBe(3);
  });

  test('gives a changed policy a new name, beside the old one until the permissions have moved', () => {
    const policy = (pattern: RegExp) => {
      const { stack } = protect(() => [{ ...ORDERS, requires: Allow.claim('department', pattern) }]);
      return Object.entries(resourcesOf(stack, 'keycloak_openid_client_regex_policy'))[0] as [string, Resource];
    };
    const [id, before] = policy(/sales/);
    const [otherId, after] = policy(/sales|support/);
    expect(before.lifecycle).toEqual({ create_before_destroy: true });
    expect(otherId).not.toBe(id);
    expect(after.name).not.toBe(before.name);
  });

  test('reads claims literally unless they are regular expressions', () => {
    const { stack } = protect(() => [
      { ...ORDERS, requires: Allow.all(Allow.claim('iss', 'a.b+(c)'), Allow.claim('department', /sales|support/)) },
    ]);
    const policies = policiesByName(stack, 'regex');
    expect(policies.map(({ target_claim, pattern }) => [target_claim, pattern])).toEqual([
      ['department', 'sales|support'],
      ['iss', 'a\\.b\\+\\(c\\)'],
    ]);
  });

  test('looks roles up, as the token may be narrowed', () => {
    const { stack } = protect(({ stack, realm, client }) => {
      const auditor = new role.Role(stack, 'auditor', { realmId: realm.realmId, name: 'auditor' });
      const admin = new role.Role(stack, 'admin', {
        realmId: realm.realmId,
        clientId: client.resource.id,
        name: 'admin',
      });
      return [{ ...ORDERS, requires: Allow.all(Allow.realmRole(auditor), Allow.clientRole(client, admin)) }];
    });
    expect(policiesByName(stack, 'role')).toMatchObject([
      { fetch_roles: true, role: [{ id: '${keycloak_role.admin.id}', required: true }] },
      { fetch_roles: true, role: [{ id: '${keycloak_role.auditor.id}', required: true }] },
    ]);
  });

  test('takes groups with those below, or without', () => {
    const { stack } = protect(({ stack, realm }) => {
      const ops = new group.Group(stack, 'ops', { realmId: realm.realmId, name: 'ops' });
      return [
        { ...ORDERS, requires: Allow.group(ops) },
        { name: 'keys', paths: ['/keys'], requires: Allow.group(ops, { subgroups: false }) },
      ];
    });
    const policies = policiesByName(stack, 'group');
    const taken = policies.map(({ groups }) => groups[0]);
    const ops = { id: '${keycloak_group.ops.id}', path: '${keycloak_group.ops.path}' };
    expect(taken).toHaveLength(2);
    expect(taken).toContainEqual({ ...ops, extend_children: true });
    expect(taken).toContainEqual({ ...ops, extend_children: false });
  });

  test('writes time windows out', () => {
    const { stack } = protect(() => [
      { ...ORDERS, requires: Allow.during({ notBefore: '2030-01-01 00:00:00', hour: { from: 9, to: 16 } }) },
    ]);
    expect(resourceOf(stack, 'keycloak_openid_client_time_policy')).toMatchObject({
      not_before: '2030-01-01 00:00:00',
      not_on_or_after: '9999-12-31 23:59:59',
      hour: '9',
      hour_end: '16',
      minute: '0',
      minute_end: '59',
      day_month: '1',
      day_month_end: '31',
    });
  });

  test('combines rules by aggregate policies', () => {
    const { stack } = protect(({ gold, silver }) => [
      {
        ...ORDERS,
        requires: Allow.any(
          gold,
          Allow.all(silver, Allow.not(Allow.any(Allow.claim('azp', 'a'), Allow.claim('azp', 'b')))),
        ),
      },
    ]);
    const aggregates = policiesByName(stack, 'aggregate');
    expect(
      aggregates.map(({ decision_strategy, logic, policies }) => [decision_strategy, logic, policies.length]),
    ).toEqual([
      ['UNANIMOUS', 'POSITIVE', 2],
      ['AFFIRMATIVE', 'POSITIVE', 2],
      ['AFFIRMATIVE', 'NEGATIVE', 2],
    ]);
  });

  test('takes a double negation for what it says', () => {
    const { stack } = protect(() => [{ ...ORDERS, requires: Allow.not(Allow.not(Allow.claim('azp', 'shop'))) }]);
    expect(resourceOf(stack, 'keycloak_openid_client_regex_policy').logic).toBe('POSITIVE');
  });

  describe('refuses', () => {
    const refusal = (resources: Parameters<typeof protect>[0]) => () => protect(resources);

    test("rules about the client's address", () => {
      const networks = fromNetworks(['10.0.0.0/8']) as never;
      for (const claim of ['kc.client.network.ip_address', 'kc.client.network.host']) {
        expect(refusal(() => [{ ...ORDERS, requires: Allow.claim(claim, /10\..*/) }])).toThrow(
          /^test\/protection: claim "kc\.client\.network\.\w+": .* fromNetworks/,
        );
        expect(refusal(() => [{ ...ORDERS, requires: Allow.not(Allow.claim(claim, '10.0.0.1')) }])).toThrow(
          /lets everybody in/,
        );
      }
      expect(refusal(() => [{ ...ORDERS, requires: networks }])).toThrow(
        /^test\/protection: network rule 10\.0\.0\.0\/8: .*\(otpUnlessFrom\)\.$/,
      );
      expect(refusal(({ gold }) => [{ ...ORDERS, requires: Allow.all(gold, networks) }])).toThrow(/network rule/);
    });

    test('claims that would decide by something else', () => {
      expect(refusal(() => [{ ...ORDERS, requires: Allow.claim('', 'x') }])).toThrow(/claim "": it is no name/);
      expect(refusal(() => [{ ...ORDERS, requires: Allow.claim('acr', 'gold') }])).toThrow(/Write the AssuranceLevel/);
      expect(refusal(() => [{ ...ORDERS, requires: Allow.claim('azp', /shop/i) }])).toThrow(/azp" of \/shop\/i: flags/);
    });

    test('what is no rule', () => {
      expect(refusal(() => [{ ...ORDERS, requires: 'gold' as never }])).toThrow(/rule "gold": it is neither/);
      expect(refusal(() => [{ ...ORDERS, requires: Allow.any(...([] as unknown as [never])) }])).toThrow(
        /Allow\.any\(\)/,
      );
    });

    test('levels and roles of another realm', () => {
      expect(refusal(({ stack }) => [{ ...ORDERS, requires: level(stack, { acr: 'other', loa: 7 }) }])).toThrow(
        /requires "other": test\/realm has no such level/,
      );
      expect(
        refusal(({ stack }) => [
          {
            ...ORDERS,
            requires: Allow.realmRole(new role.Role(stack, 'foreign', { realmId: 'master', name: 'admin' })),
          },
        ]),
      ).toThrow(/role test\/foreign: it is not a role of test\/realm/);
    });

    test.each([
      [{ ...ORDERS }],
      [{ ...ORDERS, methods: {} }],
      [{ ...ORDERS, methods: { GET: 'nothing-more' as const } }],
    ])('a resource that needs nothing: %j', (resource) => {
      expect(refusal(() => [resource])).toThrow(
        /^test\/protection: resource "orders": it, or a method of it, needs nothing/,
      );
    });

    test.each([
      'orders',
      '',
      '//orders',
      '/orders/',
      '/a/../b',
      '/a/./b',
      '/a/*/b',
      '/a*',
      '/**',
      '/a?b=c',
      '/a#b',
      '/a b',
      '/{a}b',
      '/a/*.tar.gz',
    ])('the path %j', (path) => {
      expect(refusal(({ gold }) => [{ ...ORDERS, paths: [path], requires: gold }])).toThrow(
        /^test\/protection: path ".*" of resource "orders": /,
      );
    });

    test('names, paths and methods that are none or used twice', () => {
      expect(refusal(() => [])).toThrow(/resources \[\]/);
      expect(refusal(({ gold }) => [{ name: ' ', paths: ['/a'], requires: gold }])).toThrow(/resource name " "/);
      expect(refusal(({ gold }) => [{ name: 'a', paths: [], requires: gold }])).toThrow(/paths \[\] of resource "a"/);
      expect(
        refusal(({ gold }) => [
          { ...ORDERS, requires: gold },
          { name: 'other', paths: ['/Orders'], requires: gold },
        ]),
      ).toThrow(/path "\/orders" of resource "other": resource "orders" has it/);
      expect(
        refusal(({ gold }) => [
          { name: 'a', paths: ['/a'], requires: gold },
          { name: 'a', paths: ['/b'], requires: gold },
        ]),
      ).toThrow(/name "a" of resource "a"/);
      expect(refusal(({ gold }) => [{ ...ORDERS, methods: { get: gold } as never }])).toThrow(/method "get"/);
    });

    test.each([
      [{}, /without a part/],
      [{ hour: { from: 22, to: 6 } }, /hour from 22 to 6/],
      [{ month: { from: 0, to: 3 } }, /month from 0 to 3/],
      [{ notBefore: '2030-13-01 00:00:00' }, /notBefore "2030-13-01 00:00:00"/],
      [{ notOnOrAfter: 'tomorrow' }, /notOnOrAfter "tomorrow"/],
      [{ notBefore: '2030-01-01 00:00:00', notOnOrAfter: '2029-01-01 00:00:00' }, /over before it opens/],
    ])('the window %j', (window, message) => {
      expect(refusal(() => [{ ...ORDERS, requires: Allow.during(window) }])).toThrow(message);
    });

    test('a public client, and a second protection of one', () => {
      const { stack, realm, gold, client } = protect(({ gold }) => [{ ...ORDERS, requires: gold }]);
      const again = (of: StepUpClient, id: string) => () =>
        new ResourceProtection(stack, id, { client: of, resources: [{ ...ORDERS, requires: gold }] });
      expect(again(client, 'second')).toThrow(/^test\/api: a second set of authorization settings/);
      const spa = new StepUpClient(stack, 'spa', {
        realm,
        clientId: 'spa',
        accessType: 'PUBLIC',
        validRedirectUris: ['https://spa.example.com/'],
      });
      expect(again(spa, 'public')).toThrow(/^test\/spa: accessType 'PUBLIC' with Authorization Services/);
    });
  });
});
