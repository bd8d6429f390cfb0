import type { RealmModel } from '../../../model/realm-model';
import type { SimulatedUser } from '../../../model/simulate';
import { ALICE, BOB, GOLD, loginOnce, SimulatedBrowser } from '../support/browser';
import { ALT, COND, COOKIE, client, flow, LOA, OTP, PASSWORD, REQ, realm } from '../support/realm';

const ASKED = 'username+password, otp → silver';
const SKIPPED = 'username+password → silver';

/** Password, then an OTP under one condition. */
function under(condition: string, config?: Record<string, string>, overrides: Partial<RealmModel> = {}): RealmModel {
  const conditional = COND('conditional', [config ? REQ(condition, config) : REQ(condition), OTP]);
  return realm(flow('f', [COOKIE, ALT('forms', [PASSWORD, conditional])]), overrides);
}

describe('conditional-client-scope', () => {
  const clients = [client('app', { optionalScopes: ['payments'] })];
  const clientScopes = [
    { name: 'payments', protocol: 'openid-connect', mappers: [] },
    ...realm(flow('f', [])).clientScopes,
  ];
  const model = (config?: Record<string, string>) =>
    under('conditional-client-scope', config, { clients, clientScopes });
  const PAYMENTS = { scope: ['openid', 'payments'] };

  test('asks when the scope is requested', () => {
    expect(loginOnce(model({ client_scope: 'payments' }), PAYMENTS)).toBe(ASKED);
    expect(loginOnce(model({ client_scope: 'payments' }))).toBe(SKIPPED);
  });

  test('turned round by negate', () => {
    expect(loginOnce(model({ client_scope: 'payments', negate: 'true' }), PAYMENTS)).toBe(SKIPPED);
    expect(loginOnce(model({ client_scope: 'payments', negate: 'true' }))).toBe(ASKED);
  });

  test.each([
    ['an unknown scope', { client_scope: 'paymets' }],
    ['an unknown scope, negated', { client_scope: 'paymets', negate: 'true' }],
    ['no scope', {}],
    ['no config', undefined],
  ])('with %s the OTP is skipped', (_, config) => {
    expect(loginOnce(model(config), PAYMENTS)).toBe(SKIPPED);
  });

  test('beside the cookie is bypassed by a session', () => {
    const browser = new SimulatedBrowser(model({ client_scope: 'payments' }));
    browser.login();
    expect(browser.login(PAYMENTS)).toBe('→ 0');
  });

  test('after the cookie’s subflow, with conditional-credential, holds against a session', () => {
    const guarded = realm(
      flow('f', [
        REQ('login', [COOKIE, ALT('forms', [COND('silver', [LOA(1), PASSWORD]), COND('gold', [LOA(2), OTP])])]),
        COND('payments', [
          REQ('conditional-client-scope', { client_scope: 'payments' }),
          REQ('conditional-credential', { credentials: 'otp', included: 'false' }),
          OTP,
        ]),
      ]),
      { clients, clientScopes },
    );
    const browser = new SimulatedBrowser(guarded);
    expect(browser.login()).toBe('username+password → silver');
    expect(browser.login(PAYMENTS)).toBe('otp → silver');
    expect(loginOnce(guarded, { ...PAYMENTS, ...GOLD })).toBe('username+password, otp → gold');
  });

  test('with level 2 in one subflow asks no OTP unless gold is asked too', () => {
    const both = realm(
      flow('f', [
        COOKIE,
        ALT('forms', [
          COND('silver', [LOA(1), PASSWORD]),
          COND('gold', [REQ('conditional-client-scope', { client_scope: 'payments' }), LOA(2), OTP]),
        ]),
      ]),
      { clients, clientScopes },
    );
    expect(loginOnce(both, PAYMENTS)).toBe(SKIPPED);
    expect(loginOnce(both, { ...PAYMENTS, ...GOLD })).toBe('username+password, otp → gold');
  });
});

describe('conditional-user-role', () => {
  const overrides = { roles: ['admin', 'app.admin'] };
  const admin: SimulatedUser = { ...BOB, roles: ['admin', 'app.admin'] };

  test.each([
    [{ condUserRole: 'admin' }, admin, ASKED],
    [{ condUserRole: 'app.admin' }, admin, ASKED],
    [{ condUserRole: 'admin' }, BOB, SKIPPED],
    [{ condUserRole: 'admin', negate: 'true' }, BOB, ASKED],
    [{ condUserRole: 'admin', negate: 'true' }, admin, SKIPPED],
    [{ condUserRole: 'nobody' }, admin, SKIPPED],
    [{ condUserRole: 'nobody', negate: 'true' }, BOB, SKIPPED],
  ])('%j', (config, user, expected) => {
    expect(loginOnce(under('conditional-user-role', config, overrides), {}, user)).toBe(expected);
  });
});

describe('conditional-user-attribute', () => {
  const user: SimulatedUser = { ...BOB, attributes: { tier: ['premium'] }, groupAttributes: { desk: ['trading'] } };

  test.each([
    [{ attribute_name: 'tier', attribute_expected_value: 'premium' }, ASKED],
    [{ attribute_name: 'tier', attribute_expected_value: 'basic' }, SKIPPED],
    [{ attribute_name: 'tier', attribute_expected_value: 'prem', regex: 'true' }, SKIPPED],
    [{ attribute_name: 'tier', attribute_expected_value: 'prem.*', regex: 'true' }, ASKED],
    [{ attribute_name: 'tier', attribute_expected_value: 'basic', not: 'true' }, ASKED],
    [{ attribute_name: 'teir', attribute_expected_value: 'premium' }, SKIPPED],
    [{ attribute_name: 'desk', attribute_expected_value: 'trading' }, SKIPPED],
    [{ attribute_name: 'desk', attribute_expected_value: 'trading', include_group_attributes: 'true' }, ASKED],
  ])('%j', (config, expected) => {
    expect(loginOnce(under('conditional-user-attribute', config), {}, user)).toBe(expected);
  });

  test('a pattern that only Java reads: cannot tell', () => {
    const config = { attribute_name: 'tier', attribute_expected_value: '\\p{Lower}+', regex: 'true' };
    expect(loginOnce(under('conditional-user-attribute', config), {}, user)).toMatch(/cannot tell/);
  });
});

describe('conditional-credential', () => {
  test.each([
    [{ credentials: 'otp##webauthn', included: 'false' }, ASKED],
    [{ credentials: 'password', included: 'true' }, ASKED],
    [{ credentials: 'password', included: 'false' }, SKIPPED],
    [{ credentials: 'none', included: 'true' }, SKIPPED],
    [undefined, ASKED],
  ])('%j looks at what this login used', (config, expected) => {
    expect(loginOnce(under('conditional-credential', config))).toBe(expected);
  });

  test('takes a session for none', () => {
    const model = realm(
      flow('f', [
        REQ('login', [COOKIE, ALT('forms', [PASSWORD])]),
        COND('again', [REQ('conditional-credential', { credentials: 'none', included: 'true' }), OTP]),
      ]),
    );
    const browser = new SimulatedBrowser(model);
    expect(browser.login()).toBe(SKIPPED);
    expect(browser.login()).toBe('otp → 0');
  });

  test('takes a user name alone for a password', () => {
    const model = realm(
      flow('f', [
        REQ('auth-username-form'),
        COND('again', [REQ('conditional-credential', { credentials: 'password', included: 'false' }), OTP]),
      ]),
    );
    expect(loginOnce(model)).toBe('username → silver');
  });
});

describe('conditional-sub-flow-executed', () => {
  const model = (config?: Record<string, string>) =>
    realm(
      flow('f', [
        COND('extra', [REQ('conditional-user-role', { condUserRole: 'admin' }), REQ('auth-username-form')]),
        REQ('forms', [
          PASSWORD,
          COND('conditional', [
            config ? REQ('conditional-sub-flow-executed', config) : REQ('conditional-sub-flow-executed'),
            OTP,
          ]),
        ]),
      ]),
      { roles: ['admin'] },
    );

  test.each([
    [{ flow_to_check: 'extra', check_result: 'executed' }, SKIPPED],
    [{ flow_to_check: 'extra', check_result: 'not-executed' }, ASKED],
    [{ flow_to_check: 'extar', check_result: 'executed' }, SKIPPED],
    [{ flow_to_check: 'extar', check_result: 'not-executed' }, ASKED],
    [{ check_result: 'not-executed' }, ASKED],
    [{}, SKIPPED],
    [undefined, SKIPPED],
  ])('%j', (config, expected) => {
    expect(loginOnce(model(config))).toBe(expected);
  });
});

describe('conditional-user-configured', () => {
  test('asks those who have the credential', () => {
    expect(loginOnce(under('conditional-user-configured'), {}, BOB)).toBe(ASKED);
    expect(loginOnce(under('conditional-user-configured'), {}, ALICE)).toBe(SKIPPED);
  });
});

describe('auth-conditional-otp-form', () => {
  const model = (config: Record<string, string>, overrides: Partial<RealmModel> = {}) =>
    realm(
      flow('f', [
        COOKIE,
        ALT('forms', [
          COND('silver', [LOA(1), PASSWORD]),
          COND('gold', [LOA(2), REQ('auth-conditional-otp-form', config)]),
        ]),
      ]),
      { roles: ['skippers', 'forced'], ...overrides },
    );
  const ASKED_FOR_GOLD = 'username+password, otp → gold';
  const GOLD_BY_PASSWORD = 'username+password → gold';

  test.each([
    [{ defaultOtpOutcome: 'skip' }, {}, GOLD_BY_PASSWORD],
    [{ defaultOtpOutcome: 'force' }, {}, ASKED_FOR_GOLD],
    [{ defaultOtpOutcome: 'nonsense' }, {}, ASKED_FOR_GOLD],
    [{ otpControlAttribute: 'otp' }, { attributes: { otp: ['skip'] } }, GOLD_BY_PASSWORD],
    [{ otpControlAttribute: 'otp', defaultOtpOutcome: 'skip' }, { attributes: { otp: ['force'] } }, ASKED_FOR_GOLD],
    [{ skipOtpRole: 'skippers', forceOtpRole: 'forced' }, { roles: ['skippers', 'forced'] }, GOLD_BY_PASSWORD],
    [{ forceOtpRole: 'forced', defaultOtpOutcome: 'skip' }, { roles: ['forced'] }, ASKED_FOR_GOLD],
    [{ forceOtpRole: 'forced', defaultOtpOutcome: 'skip' }, {}, GOLD_BY_PASSWORD],
  ])('%j for %j', (config, user, expected) => {
    expect(loginOnce(model(config), GOLD, { ...BOB, ...user })).toBe(expected);
  });

  test('believes a header that the client sends', () => {
    const trusting = model({ noOtpRequiredForHeaderPattern: 'X-Forwarded-For: 10\\..*' });
    expect(loginOnce(trusting, { ...GOLD, headers: { 'X-Forwarded-For': '10.0.0.1' } })).toBe(GOLD_BY_PASSWORD);
    expect(loginOnce(trusting, { ...GOLD, headers: { 'X-Forwarded-For': '192.0.2.1' } })).toBe(ASKED_FOR_GOLD);
    expect(loginOnce(trusting, { ...GOLD, headers: { 'X-Forwarded-For': 'for 10.0.0.1' } })).toBe(ASKED_FOR_GOLD);
  });

  test('with a broken pattern fails', () => {
    expect(loginOnce(model({ forceOtpForHeaderPattern: 'X: (' }), GOLD)).toBe(
      'username+password → 400 unexpected-error',
    );
  });

  test('spares a user without OTP the enrolment if no config of the realm demands it', () => {
    expect(loginOnce(model({ defaultOtpOutcome: 'skip' }), GOLD, ALICE)).toBe(GOLD_BY_PASSWORD);
    expect(loginOnce(model({ defaultOtpOutcome: 'force' }), GOLD, ALICE)).toBe(
      'username+password, CONFIGURE_TOTP → gold',
    );
    const elsewhere = flow('elsewhere', [REQ('auth-conditional-otp-form', { defaultOtpOutcome: 'force' })]);
    expect(loginOnce(model({ defaultOtpOutcome: 'skip' }, { flows: [elsewhere] }), GOLD, ALICE)).toBe(
      'username+password, CONFIGURE_TOTP → gold',
    );
  });
});

describe('what the model cannot say', () => {
  test('a condition of another provider: cannot tell', () => {
    expect(loginOnce(realm(flow('f', [PASSWORD, COND('mine', [REQ('my-condition'), OTP])])))).toMatch(/cannot tell/);
  });

  test('a step of another provider: whatever it asks for is a proof of its own', () => {
    expect(loginOnce(realm(flow('f', [PASSWORD, REQ('my-authenticator')])))).toMatch(/step:my-authenticator/);
  });

  test('a scope or role of an incomplete source: cannot tell', () => {
    const incomplete = { complete: false };
    expect(loginOnce(under('conditional-client-scope', { client_scope: 'x' }, incomplete))).toMatch(
      /scope x is not in/,
    );
    expect(loginOnce(under('conditional-user-role', { condUserRole: 'x' }, incomplete))).toMatch(/role x is not in/);
  });

  test('a value that the reader didn’t know: cannot tell', () => {
    const model = realm(flow('f', [PASSWORD]));
    const acrLoaMap = { unknown: 'depends on var.levels' };
    expect(loginOnce({ ...model, acrLoaMap }, GOLD)).toMatch(/cannot tell: acr.loa.map.*var.levels/);
  });
});
