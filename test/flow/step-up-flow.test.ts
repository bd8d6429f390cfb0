import { Duration, Factor, StepUpClientScope, StepUpFlow, StepUpRealm, type StepUpRealmProps } from '../../lib';
import { level, realmStack, resourcesOf, testStack } from '../support/stack';

/** The flow as Keycloak's console draws it: one line an execution or subflow, indented, in order of priority. */
function drawing(stack: ReturnType<typeof testStack>): string[] {
  const types = [
    'keycloak_authentication_flow',
    'keycloak_authentication_subflow',
    'keycloak_authentication_execution',
  ];
  const nodes = types.flatMap((type) =>
    Object.entries(resourcesOf(stack, type)).map(([id, one]) => ({ reference: `\${${type}.${id}.alias}`, ...one })),
  ) as { reference: string; [attribute: string]: unknown }[];
  const below = (reference: string, indent: string): string[] =>
    nodes
      .filter((one) => one.parent_flow_alias === reference)
      .sort((a, b) => Number(a.priority) - Number(b.priority))
      .flatMap((one) => [
        `${indent}${one.authenticator ?? String(one.alias).replace(/^[^.]*\./, '')} ${one.requirement}`,
        ...below(one.reference, `${indent}  `),
      ]);
  return nodes.filter((one) => one.parent_flow_alias === undefined).flatMap((one) => below(one.reference, ''));
}

describe('StepUpFlow', () => {
  test('is single sign-on, else one conditional LoA subflow a level in ascending order', () => {
    const { stack, realm } = realmStack();
    new StepUpFlow(stack, 'flow', { realm });
    expect(drawing(stack)).toEqual([
      'auth-cookie ALTERNATIVE',
      'forms ALTERNATIVE',
      '  level-1.silver CONDITIONAL',
      '    conditional-level-of-authentication REQUIRED',
      '    auth-username-password-form REQUIRED',
      '  level-2.gold CONDITIONAL',
      '    conditional-level-of-authentication REQUIRED',
      '    level-2.gold.enrolled CONDITIONAL',
      '      conditional-user-configured REQUIRED',
      '      auth-otp-form REQUIRED',
      '    level-2.gold.unenrolled CONDITIONAL',
      '      conditional-sub-flow-executed REQUIRED',
      '      deny-access-authenticator REQUIRED',
    ]);
  });

  test('asks for the number and the max age of each level', () => {
    const { stack, realm } = realmStack();
    new StepUpFlow(stack, 'flow', { realm });
    const configs = Object.values(resourcesOf(stack, 'keycloak_authentication_execution_config')).map(
      (one) => one.config,
    );
    expect(configs).toContainEqual({ 'loa-condition-level': '1', 'loa-max-age': '36000' });
    expect(configs).toContainEqual({ 'loa-condition-level': '2', 'loa-max-age': '300' });
  });

  test('offers enrolment only at a level that says so', () => {
    const stack = testStack();
    const low = level(stack, { acr: 'low', loa: 1 });
    const high = level(stack, { acr: 'high', loa: 2, unenrolled: 'enrol' });
    const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [low, high] });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'flow', { realm }));
    expect(drawing(stack).slice(-3)).toEqual([
      '  level-2.high CONDITIONAL',
      '    conditional-level-of-authentication REQUIRED',
      '    auth-otp-form REQUIRED',
    ]);
  });

  test('asks for the proof of a sensitive scope behind single sign-on, not beside it', () => {
    const { stack, realm, gold } = realmStack();
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'flow', { realm, scopes: [payments] }));
    const lines = drawing(stack);
    expect(lines.slice(0, 3)).toEqual(['login REQUIRED', '  auth-cookie ALTERNATIVE', '  forms ALTERNATIVE']);
    expect(lines.slice(lines.indexOf('rule.scope-1.payments REQUIRED'))).toEqual([
      'rule.scope-1.payments REQUIRED',
      '  rule.scope-1.payments.proved ALTERNATIVE',
      '    rule.scope-1.payments.proved-1 CONDITIONAL',
      '      conditional-sub-flow-executed REQUIRED',
      '      allow-access-authenticator REQUIRED',
      '  rule.scope-1.payments.exempt ALTERNATIVE',
      '    rule.scope-1.payments.unless CONDITIONAL',
      '      conditional-client-scope REQUIRED',
      '      allow-access-authenticator REQUIRED',
      '  rule.scope-1.payments.prove ALTERNATIVE',
      '    rule.scope-1.payments.enrolled CONDITIONAL',
      '      conditional-user-configured REQUIRED',
      '      auth-otp-form REQUIRED',
      '    rule.scope-1.payments.unenrolled CONDITIONAL',
      '      conditional-sub-flow-executed REQUIRED',
      '      deny-access-authenticator REQUIRED',
      'rules.complete REQUIRED',
      '  rules.complete.if CONDITIONAL',
      '    conditional-sub-flow-executed REQUIRED',
      '    allow-access-authenticator REQUIRED',
    ]);
    const configs = Object.values(resourcesOf(stack, 'keycloak_authentication_execution_config')).map(
      (one) => one.config,
    );
    expect(configs).toContainEqual({ client_scope: 'payments', negate: 'true' });
  });

  test('asks once for the rules of one level, each in the other', () => {
    const { stack, realm, gold } = realmStack();
    const scopes = ['payments', 'transfers', 'limits'].map(
      (name) => new StepUpClientScope(stack, name, { realm, name, requires: gold }),
    );
    realm.bindBrowserFlow(new StepUpFlow(stack, 'flow', { realm, scopes }));
    const lines = drawing(stack);
    expect(lines.filter((line) => line.includes('auth-otp-form'))).toHaveLength(2);
    const exempt = lines.indexOf('  rules.level-2.gold.exempt ALTERNATIVE');
    expect(lines.slice(exempt, exempt + 8)).toEqual([
      '  rules.level-2.gold.exempt ALTERNATIVE',
      '    rules.level-2.gold.unless.scope-1.payments CONDITIONAL',
      '      conditional-client-scope REQUIRED',
      '      rules.level-2.gold.unless.scope-2.transfers CONDITIONAL',
      '        conditional-client-scope REQUIRED',
      '        rules.level-2.gold.unless.scope-3.limits CONDITIONAL',
      '          conditional-client-scope REQUIRED',
      '          allow-access-authenticator REQUIRED',
    ]);
  });

  test('refuses a scope of another realm', () => {
    const { stack, realm } = realmStack();
    const low = level(stack, { acr: 'low', loa: 1 });
    const other = new StepUpRealm(stack, 'other', { name: 'other', levels: [low] });
    const foreign = new StepUpClientScope(stack, 'foreign', { realm: other, name: 'foreign' });
    expect(() => new StepUpFlow(stack, 'flow', { realm, scopes: [foreign] })).toThrow(
      /^test\/flow: scope "foreign" of test\/other: .*same realm\.$/,
    );
  });

  test('refuses a scope whose level it does not have', () => {
    const { stack, realm, silver, gold } = realmStack();
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    expect(() => new StepUpFlow(stack, 'flow', { realm, levels: [silver], scopes: [payments] })).toThrow(
      /rule "scope-1.payments", which requires "gold": a rule asks for the proof of a level of the flow/,
    );
  });

  test("refuses a level that is not the realm's", () => {
    const { stack, realm, silver } = realmStack();
    const foreign = level(stack, { acr: 'platinum', loa: 3 });
    expect(() => new StepUpFlow(stack, 'flow', { realm, levels: [silver, foreign] })).toThrow(
      /levels "platinum": test\/realm has no such level/,
    );
  });
});

describe.each([
  [
    'a realm',
    (stack: ReturnType<typeof testStack>, levels: StepUpRealmProps['levels']) =>
      new StepUpRealm(stack, 'it', { name: 'acme', levels }),
  ],
  [
    'a flow',
    (stack: ReturnType<typeof testStack>, levels: StepUpRealmProps['levels']) =>
      new StepUpFlow(stack, 'it', {
        realm: new StepUpRealm(stack, 'realm', { name: 'acme', levels: [level(stack, { acr: 'base', loa: 1 })] }),
        levels,
      }),
  ],
])('The levels of %s', (_what, create) => {
  test('are at least one', () => {
    expect(() => create(testStack(), [])).toThrow(/^test\/it: levels \[\]: .*at least one/);
  });

  test('have numbers of their own', () => {
    const stack = testStack();
    const levels = [
      level(stack, { acr: 'a', loa: 1 }),
      level(stack, { acr: 'b', loa: 2 }),
      level(stack, { acr: 'c', loa: 2 }),
    ];
    expect(() => create(stack, levels)).toThrow(/^test\/it: level "c" with loa 2: level "b" has the same number/);
  });

  test('have acr names of their own', () => {
    const stack = testStack();
    const levels = [level(stack, { acr: 'a', loa: 1 }), level(stack, { acr: 'a', loa: 2 })];
    expect(() => create(stack, levels)).toThrow(/^test\/it: level "a" with loa 2: .*"a" is LoA 1 already/);
  });

  test('ascend', () => {
    const stack = testStack();
    const levels = [
      level(stack, { acr: 'b', loa: 2, provedBy: Factor.password() }),
      level(stack, { acr: 'a', loa: 1 }),
    ];
    expect(() => create(stack, levels)).toThrow(/^test\/it: level "a" \(loa 1\) after "b" \(loa 2\): .*ascending/);
  });

  test('begin with one that finds out who the user is', () => {
    const stack = testStack();
    const levels = [level(stack, { acr: 'a', loa: 2, provedBy: Factor.otp(), maxAge: Duration.minutes(1) })];
    expect(() => create(stack, levels)).toThrow(/^test\/it: lowest level "a" proved by otp/);
  });
});
