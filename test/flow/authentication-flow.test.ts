import type { TerraformStack } from 'cdktf';
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

const PARTS = ['flow', 'subflow', 'execution', 'execution_config'].map((part) => `keycloak_authentication_${part}`);

/** `Try` or `Seal` of the only flow: its id in Terraform and what it has. */
function dataResource(stack: TerraformStack, name: 'Try' | 'Seal'): [string, Resource] {
  const found = Object.entries(resourcesOf(stack, 'terraform_data')).filter(([id]) => id.includes(`_${name}_`));
  if (found.length !== 1) throw new Error(`${found.length} of ${name}`);
  return found[0] as [string, Resource];
}

function addressOf(stack: TerraformStack, name: 'Try' | 'Seal'): string {
  return `terraform_data.${dataResource(stack, name)[0]}`;
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
    expect(alias).toMatch(/^login-[0-9a-f]{8}-\d{14}$/);
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

  test('comes after the flow that was made before it in the realm, whose seal it does not wait for', () => {
    const { stack, realm } = flowStack([execution('auth-cookie')]);
    new AuthenticationFlow(stack, 'other', { realm, name: 'other', nodes: [execution('auth-otp-form')] });
    const [[first]] = Object.entries(resourcesOf(stack, 'keycloak_authentication_execution')) as [[string, unknown]];
    const flows = Object.values(resourcesOf(stack, 'keycloak_authentication_flow'));
    expect(flows.map(({ depends_on }) => depends_on)).toEqual([[], [`keycloak_authentication_execution.${first}`]]);
  });

  test('is bound only after its seal, which stands for the ids of all its parts', () => {
    const { stack, realm, flow } = flowStack();
    realm.bindBrowserFlow(flow);
    const [seal, [id, body]] = [addressOf(stack, 'Seal'), dataResource(stack, 'Seal')];
    expect(resourceOf(stack, 'keycloak_authentication_bindings').depends_on).toContain(seal);
    expect(`terraform_data.${id}`).toBe(seal);
    const parts = PARTS.flatMap((type) =>
      Object.keys(resourcesOf(stack, type)).map((part) => `\${${type}.${part}.id}`),
    );
    expect(parts).toHaveLength(12);
    expect([...body.triggers_replace.parts].sort()).toEqual(parts.sort());
  });

  test('is sealed by the apply that began it alone, and says how to begin anew', () => {
    const { stack } = flowStack();
    const tried = addressOf(stack, 'Try');
    const [, { input, lifecycle }] = dataResource(stack, 'Seal');
    expect(input).toEqual({ planned: '${formatdate("YYYYMMDDhhmmss", plantimestamp())}' });
    expect(dataResource(stack, 'Try')[1]).toMatchObject({ input, lifecycle: { ignore_changes: ['input'] } });
    expect(lifecycle).toMatchObject({ ignore_changes: ['input'], replace_triggered_by: [tried] });
    const [{ condition: holds, error_message: message }] = lifecycle.postcondition;
    expect(holds).toBe(`\${self.input.planned == ${tried}.input.planned}`);
    expect(message).toMatch(/The flow "login" .*\n.*\n/);
    expect(message).toContain(`\nterraform apply -parallelism=1 -replace=${tried}\n`);
    const { lifecycle: ofFlow } = resourceOf(stack, 'keycloak_authentication_flow');
    expect(ofFlow).toEqual({ create_before_destroy: true, replace_triggered_by: [tried] });
  });

  test('makes its parts one after the other, because Keycloak fails requests for a flow that another one changes', () => {
    const { stack } = flowStack();
    const before = new Map(
      PARTS.flatMap((type) =>
        Object.entries(resourcesOf(stack, type)).map(([id, { depends_on }]): [string, string[]] => [
          `${type}.${id}`,
          depends_on ?? [],
        ]),
      ),
    );
    const chain = [...before].filter(([, others]) => others.length === 0).map(([address]) => address);
    expect(chain).toHaveLength(1);
    for (const last of chain)
      chain.push(...[...before].flatMap(([one, others]) => (others.includes(last) ? [one] : [])));
    expect(chain.sort()).toEqual([...before.keys()].sort());
    expect([...before.values()].every((others) => others.length <= 1)).toBe(true);
    expect(new Set([...before.values()].flat()).size).toBe(before.size - 1);
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
