import { explore, simulate } from '../../../model';
import { ALICE, BOB, ESSENTIAL_GOLD, GOLD, loginOnce, SimulatedBrowser } from '../support/browser';
import { ALT, COND, COOKIE, client, flow, LOA, OTP, PASSWORD, REQ, realm, stepUpFlow } from '../support/realm';

describe('levels of authentication', () => {
  const model = realm(stepUpFlow());

  test('fire the lowest when nothing is requested', () => {
    expect(loginOnce(model)).toBe('username+password → silver');
  });

  test('fire up to the requested one', () => {
    expect(loginOnce(model, GOLD)).toBe('username+password, otp → gold');
  });

  test.each([
    [['gold', 'silver'], 'username+password → silver'],
    [['2'], 'username+password, otp → 2'],
    [['platinum'], 'username+password → silver'],
    [['gold', 'platinum'], 'username+password → silver'],
  ])('take the lowest of acr_values %j, numbers too, and an unknown one as none', (acrValues, expected) => {
    expect(loginOnce(model, { acrValues })).toBe(expected);
  });

  test('refuse an unknown essential acr at the endpoint', () => {
    const request = { acrClaim: { essential: true, values: ['platinum'] } };
    expect(loginOnce(model, request)).toBe('→ 400 invalid-claims');
  });

  test('take a voluntary acr claim like acr_values', () => {
    expect(loginOnce(model, { acrClaim: { values: ['gold'] } })).toBe('username+password, otp → gold');
  });

  test('take the lowest of several essential values', () => {
    expect(loginOnce(model, { acrClaim: { essential: true, values: ['gold', 'silver'] } })).toBe(
      'username+password → silver',
    );
  });

  test('ask for the second proof only when a session steps up, and for nothing within max age', () => {
    const browser = new SimulatedBrowser(model);
    expect(browser.login()).toBe('username+password → silver');
    expect(browser.login(GOLD)).toBe('otp → gold');
    expect(browser.login(GOLD)).toBe('→ gold');
  });

  test('give the level of the session to a later login that asks for none', () => {
    const browser = new SimulatedBrowser(model);
    browser.login(GOLD);
    expect(browser.login()).toBe('→ gold');
  });

  test('are bypassed by nothing when the session is essential gold', () => {
    const browser = new SimulatedBrowser(model);
    browser.login();
    expect(browser.login(ESSENTIAL_GOLD)).toBe('otp → gold');
  });

  test('answer prompt=none with login_required when a proof is due', () => {
    const browser = new SimulatedBrowser(model);
    browser.login();
    expect(browser.login({ ...ESSENTIAL_GOLD, prompt: ['none'] })).toBe('→ login_required');
    expect(browser.login({ prompt: ['none'] })).toBe('→ silver');
  });

  test('are all asked again by prompt=login', () => {
    const browser = new SimulatedBrowser(model);
    browser.login(GOLD);
    expect(browser.login({ ...GOLD, prompt: ['login'] })).toBe('password, otp → gold');
  });

  test('are all asked again once max_age has passed', () => {
    const browser = new SimulatedBrowser(model);
    browser.login(GOLD);
    expect(browser.wait(10).login({ ...GOLD, maxAge: 10 })).toBe('→ gold');
    expect(browser.wait(1).login({ ...GOLD, maxAge: 10 })).toBe('password, otp → gold');
  });

  test('take an essential acr without error where the flow has no level', () => {
    const plain = realm(flow('plain', [COOKIE, ALT('plain forms', [PASSWORD])]));
    expect(loginOnce(plain, ESSENTIAL_GOLD)).toBe('username+password → silver');
  });

  test('refuse an essential level that the flow lacks', () => {
    const silverOnly = realm(flow('f', [COOKIE, ALT('forms', [COND('silver', [LOA(1), PASSWORD])])]));
    expect(loginOnce(silverOnly, ESSENTIAL_GOLD)).toBe('username+password → 400 acr-not-fulfilled');
  });
});

describe('max age', () => {
  test('0 asks at every request and leaves the next login at the level below', () => {
    const browser = new SimulatedBrowser(realm(stepUpFlow('f', { gold: 0 })));
    expect(browser.login(GOLD)).toBe('username+password, otp → gold');
    expect(browser.login(GOLD)).toBe('otp → gold');
    expect(browser.login()).toBe('→ silver');
  });

  test('of gold passed: a plain login is silver without a prompt, gold asks the OTP', () => {
    const browser = new SimulatedBrowser(realm(stepUpFlow('f', { gold: 60 })));
    browser.login(GOLD);
    browser.wait(61);
    expect(browser.login()).toBe('→ silver');
    expect(browser.login(GOLD)).toBe('otp → gold');
  });

  test('of silver passed: a plain login is acr 0 without a prompt', () => {
    const browser = new SimulatedBrowser(realm(stepUpFlow('f', { silver: 60 })));
    browser.login();
    expect(browser.wait(61).login()).toBe('→ 0');
  });

  test.each([{ defaultAcrValues: ['silver'] }, { minimumAcr: 'silver' }])(
    'of silver passed: %j asks the password',
    (props) => {
      const model = realm(stepUpFlow('f', { silver: 60 }), { clients: [client('app', props)] });
      const browser = new SimulatedBrowser(model);
      browser.login();
      expect(browser.wait(61).login()).toBe('password → silver');
    },
  );

  test('of silver passed while gold counts: gold asks the password only', () => {
    const browser = new SimulatedBrowser(realm(stepUpFlow('f', { silver: 60 })));
    browser.login(GOLD);
    expect(browser.wait(61).login(GOLD)).toBe('password → gold');
  });

  test('near 2^31 overflows and has passed at once', () => {
    const browser = new SimulatedBrowser(realm(stepUpFlow('f', { gold: 2 ** 31 - 1 })));
    browser.login(GOLD);
    expect(browser.login(GOLD)).toBe('otp → gold');
  });

  test('of Keycloak 17: kept or not, by loa-store-in-user-session', () => {
    const old = (store: string) =>
      realm(
        flow('f', [
          COOKIE,
          ALT('forms', [
            COND('silver', [LOA(1), PASSWORD]),
            COND('gold', [
              REQ('conditional-level-of-authentication', {
                'loa-condition-level': '2',
                'loa-store-in-user-session': store,
              }),
              OTP,
            ]),
          ]),
        ]),
      );
    const kept = new SimulatedBrowser(old('true'));
    kept.login(GOLD);
    expect(kept.login(GOLD)).toBe('→ gold');
    const dropped = new SimulatedBrowser(old('false'));
    dropped.login(GOLD);
    expect(dropped.login(GOLD)).toBe('otp → gold');
  });

  test('of a level that the flow no longer has is 0', () => {
    const browser = new SimulatedBrowser(realm(stepUpFlow()));
    browser.login(GOLD);
    const silverOnly = realm(flow('f', [COOKIE, ALT('forms', [COND('silver', [LOA(1), PASSWORD])])]));
    const later = new SimulatedBrowser(silverOnly);
    later.session = browser.session;
    later.now = browser.now + 1;
    expect(later.login()).toBe('→ silver');
  });
});

describe('enrolment', () => {
  test('in a plain level: a user without OTP reaches gold by enrolling one', () => {
    const model = realm(stepUpFlow());
    expect(loginOnce(model, GOLD, ALICE)).toBe('username+password, CONFIGURE_TOTP → gold');
    expect(loginOnce(model, ESSENTIAL_GOLD, ALICE)).toBe('username+password, CONFIGURE_TOTP → gold');
  });

  test('in a plain level with the action disabled: refused', () => {
    const open = realm(stepUpFlow());
    const requiredActions = open.requiredActions.map((action) =>
      action.alias === 'CONFIGURE_TOTP' ? { ...action, enabled: false } : action,
    );
    const model = { ...open, requiredActions };
    expect(loginOnce(model, GOLD, ALICE)).toBe('username+password → 400 flow-failed');
    expect(loginOnce(model, GOLD, BOB)).toBe('username+password, otp → gold');
  });

  test('behind conditional-user-configured: silver, or refused if essential', () => {
    const model = realm(
      flow('f', [
        COOKIE,
        ALT('forms', [
          COND('silver', [LOA(1), PASSWORD]),
          COND('gold', [LOA(2), REQ('conditional-user-configured'), OTP]),
        ]),
      ]),
    );
    expect(loginOnce(model, GOLD, ALICE)).toBe('username+password → silver');
    expect(loginOnce(model, ESSENTIAL_GOLD, ALICE)).toBe('username+password → 400 acr-not-fulfilled');
    expect(loginOnce(model, GOLD, BOB)).toBe('username+password, otp → gold');
  });

  const denying = realm(
    flow('f', [
      COOKIE,
      ALT('forms', [
        COND('silver', [LOA(1), PASSWORD]),
        COND('gold', [
          LOA(2),
          COND('have', [REQ('conditional-user-configured'), OTP]),
          COND('have not', [
            REQ('conditional-sub-flow-executed', { flow_to_check: 'have', check_result: 'not-executed' }),
            REQ('deny-access-authenticator', { denyErrorMessage: 'No OTP' }),
          ]),
        ]),
      ]),
    ]),
  );
  const denyingShort = realm(
    flow('f', [
      COOKIE,
      ALT('forms', [
        COND('silver', [LOA(1), PASSWORD]),
        COND('gold', [LOA(2), REQ('proof', [ALT('auth-otp-form'), ALT('deny-access-authenticator')])]),
      ]),
    ]),
  );

  test.each([
    ['two subflows', denying],
    ['deny as alternative', denyingShort],
  ])('denied by %s: 401 without OTP, gold with', (_, model) => {
    expect(loginOnce(model, GOLD, ALICE)).toBe('username+password → 401 access-denied');
    expect(loginOnce(model, GOLD, BOB)).toBe('username+password, otp → gold');
  });

  test('by kc_action before the denying level: gold on a password', () => {
    const browser = new SimulatedBrowser(denying, ALICE);
    expect(browser.login({ action: 'CONFIGURE_TOTP' })).toBe('username+password, CONFIGURE_TOTP → silver');
    expect(browser.login(GOLD)).toBe('otp → gold');
  });

  test('by kc_action asks an OTP of a user who has one, and the password when the login is old', () => {
    const browser = new SimulatedBrowser(denying, BOB);
    browser.login();
    expect(browser.login({ action: 'CONFIGURE_TOTP' })).toBe('otp, CONFIGURE_TOTP → gold');
    expect(browser.wait(301).login({ action: 'CONFIGURE_TOTP' })).toBe('password, otp, CONFIGURE_TOTP → gold');
  });

  const withActionAge = (age: string) => ({
    ...denying,
    requiredActions: denying.requiredActions.map((action) =>
      action.alias === 'CONFIGURE_TOTP' ? { ...action, config: { max_auth_age: age } } : action,
    ),
  });

  test('by kc_action with a negative max_auth_age counts as with none: 300 s', () => {
    const browser = new SimulatedBrowser(withActionAge('-5'), ALICE);
    browser.login();
    expect(browser.wait(300).login({ action: 'CONFIGURE_TOTP' })).toBe('CONFIGURE_TOTP → silver');
  });

  test('by kc_action with a max_auth_age that is no number fails in a session', () => {
    const browser = new SimulatedBrowser(withActionAge('abc'), ALICE);
    expect(browser.login({ action: 'CONFIGURE_TOTP' })).toBe('username+password, CONFIGURE_TOTP → silver');
    expect(browser.login({ action: 'CONFIGURE_TOTP' })).toBe('→ 400 unexpected-error');
  });

  test('can be left undone if the user started it', () => {
    const browser = new SimulatedBrowser(denying, ALICE);
    const cancel = (page: { kind: string }) => (page.kind === 'action' ? { cancel: true as const } : { give: 0 });
    expect(browser.login({ action: 'CONFIGURE_TOTP' }, { actor: cancel })).toBe(
      'username+password, CONFIGURE_TOTP → silver',
    );
    expect(browser.user.credentials).toEqual(['password']);
  });

  test('into an OTP form among alternatives isn’t offered', () => {
    const model = realm(
      flow('f', [
        COOKIE,
        ALT('forms', [COND('silver', [LOA(1), PASSWORD]), COND('gold', [LOA(2), ALT('auth-otp-form')])]),
      ]),
    );
    expect(loginOnce(model, GOLD, BOB)).toBe('username+password, otp → gold');
    expect(loginOnce(model, GOLD, ALICE)).toBe('username+password → 400 flow-failed');
  });
});

describe('a level condition without config', () => {
  test('ends a deletion that has to look at it with an error, not the simulation', () => {
    const broken = flow('broken', [
      COOKIE,
      ALT('forms', [
        COND('silver', [LOA(1), PASSWORD]),
        COND('gold', [REQ('conditional-level-of-authentication'), OTP]),
      ]),
    ]);
    const strong = flow('strong', [REQ('strong forms', [PASSWORD, OTP])]);
    const model = realm(broken, {
      flows: [strong],
      clients: [client('app')],
      clientPolicies: [
        {
          name: 'all',
          enabled: true,
          strict: false,
          conditions: [{ provider: 'any-client', config: {} }],
          profiles: ['to strong'],
        },
      ],
      clientProfiles: [
        {
          name: 'to strong',
          executors: [{ provider: 'auth-flow-enforcer', config: { 'auth-flow-alias': 'strong' } }],
        },
      ],
    });
    const result = simulate(
      model,
      { clientId: 'app', action: 'delete_credential:otp' },
      { credentials: ['password', 'otp'] },
      undefined,
      { actor: () => ({ give: 0 }) },
    );
    expect(result.outcome).toMatchObject({ kind: 'refused', reason: 'unexpected-error' });
    expect(() => explore(model)).not.toThrow();
  });

  test('is no matter where the action is about no credential of the account', () => {
    const broken = flow('broken', [
      PASSWORD,
      COND('gold', [
        LOA(2),
        REQ('conditional-user-role', { condUserRole: 'nobody' }),
        COND('platinum', [REQ('conditional-level-of-authentication'), OTP]),
      ]),
    ]);
    const action = 'delete_credential:recovery-authn-codes';
    expect(loginOnce(realm(broken), { action })).toBe('username+password → silver');
    expect(loginOnce(realm(broken), { action: 'delete_credential:otp' })).toBe(
      'username+password → 400 unexpected-error',
    );
  });
});
