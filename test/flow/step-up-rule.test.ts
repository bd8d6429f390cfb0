import { Role } from '@cdktf/provider-keycloak/lib/role';
import {
  Factor,
  type LoginCondition,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  StepUpRealm,
  type Unenrolled,
  When,
} from '../../lib';
import { walk } from '../../lib/flow/flow-node';
import { ruleNodes } from '../../lib/flow/rule-nodes';
import { level, realmStack, resourcesOf, testStack } from '../support/stack';

type Made = ReturnType<typeof realmStack>;

function ruleStack(when: (made: Made) => LoginCondition[], requires?: (made: Made) => Made['gold']) {
  const made = realmStack();
  const flow = new StepUpFlow(made.stack, 'flow', {
    realm: made.realm,
    rules: [{ name: 'rule', when: when(made), requires: requires?.(made) ?? made.gold }],
  });
  return { ...made, flow };
}

/** A flow with two rules for the higher of two levels, which are proved by these. */
function afterLevel(lower: Factor, higher: Factor, when: LoginCondition[]) {
  const stack = testStack();
  const levels = [
    level(stack, { acr: 'silver', loa: 2, provedBy: lower }),
    level(stack, { acr: 'gold', loa: 3, provedBy: higher }),
  ] as const;
  const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels });
  const rules = ['one', 'two'].map((name) => ({ name, when, requires: levels[1] }));
  new StepUpFlow(stack, 'flow', { realm, rules });
  return { stack };
}

/** The configs of the conditions that a rule adds, without those of the levels. They hold for whom the rule is not about. */
function configs(when: (made: Made) => LoginCondition[]): object[] {
  const { stack } = ruleStack(when);
  return Object.entries(resourcesOf(stack, 'keycloak_authentication_execution_config'))
    .filter(([id]) => /rule/.test(id) && !/enrolled/.test(id))
    .map(([, one]) => one.config);
}

const client = ({ stack, realm }: Made, id = 'shop') =>
  new StepUpClient(stack, id, { realm, clientId: id, validRedirectUris: ['https://shop.example.com/callback'] });

describe('When', () => {
  test('looks at a realm role, present or not, and waits for it', () => {
    const role = ({ stack, realm }: Made) => new Role(stack, 'role', { realmId: realm.realmId, name: 'admin' });
    const name = expect.stringMatching(/^\$\{keycloak_role\.role\.name\}$/);
    expect(configs((made) => [When.realmRole(role(made))])).toContainEqual({ condUserRole: name, negate: 'true' });
    expect(configs((made) => [When.noRealmRole(role(made))])).toContainEqual({ condUserRole: name, negate: 'false' });
    const { stack } = ruleStack((made) => [When.realmRole(role(made))]);
    const [flow] = Object.values(resourcesOf(stack, 'keycloak_authentication_flow'));
    expect(flow?.depends_on).toEqual(['keycloak_role.role']);
  });

  const clerk = (made: Made) => {
    const shop = client(made);
    const { stack, realm } = made;
    const role = new Role(stack, 'role', { realmId: realm.realmId, clientId: shop.resource.id, name: 'clerk' });
    return [shop, role] as const;
  };

  test('looks at a role of a client, present or not, and waits for both', () => {
    const condUserRole = 'shop.${keycloak_role.role.name}';
    expect(configs((made) => [When.clientRole(...clerk(made))])).toContainEqual({ condUserRole, negate: 'true' });
    expect(configs((made) => [When.noClientRole(...clerk(made))])).toContainEqual({ condUserRole, negate: 'false' });
    const { stack } = ruleStack((made) => [When.noClientRole(...clerk(made))]);
    const [flow] = Object.values(resourcesOf(stack, 'keycloak_authentication_flow'));
    expect(flow?.depends_on).toEqual([expect.stringMatching(/^keycloak_openid_client\.shop_/), 'keycloak_role.role']);
  });

  const lowRisk = ({ stack, realm }: Made) => new StepUpClientScope(stack, 'low-risk', { realm, name: 'low-risk' });

  test('looks at a client scope, present or not, and waits for it', () => {
    const client_scope = 'low-risk';
    expect(configs((made) => [When.clientScope(lowRisk(made))])).toContainEqual({ client_scope, negate: 'true' });
    expect(configs((made) => [When.noClientScope(lowRisk(made))])).toContainEqual({ client_scope, negate: 'false' });
    const { stack } = ruleStack((made) => [When.noClientScope(lowRisk(made))]);
    const [flow] = Object.values(resourcesOf(stack, 'keycloak_authentication_flow'));
    expect(flow?.depends_on).toEqual([expect.stringMatching(/^keycloak_openid_client_scope\.low-risk_/)]);
  });

  test.each([
    ['defaultScopes', undefined],
    [
      'optionalScopes',
      /\[test\/flow\] noClientScope "low-risk": test\/shop has it among its optionalScopes, so a request that adds the scope/,
    ],
  ])('lets a scope among the %s of a client keep from the proof, unless a request can add it', (place, message) => {
    let scope: StepUpClientScope | undefined;
    const made = ruleStack((parts) => {
      scope = lowRisk(parts);
      return [When.noClientScope(scope)];
    });
    const { stack, realm } = made;
    const validRedirectUris = ['https://shop.example.com/callback'];
    new StepUpClient(stack, 'shop', { realm, clientId: 'shop', validRedirectUris, [place]: [scope] });
    const synth = () => resourcesOf(stack, 'keycloak_realm');
    if (message === undefined) expect(synth()).not.toEqual({});
    else expect(synth).toThrow(message);
  });

  test('looks at what attributes the user and groups do not have', () => {
    expect(configs(() => [When.noUserAttribute({ name: 'tier', value: /low|none/ })])).toContainEqual({
      attribute_name: 'tier',
      attribute_expected_value: 'low|none',
      regex: 'true',
      include_group_attributes: 'true',
      not: 'false',
    });
  });

  test('looks at attributes of the user and of groups, by value or by regular expression', () => {
    expect(configs(() => [When.userAttribute({ name: 'tier', value: 'high' })])).toContainEqual({
      attribute_name: 'tier',
      attribute_expected_value: 'high',
      regex: 'false',
      include_group_attributes: 'true',
      not: 'true',
    });
    expect(configs(() => [When.userAttribute({ name: 'unit', value: /fin-.*/, includeGroups: false })])).toContainEqual(
      expect.objectContaining({
        attribute_expected_value: 'fin-.*',
        regex: 'true',
        include_group_attributes: 'false',
      }),
    );
  });

  test('looks at the credentials used, twice, because the condition holds without its config', () => {
    const both = (credentials: string) => [
      { credentials, included: 'true' },
      { credentials, included: 'false' },
    ];
    expect(configs(() => [When.credentialUsed(Factor.anyOf(Factor.otp(), Factor.webAuthn()))])).toEqual(
      expect.arrayContaining(both('otp##webauthn')),
    );
    const notUsed = configs(() => [When.credentialNotUsed(Factor.password())]);
    expect(notUsed).toEqual(expect.arrayContaining(both('password')));
    expect(notUsed).toContainEqual({
      flow_to_check: expect.stringMatching(/\.rule\.rule\.holds$/),
      check_result: 'not-executed',
    });
  });

  test('looks at whether a subflow of the same flow was run', () => {
    const alias = expect.stringMatching(/^step-up-[0-9a-f]{8}-\d{14}\.forms$/);
    expect(configs(() => [When.subflowExecuted('forms')])).toContainEqual({
      flow_to_check: alias,
      check_result: 'not-executed',
    });
    expect(configs(() => [When.subflowNotExecuted('forms')])).toContainEqual({
      flow_to_check: alias,
      check_result: 'executed',
    });
  });

  test('holds always when a rule has no condition', () => {
    const { stack } = ruleStack(() => []);
    const subflows = Object.values(resourcesOf(stack, 'keycloak_authentication_subflow')).map(({ alias }) => alias);
    expect(subflows.filter((alias) => /exempt|unless/.test(alias))).toEqual([]);
    expect(subflows).toContainEqual(expect.stringMatching(/\.rule\.rule\.prove$/));
  });

  test.each([
    ['a subflow that the flow does not have', () => [When.subflowNotExecuted('fomrs')], /"fomrs": .*no such subflow/],
    [
      "a client's role as a realm role",
      (made: Made) => {
        const clientId = client(made).resource.id;
        return [When.realmRole(new Role(made.stack, 'role', { realmId: made.realm.realmId, clientId, name: 'x' }))];
      },
      /realm role test\/role: it is a role of a client/,
    ],
    [
      "another client's role",
      (made: Made) => {
        const clientId = client(made).resource.id;
        const role = new Role(made.stack, 'role', { realmId: made.realm.realmId, clientId, name: 'x' });
        return [When.clientRole(client(made, 'other'), role)];
      },
      /role test\/role of client "other": it is not a role of this client/,
    ],
    [
      "another realm's role",
      ({ stack }: Made) => {
        const other = new StepUpRealm(stack, 'other', { name: 'other', levels: [level(stack, { acr: 'a', loa: 1 })] });
        return [When.realmRole(new Role(stack, 'role', { realmId: other.realmId, name: 'x' }))];
      },
      /role test\/role: it is not a role of test\/realm/,
    ],
    [
      "another realm's role of a client, negated",
      (made: Made) => {
        const other = new StepUpRealm(made.stack, 'other', {
          name: 'other',
          levels: [level(made.stack, { acr: 'a', loa: 1 })],
        });
        const shop = client({ ...made, realm: other });
        const clientId = shop.resource.id;
        const role = new Role(made.stack, 'role', { realmId: other.realmId, clientId, name: 'x' });
        return [When.noClientRole(shop, role)];
      },
      /role test\/role: it is not a role of test\/realm/,
    ],
    ...(['clientScope', 'noClientScope'] as const).map(
      (condition): [string, (made: Made) => LoginCondition[], RegExp] => [
        `another realm's scope by ${condition}`,
        ({ stack }) => {
          const other = new StepUpRealm(stack, 'other', {
            name: 'other',
            levels: [level(stack, { acr: 'a', loa: 1 })],
          });
          return [When[condition](new StepUpClientScope(stack, 'scope', { realm: other, name: 'x' }))];
        },
        /when scope "x" of test\/other: the flow is of test\/realm, where .*unknown scope never holds/,
      ],
    ),
    ['an attribute without a name', () => [When.userAttribute({ name: '', value: 'x' })], /userAttribute name ""/],
    ['no attribute without a name', () => [When.noUserAttribute({ name: '', value: 'x' })], /userAttribute name ""/],
    [
      'a regular expression with flags',
      () => [When.userAttribute({ name: 'x', value: /yes/i })],
      /userAttribute value \/yes\/i: .*without flags/,
    ],
  ])('refuses %s, which would ask everybody or nobody', (_what, when, message) => {
    expect(() => ruleStack(when)).toThrow(message);
    expect(() => ruleStack(when)).toThrow(/^test\/flow: /);
  });

  test.each<[string, Factor, boolean]>([
    ['a user name, then a passkey', Factor.usernameThenPasskey(), true],
    ['a user name, then a password, or a ticket', Factor.anyOf(Factor.usernameThenPassword(), Factor.kerberos()), true],
    ['a password, or a user name and a passkey', Factor.anyOf(Factor.password(), Factor.usernameThenPasskey()), true],
    ['a user name, then a password', Factor.usernameThenPassword(), false],
    ['a password', Factor.password(), false],
  ])('takes a password for used only where a user name is not enough: %s', (_what, provedBy, refused) => {
    for (const when of [When.credentialUsed, When.credentialNotUsed]) {
      const made = () => afterLevel(provedBy, Factor.otp(), [when(Factor.password())]);
      if (refused) expect(made).toThrow(/credential(Not)?Used with password: Keycloak counts the user name form/);
      else expect(made).not.toThrow();
      expect(() => afterLevel(provedBy, Factor.otp(), [when(Factor.webAuthn())])).not.toThrow();
    }
  });

  describe('is not asked for what this login has just proved', () => {
    /** The subflows whose execution passes a rule. */
    const passing = (stack: Made['stack'], rule: string) =>
      Object.entries(resourcesOf(stack, 'keycloak_authentication_execution_config'))
        .filter(([id, { config }]) => new RegExp(`rule\\.?${rule}_.*proved`).test(id) && config.check_result)
        .map(([, { config }]) => [
          config.flow_to_check.replace(/^step-up-[0-9a-f]{8}-\d{14}\./, ''),
          config.check_result,
        ]);

    test.each<[string, Factor]>([
      ['an OTP', Factor.otp()],
      ['a password', Factor.password()],
      ['a certificate', Factor.x509()],
      ['a password or an OTP', Factor.anyOf(Factor.password(), Factor.otp())],
      ['several proofs', Factor.anyOf(Factor.passkey(), Factor.allOf(Factor.otp(), Factor.recoveryCode()))],
    ])("by the level's subflow, and by the rule before, which knows of those before it: %s", (_what, provedBy) => {
      const { stack } = afterLevel(Factor.usernameThenPasskey(), provedBy, []);
      expect(passing(stack, 'one')).toEqual([['level-3.gold', 'executed']]);
      expect(passing(stack, 'two')).toEqual([
        ['rule.one.proved', 'executed'],
        ['rule.one.prove', 'executed'],
      ]);
    });

    test.each<[string, Factor, Unenrolled, boolean]>([
      ['all of it and more', Factor.allOf(Factor.password(), Factor.otp()), 'deny', true],
      ['more, but by enrolment on the way', Factor.allOf(Factor.password(), Factor.otp()), 'enrol', false],
      ['another proof', Factor.allOf(Factor.password(), Factor.webAuthn()), 'deny', false],
      [
        'a choice with another',
        Factor.allOf(Factor.password(), Factor.anyOf(Factor.otp(), Factor.webAuthn())),
        'deny',
        false,
      ],
    ])('by the subflow of a level that proves it, too: %s', (_what, lower, unenrolled, counts) => {
      const stack = testStack();
      const levels = [
        level(stack, { acr: 'silver', loa: 2, provedBy: lower, unenrolled }),
        level(stack, { acr: 'gold', loa: 3, provedBy: Factor.otp(), unenrolled }),
      ] as const;
      const looked = [...walk(ruleNodes([{ name: 'one', requires: levels[1] }], levels))].flatMap((node) =>
        node.kind === 'execution' && node.config?.check_result === 'executed' ? [node.config.flow_to_check] : [],
      );
      expect(looked).toEqual(
        [...(counts ? ['level-2.silver'] : []), 'level-3.gold', 'rule.one'].map((name) => ({ aliasOf: name })),
      );
    });
  });

  test('refuses the lowest level, which every login reaches', () => {
    expect(() =>
      ruleStack(
        () => [],
        ({ silver }) => silver,
      ),
    ).toThrow(/rule "rule", which requires "silver"/);
  });
});
