import { AuthenticationFlow, aliasOf, condition, execution, type FlowNode, StepUpRealm, subflow } from '../../lib';
import { level, type Resource, realmStack, resourceOf, resourcesOf } from '../support/stack';

const NODES: FlowNode[] = [
  execution('auth-cookie', { requirement: 'ALTERNATIVE' }),
  subflow('forms', 'ALTERNATIVE', [
    execution('auth-username-password-form'),
    subflow('second', 'CONDITIONAL', [condition('conditional-user-configured'), execution('auth-otp-form')]),
    subflow('none', 'CONDITIONAL', [
      condition('conditional-sub-flow-executed', { flow_to_check: aliasOf('second'), check_result: 'not-executed' }),
      execution('deny-access-authenticator', { config: { denyErrorMessage: 'No' } }),
    ]),
  ]),
];

function flowStack(nodes: readonly FlowNode[] = NODES, name = 'login') {
  const made = realmStack();
  return { ...made, flow: new AuthenticationFlow(made.stack, 'flow', { realm: made.realm, name, nodes }) };
}

function byAuthenticator(executions: Record<string, Resource>, authenticator: string): Resource {
  const found = Object.values(executions).find((one) => one.authenticator === authenticator);
  if (!found) throw new Error(`no execution of ${authenticator}`);
  return found;
}

describe('AuthenticationFlow', () => {
  test('makes a flow whose alias carries a hash of the content, which all subflows share', () => {
    const { stack } = flowStack();
    const { alias, provider_id } = resourceOf(stack, 'keycloak_authentication_flow');
    expect(provider_id).toBe('basic-flow');
    expect(alias).toMatch(/^login-[0-9a-f]{8}$/);
    const aliases = Object.values(resourcesOf(stack, 'keycloak_authentication_subflow')).map((one) => one.alias);
    expect(aliases.sort()).toEqual([`${alias}.forms`, `${alias}.none`, `${alias}.second`]);
  });

  test('keeps the declared order by priorities that start at 10, among executions and subflows alike', () => {
    const { stack } = flowStack();
    const executions = resourcesOf(stack, 'keycloak_authentication_execution');
    expect(byAuthenticator(executions, 'auth-cookie').priority).toBe(10);
    expect(byAuthenticator(executions, 'auth-otp-form').priority).toBe(20);
    const priorities = Object.entries(resourcesOf(stack, 'keycloak_authentication_subflow')).map(([id, one]) => [
      id.split('_').at(-2),
      one.priority,
    ]);
    expect(Object.fromEntries(priorities)).toEqual({ forms: 20, second: 20, none: 30 });
  });

  test('refers to the parent flow, so that Terraform makes it first', () => {
    const { stack } = flowStack();
    const parents = Object.values(resourcesOf(stack, 'keycloak_authentication_execution')).map(
      (one) => one.parent_flow_alias,
    );
    expect(parents).toHaveLength(6);
    for (const parent of parents) expect(parent).toMatch(/^\$\{keycloak_authentication_(sub)?flow\..*\.alias\}$/);
  });

  test('writes the alias of a subflow where a config refers to it', () => {
    const { stack } = flowStack();
    const { alias } = resourceOf(stack, 'keycloak_authentication_flow');
    const configs = Object.values(resourcesOf(stack, 'keycloak_authentication_execution_config'));
    expect(configs.map((one) => one.config)).toContainEqual({
      flow_to_check: `${alias}.second`,
      check_result: 'not-executed',
    });
  });

  test('has other aliases and other resource ids after any change, and the same after none', () => {
    const ids = (nodes: readonly FlowNode[]) =>
      Object.keys(resourcesOf(flowStack(nodes).stack, 'keycloak_authentication_execution'));
    const changed: FlowNode[] = [
      ...NODES.slice(0, 1),
      subflow('forms', 'ALTERNATIVE', [execution('auth-username-form')]),
    ];
    expect(ids(NODES)).toEqual(ids(structuredClone(NODES)));
    expect(ids(changed).some((id) => ids(NODES).includes(id))).toBe(false);
  });

  test('is made before the flow that it replaces goes', () => {
    const { stack } = flowStack();
    for (const type of ['flow', 'subflow', 'execution', 'execution_config']) {
      for (const resource of Object.values(resourcesOf(stack, `keycloak_authentication_${type}`))) {
        expect(resource.lifecycle).toMatchObject({ create_before_destroy: true });
      }
    }
  });

  test('shows no change for the values that Keycloak masks, and still shows one for the others', () => {
    const { stack } = flowStack([
      execution('auth-otp-form', { config: { 'default.reference.value': 'otp' } }),
      execution('deny-access-authenticator', { config: { denyErrorMessage: 'No' } }),
    ]);
    const configs = Object.values(resourcesOf(stack, 'keycloak_authentication_execution_config'));
    expect(configs.map((one) => one.lifecycle.ignore_changes)).toEqual([
      ['config["default.reference.value"]'],
      undefined,
    ]);
  });

  test('is bound only after every execution and config exists', () => {
    const { stack, realm, flow } = flowStack();
    realm.bindBrowserFlow(flow);
    const { depends_on } = resourceOf(stack, 'keycloak_authentication_bindings');
    const parts = ['flow', 'subflow', 'execution', 'execution_config'].flatMap((type) =>
      Object.keys(resourcesOf(stack, `keycloak_authentication_${type}`)).map(
        (id) => `keycloak_authentication_${type}.${id}`,
      ),
    );
    expect([...depends_on].sort()).toEqual(parts.sort());
  });

  test.each([
    ['a name that breaks an alias', [execution('auth-cookie', { name: 'a/b' })], /execution name "a\/b".*Begin with/],
    [
      'two subflows of one name',
      [subflow('x', 'REQUIRED', [subflow('x', 'REQUIRED', [])])],
      /subflow "x".*name of its own/,
    ],
    ['two siblings of one name', [execution('auth-cookie'), execution('auth-cookie')], /"auth-cookie" twice/],
    [
      'a CONDITIONAL execution',
      [execution('auth-otp-form', { requirement: 'CONDITIONAL' })],
      /"auth-otp-form" CONDITIONAL.*behind a condition/,
    ],
    [
      'a config that refers to a subflow that is not there',
      [condition('conditional-sub-flow-executed', { flow_to_check: aliasOf('gone') })],
      /flow_to_check .*"gone".*no such subflow/,
    ],
  ] satisfies [string, FlowNode[], RegExp][])('refuses %s', (_what, nodes, message) => {
    expect(() => flowStack(nodes)).toThrow(message);
    expect(() => flowStack(nodes)).toThrow(/^test\/flow: /);
  });

  test('refuses a second flow of the same name in a realm, but not in another realm', () => {
    const { stack, realm } = flowStack();
    const create = (id: string, of: StepUpRealm) =>
      new AuthenticationFlow(stack, id, { realm: of, name: 'login', nodes: NODES });
    expect(() => create('second', realm)).toThrow(/test\/second: name "login": test\/flow of the same realm has it/);
    const other = new StepUpRealm(stack, 'other', { name: 'other', levels: [level(stack, { acr: 'low', loa: 1 })] });
    expect(create('third', other).handle.alias).toBeDefined();
  });
});
