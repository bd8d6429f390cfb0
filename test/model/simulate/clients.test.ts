import type { Client, RealmModel, SubflowExecution } from '../../../model/realm-model';
import { ESSENTIAL_GOLD, GOLD, loginOnce, SimulatedBrowser } from '../support/browser';
import { ALT, COND, COOKIE, client, flow, LOA, OTP, PASSWORD, REQ, realm, stepUpFlow } from '../support/realm';

const withClient = (props: Partial<Client>, overrides: Partial<RealmModel> = {}) =>
  realm(stepUpFlow(), { clients: [client('app', props)], ...overrides });

describe('default.acr.values', () => {
  const model = withClient({ defaultAcrValues: ['gold'] });

  test('count only if nothing is requested', () => {
    expect(loginOnce(model)).toBe('username+password, otp → gold');
    expect(loginOnce(model, { acrValues: ['silver'] })).toBe('username+password → silver');
    expect(loginOnce(model, { acrValues: ['platinum'] })).toBe('username+password → silver');
  });
});

describe('minimum.acr.value', () => {
  const model = withClient({ minimumAcr: 'gold', defaultAcrValues: ['silver'] });

  test.each([[undefined], [['silver']], [['0']], [['platinum']]])('raises acr_values %j', (acrValues) => {
    expect(loginOnce(model, { acrValues })).toBe('username+password, otp → gold');
  });

  test('asks a session for the OTP', () => {
    const browser = new SimulatedBrowser(
      realm(stepUpFlow(), { clients: [client('app', { minimumAcr: 'gold' }), client('other')] }),
    );
    browser.login({ clientId: 'other' });
    expect(browser.login()).toBe('otp → gold');
  });

  test('refuses a lower essential acr', () => {
    const request = { acrClaim: { essential: true, values: ['silver'] } };
    expect(loginOnce(model, request)).toBe('→ 400 invalid-claims');
    expect(loginOnce(model, ESSENTIAL_GOLD)).toBe('username+password, otp → gold');
  });

  test.each([
    ['without levels', flow('plain', [COOKIE, ALT('plain forms', [PASSWORD])])],
    ['without that level', flow('low', [COOKIE, ALT('low forms', [COND('low silver', [LOA(1), PASSWORD])])])],
  ])('is best effort: a flow %s gives what it reached', (_, override) => {
    const loose = withClient(
      { minimumAcr: 'gold', flowOverrides: { browser: { alias: override.alias } } },
      { flows: [override] },
    );
    expect(loginOnce(loose)).toBe('username+password → silver');
  });
});

describe('acr.loa.map of a client', () => {
  test('replaces that of the realm', () => {
    const model = withClient({ acrLoaMap: { levels: [{ acr: 'gold', loa: 1 }] } });
    expect(loginOnce(model, GOLD)).toBe('username+password → gold');
  });

  test('without levels leaves that of the realm', () => {
    const model = withClient({ acrLoaMap: { levels: [], broken: 'nonsense' } });
    expect(loginOnce(model, GOLD)).toBe('username+password, otp → gold');
  });
});

describe('a flow override', () => {
  const override = (nodes: Parameters<typeof flow>[1], props: Partial<Client> = {}) =>
    realm(stepUpFlow(), {
      flows: [flow('own', nodes)],
      clients: [client('app', { flowOverrides: { browser: { alias: 'own' } }, ...props }), client('other')],
    });

  function afterPlainSession(model: RealmModel, request = {}) {
    const browser = new SimulatedBrowser(model);
    browser.login({ clientId: 'other' });
    return browser.wait(1).login(request);
  }

  test('with the cookie is bypassed by a plain session', () => {
    const model = override([COOKIE, ALT('own forms', [PASSWORD, OTP])]);
    expect(loginOnce(model)).toBe('username+password, otp → silver');
    expect(afterPlainSession(model)).toBe('→ 0');
  });

  test('of level 2 only, with the cookie, is bypassed too', () => {
    const model = override([COOKIE, ALT('own forms', [COND('own gold', [LOA(2), PASSWORD, OTP])])]);
    expect(afterPlainSession(model)).toBe('→ 0');
  });

  test('without the cookie asks each time', () => {
    const model = override([REQ('own forms', [PASSWORD, OTP])]);
    expect(afterPlainSession(model)).toBe('username+password, otp → silver');
  });

  test('with the cookie and a minimum acr holds', () => {
    const model = override(
      [COOKIE, ALT('own forms', [COND('own silver', [LOA(1), PASSWORD]), COND('own gold', [LOA(2), OTP])])],
      { minimumAcr: 'gold' },
    );
    expect(afterPlainSession(model)).toBe('otp → gold');
  });
});

describe('the acr of a token', () => {
  test('is missing without an acr mapper', () => {
    const model = withClient({ defaultScopes: ['basic', 'profile'] });
    expect(loginOnce(model)).toBe('username+password → undefined');
  });

  test('keeps to the acr_values that the client sent last', () => {
    const browser = new SimulatedBrowser(realm(stepUpFlow()));
    browser.login(GOLD);
    expect(browser.login({ acrValues: ['silver'] })).toBe('→ silver');
    expect(browser.login()).toBe('→ silver');
  });
});

describe('grants', () => {
  test('password: silver, whatever is asked and whatever the scope', () => {
    const model = withClient({ grants: { ...client('x').grants, password: true }, minimumAcr: 'gold' });
    const alice = { credentials: ['password'] as const };
    expect(loginOnce(model, { grant: 'password', ...GOLD }, alice)).toBe('username, password → silver');
  });

  test('password: refused where the client may not', () => {
    expect(loginOnce(withClient({}), { grant: 'password' })).toBe('→ 400 client-not-allowed');
  });

  test('device: ignores acr_values, default and minimum; a gold session gives gold by consent alone', () => {
    const model = withClient({ grants: { ...client('x').grants, device: true }, minimumAcr: 'gold' });
    expect(loginOnce(model, { grant: 'device', ...GOLD })).toBe('username+password, consent → silver');
    const browser = new SimulatedBrowser(model);
    browser.login();
    expect(browser.login({ grant: 'device' })).toBe('consent → gold');
  });
});

describe('an override that names a subflow', () => {
  const subflow = (stepUpFlow().executions.find(({ kind }) => kind === 'subflow') as SubflowExecution).flow;
  const model = withClient({ flowOverrides: { browser: { alias: subflow.alias } } });

  test('runs it by itself: without the cookie, and no session remembers its levels', () => {
    const browser = new SimulatedBrowser(model);
    expect(browser.login(GOLD)).toBe('username+password, otp → gold');
    expect(browser.login(GOLD)).toBe('username+password, otp → gold');
    expect(browser.session?.levels).toBeUndefined();
  });

  test('no essential acr is insisted on', () => {
    const essential = { acrClaim: { essential: true, values: ['3'] } };
    expect(loginOnce(model, essential)).toBe('username+password, otp → gold');
    expect(loginOnce(withClient({}), essential)).toBe('username+password, otp → 400 acr-not-fulfilled');
  });
});

describe('scopes', () => {
  test('that a client lacks make Keycloak refuse the request', () => {
    const scope = ['openid', 'no-such-scope'];
    expect(loginOnce(withClient({}), { scope })).toBe('→ invalid_scope');
    expect(loginOnce(withClient({ optionalScopes: ['no-such-scope'] }), { scope })).toBe('username+password → silver');
  });
});

test('a client that asks for consent has no password grant', () => {
  const { grants } = client('app');
  const model = withClient({ consentRequired: true, grants: { ...grants, password: true } });
  expect(loginOnce(model, { grant: 'password' })).toBe('→ 400 client-not-allowed');
});
