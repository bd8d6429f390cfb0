import type { ClientPolicy, PolicyPart, RealmModel } from '../../../model/realm-model';
import { GOLD, loginOnce, SimulatedBrowser } from '../support/browser';
import { ALT, COOKIE, client, flow, OTP, PASSWORD, REQ, realm, stepUpFlow } from '../support/realm';

const STRONG = flow('strong', [REQ('strong forms', [PASSWORD, OTP])]);
const WEAK = flow('weak', [REQ('weak forms', [PASSWORD])]);
const ANY: PolicyPart = { provider: 'any-client', config: {} };

interface Enforced {
  readonly when: PolicyPart;
  readonly flow?: string;
  readonly loa?: number;
}

function policies(enforced: readonly Enforced[], overrides: Partial<RealmModel> = {}): RealmModel {
  const clientPolicies: ClientPolicy[] = enforced.map(({ when }, index) => ({
    name: `policy ${index}`,
    enabled: true,
    strict: false,
    conditions: [when],
    profiles: [`profile ${index}`],
  }));
  const clientProfiles = enforced.map(({ flow: alias, loa }, index) => ({
    name: `profile ${index}`,
    executors: [
      {
        provider: 'auth-flow-enforcer',
        config: { ...(alias && { 'auth-flow-alias': alias }), ...(loa !== undefined && { 'auth-flow-loa': loa }) },
      },
    ],
  }));
  return realm(stepUpFlow(), { flows: [STRONG, WEAK], clientPolicies, clientProfiles, ...overrides });
}

describe('auth-flow-enforcer', () => {
  test('stamps its level only: the ordinary flow with loa 2 gives gold on a password', () => {
    expect(loginOnce(policies([{ when: ANY, flow: 'step-up', loa: 2 }]))).toBe('username+password → gold');
  });

  test('for acr gold: "silver gold" gives gold on a password', () => {
    const when = { provider: 'acr-condition', config: { 'acr-property': 'gold' } };
    const model = policies([{ when, flow: 'step-up', loa: 2 }]);
    expect(loginOnce(model, { acrValues: ['silver', 'gold'] })).toBe('username+password → gold');
    expect(loginOnce(model, { acrValues: ['silver'] })).toBe('username+password → silver');
  });

  test('of a flow of its own, without cookie, is safe', () => {
    const model = policies([{ when: ANY, flow: 'strong', loa: 2 }]);
    const browser = new SimulatedBrowser(model);
    expect(browser.login()).toBe('username+password, otp → gold');
    expect(browser.login(GOLD)).toBe('username+password, otp → gold');
  });

  test('stamps any number', () => {
    expect(loginOnce(policies([{ when: ANY, flow: 'weak', loa: 99 }]))).toBe('username+password → gold');
    expect(loginOnce({ ...policies([{ when: ANY, flow: 'weak', loa: 99 }]), acrLoaMap: { levels: [] } })).toBe(
      'username+password → 99',
    );
  });

  test('the last match wins; its level stays though a later match has none', () => {
    const model = policies([
      { when: ANY, flow: 'strong', loa: 2 },
      { when: ANY, flow: 'weak' },
    ]);
    expect(loginOnce(model)).toBe('username+password → gold');
  });

  test('beats a client override', () => {
    const clients = [client('app', { flowOverrides: { browser: { alias: 'weak' } } })];
    expect(loginOnce(policies([{ when: ANY, flow: 'strong' }], { clients }))).toBe('username+password, otp → silver');
  });

  test('of a missing flow: 500', () => {
    expect(loginOnce(policies([{ when: ANY, flow: 'gone' }]))).toBe('→ 500 missing-flow');
  });

  test('with a misspelt key does nothing', () => {
    const model = policies([{ when: ANY }]);
    expect(loginOnce(model)).toBe('username+password → silver');
  });

  test('does not apply to the password grant and the device flow', () => {
    const grants = { ...client('x').grants, password: true, device: true };
    const model = policies([{ when: ANY, flow: 'strong', loa: 2 }], { clients: [client('app', { grants })] });
    const alice = { credentials: ['password'] as const };
    expect(loginOnce(model, { grant: 'password' }, alice)).toBe('username, password → silver');
    expect(loginOnce(model, { grant: 'device' }, alice)).toBe('username+password, consent → silver');
  });
});

describe('conditions of client policies', () => {
  const enforcedFor = (when: PolicyPart, overrides: Partial<RealmModel> = {}) =>
    policies([{ when, flow: 'strong' }], overrides);
  const STRONGLY = 'username+password, otp → silver';
  const NORMALLY = 'username+password → silver';

  test.each([
    ['Optional', ['payments'], STRONGLY],
    ['Optional', [], NORMALLY],
    ['Default', [], NORMALLY],
    ['Any', ['payments'], STRONGLY],
  ])('client-scopes %s with the scopes %j requested', (type, scope, expected) => {
    const clients = [client('app', { optionalScopes: ['payments'] })];
    const model = enforcedFor({ provider: 'client-scopes', config: { scopes: ['payments'], type } }, { clients });
    expect(loginOnce(model, { scope: ['openid', ...scope] })).toBe(expected);
  });

  test('client-roles looks at roles of the client', () => {
    const when = { provider: 'client-roles', config: { roles: ['sensitive'] } };
    expect(loginOnce(enforcedFor(when, { clients: [client('app', { roles: ['sensitive'] })] }))).toBe(STRONGLY);
    expect(loginOnce(enforcedFor(when))).toBe(NORMALLY);
  });

  test('client-access-type looks at the type of the client', () => {
    expect(loginOnce(enforcedFor({ provider: 'client-access-type', config: { type: ['public'] } }))).toBe(STRONGLY);
    expect(loginOnce(enforcedFor({ provider: 'client-access-type', config: { type: ['confidential'] } }))).toBe(
      NORMALLY,
    );
  });

  test('negative logic turns the vote', () => {
    expect(loginOnce(enforcedFor({ provider: 'any-client', config: { 'is-negative-logic': true } }))).toBe(NORMALLY);
  });

  test('a condition of another provider: cannot tell', () => {
    expect(loginOnce(enforcedFor({ provider: 'my-condition', config: {} }))).toMatch(/^→ cannot tell: .*my-condition/);
  });
});

test('reject-ropc-grant refuses the password grant', () => {
  const model = realm(stepUpFlow(), {
    clients: [client('app', { grants: { ...client('x').grants, password: true } })],
    clientPolicies: [{ name: 'p', enabled: true, strict: false, conditions: [ANY], profiles: ['no ropc'] }],
    clientProfiles: [{ name: 'no ropc', executors: [{ provider: 'reject-ropc-grant', config: {} }] }],
  });
  expect(loginOnce(model, { grant: 'password' })).toBe('→ 400 policy-rejected');
  expect(loginOnce(model)).toBe('username+password → silver');
});

test('a session lets a policy’s flow with cookie pass, and the level is stamped', () => {
  const withCookie = flow('with-cookie', [COOKIE, ALT('cookie forms', [PASSWORD, OTP])]);
  const browser = new SimulatedBrowser(
    policies(
      [{ when: { provider: 'acr-condition', config: { 'acr-property': 'gold' } }, flow: 'with-cookie', loa: 2 }],
      {
        flows: [withCookie],
      },
    ),
  );
  browser.login();
  expect(browser.login({ acrValues: ['gold', 'silver'] })).toBe('→ gold');
});
