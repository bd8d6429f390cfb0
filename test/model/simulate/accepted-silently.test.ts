import { BOB, GOLD, loginOnce, SimulatedBrowser } from '../support/browser';
import {
  ALT,
  COND,
  COOKIE,
  client,
  flow,
  LOA,
  type Node,
  OFF,
  OTP,
  PASSWORD,
  REQ,
  realm,
  stepUpFlow,
} from '../support/realm';

/** Keycloak takes all of these without a word; what a login then does was seen on a real server. */
describe('a configuration that Keycloak accepts silently', () => {
  const forms = (...nodes: Node[]) => realm(flow('f', [COOKIE, ALT('forms', nodes)]));
  const silver = COND('silver', [LOA(1), PASSWORD]);

  function sso(model: Parameters<typeof loginOnce>[0], request = {}) {
    const browser = new SimulatedBrowser(model);
    browser.session = { started: browser.now, authTime: browser.now, levels: { 1: browser.now }, clients: {} };
    return browser.login(request);
  }

  test('one level twice, (1,1): single sign-on fails', () => {
    const model = forms(silver, COND('again', [LOA(1), PASSWORD]), COND('gold', [LOA(2), OTP]));
    expect(sso(model, GOLD)).toBe('→ 400 unexpected-error');
  });

  test('one level twice, (2,2): the second never runs', () => {
    const model = forms(
      silver,
      COND('gold', [LOA(2), OTP]),
      COND('more', [LOA(2), REQ('auth-recovery-authn-code-form')]),
    );
    expect(loginOnce(model, GOLD, { credentials: ['password', 'otp', 'recovery-authn-codes'] })).toBe(
      'username+password, otp → gold',
    );
  });

  test('descending levels, OTP first: total lock-out', () => {
    const model = forms(COND('gold', [LOA(2), OTP]), silver);
    expect(loginOnce(model)).toBe('→ 400 flow-failed');
    expect(loginOnce(model, GOLD)).toBe('→ 400 flow-failed');
  });

  test('descending levels, password + OTP, then password: an extra password, and it ends silver', () => {
    const model = forms(COND('gold', [LOA(2), PASSWORD, OTP]), silver);
    expect(loginOnce(model, GOLD)).toBe('username+password, otp, password → silver');
  });

  test('acr map with a level that no flow has: what the flow reaches', () => {
    const model = {
      ...realm(stepUpFlow()),
      acrLoaMap: {
        levels: [
          { acr: 'silver', loa: 1 },
          { acr: 'gold', loa: 3 },
        ],
      },
    };
    expect(loginOnce(model, GOLD)).toBe('username+password, otp → silver');
    expect(loginOnce(model, { acrClaim: { essential: true, values: ['gold'] } })).toBe(
      'username+password, otp → 400 acr-not-fulfilled',
    );
  });

  test('acr map with gold = 1: gold on a password', () => {
    const model = { ...realm(stepUpFlow()), acrLoaMap: { levels: [{ acr: 'gold', loa: 1 }] } };
    expect(loginOnce(model, GOLD)).toBe('username+password → gold');
  });

  test('broken acr map: acr 1', () => {
    const model = { ...realm(stepUpFlow()), acrLoaMap: { levels: [], broken: '{gold' } };
    expect(loginOnce(model, GOLD)).toBe('username+password → 1');
  });

  test.each([
    ['without a condition', COND('gold', [OTP])],
    ['whose condition is disabled', COND('gold', [OFF('conditional-level-of-authentication'), OTP])],
  ])('a CONDITIONAL subflow %s: its OTP is skipped', (_, gold) => {
    expect(loginOnce(forms(silver, gold), GOLD)).toBe('username+password → silver');
  });

  test('a level condition without config: the login fails', () => {
    const model = forms(silver, COND('gold', [REQ('conditional-level-of-authentication'), OTP]));
    expect(loginOnce(model, GOLD)).toBe('username+password → 400 unexpected-error');
  });

  test('a level that is no number: its OTP is asked, and it ends silver', () => {
    const model = forms(silver, COND('gold', [LOA('abc'), OTP]));
    expect(loginOnce(model, GOLD)).toBe('username+password, otp → silver');
  });

  test('REQUIRED level subflows: always the OTP, and silver', () => {
    const model = forms(REQ('silver', [LOA(1), PASSWORD]), REQ('gold', [LOA(2), OTP]));
    expect(loginOnce(model)).toBe('username+password, otp → silver');
    expect(loginOnce(model, GOLD)).toBe('username+password, otp → silver');
  });

  test('cookie ALTERNATIVE beside a REQUIRED: no single sign-on', () => {
    const model = realm(flow('f', [COOKIE, REQ('forms', [PASSWORD])]));
    expect(sso(model)).toBe('username+password → silver');
  });

  test('cookie REQUIRED: lock-out without a session', () => {
    const model = realm(flow('f', [REQ('auth-cookie'), REQ('forms', [PASSWORD])]));
    expect(loginOnce(model)).toBe('→ 400 flow-failed');
  });

  test('CONDITIONAL beside ALTERNATIVEs: lock-out', () => {
    const model = realm(flow('f', [COOKIE, ALT('forms', [PASSWORD]), COND('gold', [LOA(2), OTP])]));
    expect(loginOnce(model)).toBe('→ 400 flow-failed');
  });

  test('OTP ALTERNATIVE beside a REQUIRED password: the OTP is skipped', () => {
    expect(loginOnce(forms(PASSWORD, ALT('auth-otp-form')))).toBe('username+password → silver');
  });

  test('OTP DISABLED in a level: gold is refused', () => {
    expect(loginOnce(forms(silver, COND('gold', [LOA(2), OFF('auth-otp-form')])), GOLD)).toBe(
      'username+password → 400 flow-failed',
    );
  });

  test('allow-access-authenticator in a level: gold on a password', () => {
    const model = forms(silver, COND('gold', [LOA(2), REQ('allow-access-authenticator')]));
    expect(loginOnce(model, GOLD)).toBe('username+password → gold');
  });

  test('a user name form as level 0: login with a user name only', () => {
    const model = forms(
      COND('nothing', [LOA(0), REQ('auth-username-form')]),
      COND('silver', [LOA(1), REQ('auth-password-form')]),
    );
    expect(loginOnce(model)).toBe('username → 0');
  });

  test.each([
    ['empty', realm(flow('f', []))],
    ['cookie-only', realm(flow('f', [COOKIE]))],
  ])('an %s flow: lock-out', (_, model) => {
    expect(loginOnce(model)).toBe('→ 400 flow-failed');
  });

  test('level 2 outside the subflow of the cookie: gold from a session is locked out', () => {
    const model = realm(flow('f', [REQ('first', [COOKIE, ALT('forms', [silver])]), COND('gold', [LOA(2), OTP])]));
    expect(sso(model, GOLD)).toBe('→ 400 flow-failed');
    expect(loginOnce(model, GOLD)).toBe('username+password, otp → gold');
  });

  test('an override that exists no more: the flow of the realm', () => {
    const model = realm(stepUpFlow(), {
      clients: [client('app', { flowOverrides: { browser: { dangling: 'gone' } } })],
    });
    expect(loginOnce(model, GOLD, BOB)).toBe('username+password, otp → gold');
  });
});
