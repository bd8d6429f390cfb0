import { OpenidClient } from '@cdktf/provider-keycloak/lib/openid-client';
import { Testing } from 'cdktf';
import { StepUpClient, StepUpFlow } from '../../../lib';
import { readTerraformConfiguration, type TerraformConfiguration } from '../../../model/readers';
import type { RealmModel } from '../../../model/realm-model';
import { realmStack } from '../../support/stack';
import { ALICE, BOB, ESSENTIAL_GOLD, GOLD, loginOnce } from '../support/browser';

function only(models: readonly RealmModel[]): RealmModel {
  expect(models).toHaveLength(1);
  return models[0] as RealmModel;
}

/** A realm with one flow, in the shape of a hand-written `.tf.json`. */
function configuration(resource: Record<string, Record<string, object>>, rest: object = {}): TerraformConfiguration {
  return { resource: { keycloak_realm: { r: { realm: 'acme' } }, ...resource }, ...rest };
}

const flow = { realm_id: '${keycloak_realm.r.id}', alias: 'f' };
const step = (authenticator: string, more: object = {}) => ({
  realm_id: '${keycloak_realm.r.id}',
  parent_flow_alias: '${keycloak_authentication_flow.f.alias}',
  authenticator,
  requirement: 'REQUIRED',
  ...more,
});

describe('a synthesized stack', () => {
  test('of the constructs logs in as it was written', () => {
    const { stack, realm } = realmStack();
    const browser = new StepUpFlow(stack, 'flow', { realm, name: 'browser' });
    realm.bindBrowserFlow(browser);
    new StepUpClient(stack, 'app', { realm, clientId: 'app', validRedirectUris: ['https://app.example.com/callback'] });
    const model = only(readTerraformConfiguration(JSON.parse(Testing.synth(stack))));
    expect(model).toMatchObject({
      realm: 'acme',
      complete: true,
      unknowns: [],
      source: { provider: 'keycloak/keycloak' },
    });
    expect(loginOnce(model)).toBe('username+password → silver');
    expect(loginOnce(model, GOLD, BOB)).toBe('username+password, otp → gold');
    expect(loginOnce(model, ESSENTIAL_GOLD, ALICE)).toMatch(/→ 401 access-denied|CONFIGURE_TOTP → gold/);
  });

  test('of plain resources keeps clients’ attributes and overrides', () => {
    const { stack, realm } = realmStack();
    const browser = new StepUpFlow(stack, 'flow', { realm, name: 'browser' });
    new OpenidClient(stack, 'raw', {
      realmId: realm.realmId,
      clientId: 'raw',
      accessType: 'CONFIDENTIAL',
      standardFlowEnabled: true,
      directAccessGrantsEnabled: true,
      authenticationFlowBindingOverrides: { browserId: browser.handle.id },
      extraConfig: { 'default.acr.values': 'silver##gold', 'minimum.acr.value': 'silver', 'acr.loa.map': '{"gold":1}' },
    });
    const model = only(readTerraformConfiguration(JSON.parse(Testing.synth(stack))));
    expect(model.clients.find(({ clientId }) => clientId === 'raw')).toMatchObject({
      accessType: 'confidential',
      defaultAcrValues: ['silver', 'gold'],
      minimumAcr: 'silver',
      acrLoaMap: { levels: [{ acr: 'gold', loa: 1 }] },
      grants: { authorizationCode: true, password: true, device: false },
      flowOverrides: { browser: { alias: expect.stringMatching(/^browser-/) } },
    });
  });
});

describe('the configuration language', () => {
  const withMap = (map: string, rest: object = {}) =>
    only(
      readTerraformConfiguration({
        resource: { keycloak_realm: { r: { realm: 'acme', attributes: { 'acr.loa.map': map } } } },
        ...rest,
      }),
    ).acrLoaMap;
  const levels = [
    { acr: 'silver', loa: 1 },
    { acr: 'gold', loa: 2 },
  ];

  test.each([
    ['JSON text', '{"silver":1,"gold":2}', {}],
    ['jsonencode of an object', '${jsonencode({ silver = 1, "gold" = 2 })}', {}],
    ['jsonencode of a local', '${jsonencode(local.levels)}', { locals: { levels: { silver: 1, gold: 2 } } }],
    [
      'merge of a variable’s default',
      '${jsonencode(merge(var.low, { gold = 2 }))}',
      { variable: { low: { default: { silver: 1 } } } },
    ],
    [
      'a template',
      '{"${var.low}":1,"gold":${local.top}}',
      { variable: { low: { default: 'silver' } }, locals: [{ top: 2 }] },
    ],
  ])('%s is evaluated', (_, map, rest) => {
    expect(withMap(map, rest)).toEqual({ levels: expect.arrayContaining(levels) });
  });

  test.each([
    ['a variable without default', '${jsonencode(var.levels)}', { variable: { levels: {} } }],
    ['a function that isn’t known', '${templatefile("map.json", {})}', {}],
    ['a condition that is open', '${var.strict ? "{}" : "{\\"gold\\":1}"}', { variable: { strict: {} } }],
    ['a function of a provider', '${provider::acme::levels()}', {}],
    ['a directive', '%{ if true }{}%{ endif }', {}],
    ['an attribute of a resource that isn’t there', '${keycloak_realm.other.attributes}', {}],
  ])('%s is unknown, and so is what rests on it', (_, map, rest) => {
    expect(withMap(map, rest)).toEqual({ unknown: expect.any(String) });
  });

  test('jsonencode puts keys in order, which decides between acr names of one level', () => {
    expect(withMap('${jsonencode({ silver = 1, bronze = 1 })}')).toEqual({
      levels: [
        { acr: 'bronze', loa: 1 },
        { acr: 'silver', loa: 1 },
      ],
    });
  });

  test('values of variables can be given', () => {
    const source = {
      resource: { keycloak_realm: { r: { realm: '${var.name}' } } },
      variable: { name: { default: 'dev' } },
    };
    expect(only(readTerraformConfiguration(source)).realm).toBe('dev');
    expect(only(readTerraformConfiguration(source, { variables: { name: 'prod' } })).realm).toBe('prod');
  });

  test('blocks may be lists, as HCL is converted', () => {
    const source = {
      resource: [
        { keycloak_realm: { r: [{ realm: 'acme', otp_policy: [{ digits: 8 }] }] } },
        { keycloak_authentication_flow: { f: [flow] } },
      ],
    };
    const model = only(readTerraformConfiguration(source));
    expect(model.otpPolicy?.digits).toBe(8);
    expect(model.flows.at(-1)?.alias).toBe('f');
  });
});

describe('the order of executions', () => {
  const read = (executions: Record<string, object>) =>
    only(
      readTerraformConfiguration(
        configuration({ keycloak_authentication_flow: { f: flow }, keycloak_authentication_execution: executions }),
      ),
    ).flows.at(-1);
  const names = (model: ReturnType<typeof read>) =>
    model?.executions.map((each) => (each.kind === 'authenticator' ? each.authenticator : each.flow.alias));

  test('is that of priorities', () => {
    const model = read({
      a: step('auth-otp-form', { priority: 20 }),
      b: step('auth-username-password-form', { priority: 10 }),
    });
    expect(names(model)).toEqual(['auth-username-password-form', 'auth-otp-form']);
    expect(model?.orderUnknown).toBeUndefined();
  });

  test('without priorities is that of dependencies, as mrparkers 4 creates them', () => {
    const model = read({
      c: step('auth-otp-form', { depends_on: ['keycloak_authentication_execution.b'] }),
      a: step('auth-cookie'),
      b: step('auth-username-password-form', { depends_on: ['keycloak_authentication_execution.a'] }),
    });
    expect(names(model)).toEqual(['auth-cookie', 'auth-username-password-form', 'auth-otp-form']);
    expect(model?.orderUnknown).toBeUndefined();
  });

  test('without either is unknown', () => {
    const model = read({ a: step('auth-cookie'), b: step('auth-username-password-form') });
    expect(model?.orderUnknown).toMatch(/neither priorities nor dependencies/);
  });
});

describe('what a configuration doesn’t say', () => {
  test('of a realm that it doesn’t manage is unknown', () => {
    const model = only(
      readTerraformConfiguration({
        data: { keycloak_realm: { r: { realm: 'acme' } } },
        resource: {
          keycloak_openid_client: {
            app: { realm_id: '${data.keycloak_realm.r.id}', client_id: 'app', standard_flow_enabled: true },
          },
        },
      }),
    );
    expect(model).toMatchObject({ realm: 'acme', complete: false, acrLoaMap: { unknown: expect.any(String) } });
    expect(loginOnce(model)).toMatch(/cannot tell/);
  });

  test('because a resource is repeated is told', () => {
    const source = configuration({
      keycloak_authentication_flow: { f: flow },
      keycloak_authentication_execution: { many: step('auth-otp-form', { for_each: '${var.unknown}' }) },
    });
    const model = only(readTerraformConfiguration(source));
    expect(model.complete).toBe(false);
    expect(model.unknowns).toContainEqual({
      address: 'keycloak_authentication_execution.many',
      unknown: expect.stringMatching(/for_each/),
    });
    expect(model.flows.at(-1)?.orderUnknown).toMatch(/missing/);
  });

  test('because it is in a module is told', () => {
    const model = only(readTerraformConfiguration(configuration({}, { module: { flows: { source: './flows' } } })));
    expect(model.unknowns).toContainEqual({ address: 'module.flows', unknown: expect.stringMatching(/use the plan/) });
  });

  test('as an override by a flow of another source is unknown', () => {
    const model = only(
      readTerraformConfiguration(
        configuration({
          keycloak_openid_client: {
            app: {
              realm_id: '${keycloak_realm.r.id}',
              client_id: 'app',
              authentication_flow_binding_overrides: { browser_id: 'some-uuid' },
            },
          },
        }),
      ),
    );
    expect(model.clients[0]?.flowOverrides.browser).toEqual({ unknown: expect.stringMatching(/some-uuid/) });
  });
});

test('two realms in one configuration are two models', () => {
  const models = readTerraformConfiguration({
    resource: {
      keycloak_realm: { a: { realm: 'one' }, b: { realm: 'two' } },
      keycloak_openid_client: {
        app: { realm_id: '${keycloak_realm.b.id}', client_id: 'app' },
      },
    },
  });
  expect(models.map(({ realm }) => realm)).toEqual(['one', 'two']);
  expect(models.map(({ clients }) => clients.some(({ clientId }) => clientId === 'app'))).toEqual([false, true]);
});
