import { AuthenticationBindings } from '@cdktf/provider-keycloak/lib/authentication-bindings';
import { TerraformVariable, Testing } from 'cdktf';
import {
  type AssuranceLevel,
  AuthenticationFlow,
  Duration,
  execution,
  Factor,
  type OtpPolicy,
  StepUpFlow,
  StepUpRealm,
  type StepUpRealmProps,
} from '../../lib';
import { level, realmStack, resourceOf, resourcesOf, testStack } from '../support/stack';

/** Which of the realm's required actions are enabled. */
function actions(stack: ReturnType<typeof testStack>): Record<string, boolean> {
  const all = Object.values(resourcesOf(stack, 'keycloak_required_action'));
  return Object.fromEntries(all.map(({ alias, enabled }) => [alias, enabled]));
}

/** What is managed whatever the levels are, and how it is where none lets users enrol. */
const ALL_ACTIONS = {
  CONFIGURE_TOTP: false,
  'webauthn-register': false,
  'webauthn-register-passwordless': false,
  CONFIGURE_RECOVERY_AUTHN_CODES: false,
  UPDATE_PASSWORD: true,
  delete_credential: false,
};

describe('StepUpRealm', () => {
  test('opens enrolment only when its flows are bound, and binds them when its policies are there', () => {
    const { stack } = realmStack();
    const [bindings] = Object.keys(resourcesOf(stack, 'keycloak_authentication_bindings'));
    const actions = Object.values(resourcesOf(stack, 'keycloak_required_action'));
    expect(actions.length).toBeGreaterThan(3);
    for (const { depends_on: before } of actions)
      expect(before).toEqual([`keycloak_authentication_bindings.${bindings}`]);
    expect(resourceOf(stack, 'keycloak_authentication_bindings').depends_on).toEqual([
      expect.stringMatching(/^keycloak_realm_client_policy_profile_policy\./),
    ]);
  });

  test('maps the acr names to their LoA numbers', () => {
    const { stack } = realmStack();
    const { attributes } = resourceOf(stack, 'keycloak_realm');
    expect(JSON.parse(attributes['acr.loa.map'])).toEqual({ silver: 1, gold: 2 });
  });

  test('is safe where nothing is said: HTTPS, no self-registration, brute force detection, codes that work once', () => {
    const { stack } = realmStack();
    expect(resourceOf(stack, 'keycloak_realm')).toMatchObject({
      realm: 'acme',
      ssl_required: 'external',
      registration_allowed: false,
      security_defenses: { brute_force_detection: {} },
      otp_policy: { type: 'totp', digits: 6, period: 30, look_ahead_window: 1, code_reusable: false },
      sso_session_idle_timeout: '1800s',
      sso_session_max_lifespan: '36000s',
    });
  });

  test('disables the enrolment action of a factor that no level lets users enrol', () => {
    const { stack } = realmStack();
    expect(actions(stack)).toEqual(ALL_ACTIONS);
  });

  test.each([
    ['26.2.5', undefined],
    ['26.3.0', false],
  ])('manages the action of recovery codes where the release %s has it', (keycloakVersion, enabled) => {
    const stack = testStack();
    new StepUpRealm(stack, 'realm', { name: 'acme', levels: [level(stack, { acr: 'a', loa: 1 })], keycloakVersion });
    expect(actions(stack).CONFIGURE_RECOVERY_AUTHN_CODES).toBe(enabled);
  });

  test('enables it when one level does', () => {
    const stack = testStack();
    const levels = [level(stack, { acr: 'a', loa: 1 }), level(stack, { acr: 'b', loa: 2, unenrolled: 'enrol' })];
    const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    expect(actions(stack)).toEqual({ ...ALL_ACTIONS, CONFIGURE_TOTP: true });
  });

  test.each<[string, Factor, Factor, boolean]>([
    ['a passkey, then a password', Factor.usernameThenPasskey(), Factor.password(), true],
    [
      'a passkey, then a password or an OTP',
      Factor.usernameThenPasskey(),
      Factor.anyOf(Factor.password(), Factor.otp()),
      true,
    ],
    [
      'a password or a passkey, then both',
      Factor.anyOf(Factor.password(), Factor.usernameThenPasskey()),
      Factor.allOf(Factor.password(), Factor.passkey()),
      true,
    ],
    ['a password, then an OTP', Factor.password(), Factor.otp(), false],
    ['a passkey, then an OTP', Factor.usernameThenPasskey(), Factor.otp(), false],
    ['a password and an OTP, then both', Factor.allOf(Factor.password(), Factor.otp()), Factor.password(), false],
  ])(
    'disables the change of passwords only where one proves more than the lowest level: %s',
    (_what, low, high, off) => {
      const stack = testStack();
      const levels = [
        level(stack, { acr: 'a', loa: 2, provedBy: low }),
        level(stack, { acr: 'b', loa: 3, provedBy: high }),
      ];
      new StepUpRealm(stack, 'realm', { name: 'acme', levels });
      expect(actions(stack).UPDATE_PASSWORD).toBe(!off);
    },
  );

  describe('credentialDeletion', () => {
    const made = () => {
      const stack = testStack();
      const levels = [level(stack, { acr: 'a', loa: 1 }), level(stack, { acr: 'b', loa: 2 })];
      const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels, credentialDeletion: 'prove' });
      return { stack, realm, levels };
    };

    test("'prove' enables the action where every flow asks owners of a credential for it", () => {
      const { stack, realm } = made();
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
      expect(actions(stack)).toMatchObject({ delete_credential: true });
    });

    test.each<[string, (parts: ReturnType<typeof made>) => void]>([
      [
        'a rule, whose proof Keycloak counts as no level',
        ({ stack, realm, levels: [, gold] }) =>
          realm.bindBrowserFlow(
            new StepUpFlow(stack, 'flow', { realm, rules: [{ name: 'rule', requires: gold as AssuranceLevel }] }),
          ),
      ],
      [
        'a flow without the level',
        ({ stack, realm, levels: [silver] }) => {
          realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
          new StepUpFlow(stack, 'flow', { realm, name: 'low', levels: [silver as AssuranceLevel] });
        },
      ],
      ["Keycloak's own flow", () => {}],
    ])("'prove' is refused with %s", (_what, build) => {
      const parts = made();
      build(parts);
      expect(() => actions(parts.stack)).toThrow(
        /credentialDeletion 'prove' with level "b": .*does not ask owners of its credential/,
      );
    });
  });

  test('keeps all bindings in one resource', () => {
    const { stack, realm } = realmStack();
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    realm.bindDirectGrantFlow(
      new AuthenticationFlow(stack, 'direct', {
        realm,
        name: 'no-direct-grant',
        nodes: [execution('deny-access-authenticator')],
      }),
    );
    expect(resourceOf(stack, 'keycloak_authentication_bindings')).toMatchObject({
      browser_flow: expect.stringMatching(/browser_.*\.alias/),
      direct_grant_flow: expect.stringMatching(/direct_.*\.alias/),
    });
  });

  test('names the built-in flow of a binding that has no other, because the provider would keep the last one', () => {
    const { stack, realm } = realmStack();
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    expect(resourceOf(stack, 'keycloak_authentication_bindings').direct_grant_flow).toBe('direct grant');
  });

  test('holds all bindings when nothing is bound, so that a plan shows what a hand binds', () => {
    expect(resourceOf(realmStack().stack, 'keycloak_authentication_bindings')).toMatchObject({
      browser_flow: 'browser',
      direct_grant_flow: 'direct grant',
      registration_flow: 'registration',
      reset_credentials_flow: 'reset credentials',
      client_authentication_flow: 'clients',
      docker_authentication_flow: 'docker auth',
      first_broker_login_flow: 'first broker login',
    });
  });

  test('refuses two flows for one binding', () => {
    const { stack, realm } = realmStack();
    realm.bindBrowserFlow(new StepUpFlow(stack, 'one', { realm, name: 'one' }));
    const two = new StepUpFlow(stack, 'two', { realm, name: 'two' });
    expect(() => realm.bindBrowserFlow(two)).toThrow(
      /^test\/two: browserFlow of test\/realm: it is bound to test\/one/,
    );
  });

  test('refuses to bind a flow of another realm', () => {
    const { stack, realm } = realmStack();
    const other = new StepUpRealm(stack, 'other', { name: 'other', levels: [level(stack, { acr: 'low', loa: 1 })] });
    const foreign = new StepUpFlow(stack, 'foreign', { realm: other });
    expect(() => realm.bindBrowserFlow(foreign)).toThrow(
      /^test\/foreign: binding to test\/realm: the flow is of test\/other/,
    );
  });

  test('refuses a second bindings resource of the same realm at synth, and takes one of another realm', () => {
    const { stack, realm } = realmStack();
    new AuthenticationBindings(stack, 'elsewhere', { realmId: 'another', browserFlow: 'browser' });
    expect(() => Testing.synth(stack, true)).not.toThrow();
    new AuthenticationBindings(stack, 'second', { realmId: realm.realmId, browserFlow: 'browser' });
    expect(() => Testing.synth(stack, true)).toThrow(
      /\[test\/realm\] a second AuthenticationBindings, test\/second: .*bindBrowserFlow/,
    );
  });

  test.each([
    [{ period: Duration.seconds(0) }, /otpPolicy\.period of 0 seconds/],
    [{ lookAheadWindow: -1 }, /otpPolicy\.lookAheadWindow -1/],
    [{ initialCounter: 0.5 }, /otpPolicy\.initialCounter 0\.5/],
    [{ period: 30 as never }, /^test\/realm: otpPolicy\.period 30: it is no Duration, .*Duration\.seconds\(30\)/],
  ] satisfies [OtpPolicy, RegExp][])('refuses the OTP policy %j', (otpPolicy, message) => {
    const stack = testStack();
    const levels = [level(stack, { acr: 'a', loa: 1 })];
    expect(() => new StepUpRealm(stack, 'realm', { name: 'acme', levels, otpPolicy })).toThrow(message);
  });

  const create = (props: Partial<StepUpRealmProps>) => {
    const stack = testStack();
    const levels = [level(stack, { acr: 'a', loa: 1 })];
    new StepUpRealm(stack, 'realm', { name: 'acme', levels, ...props });
    return resourceOf(stack, 'keycloak_realm');
  };

  test('takes the lifespans of its sessions', () => {
    expect(create({ ssoSessionIdle: Duration.hours(0.5), ssoSessionMax: Duration.days(1) })).toMatchObject({
      sso_session_idle_timeout: '1800s',
      sso_session_max_lifespan: '86400s',
    });
  });

  describe.each(['ssoSessionIdle', 'ssoSessionMax'])('refuses the %s', (prop) => {
    test.each([-60, 0, 1.5, Number.NaN, 2 ** 31])('of %d seconds', (seconds) => {
      const message = `test/realm: ${prop} of ${seconds} seconds: Keycloak counts it in whole seconds from 1. Write for example`;
      expect(() => create({ [prop]: Duration.seconds(seconds) })).toThrow(message);
    });

    test('1800, which says no unit', () => {
      expect(() => create({ [prop]: 1800 })).toThrow(`test/realm: ${prop} 1800: it is no Duration`);
    });
  });

  test.each(['acme', 'Acme_2.test~x-1', '${var.name}'])('takes the name %j', (name) => {
    expect(create({ name }).realm).toBe(name);
  });

  test('takes a name that Terraform fills in', () => {
    const stack = testStack();
    const name = new TerraformVariable(stack, 'name', { type: 'string' }).stringValue;
    new StepUpRealm(stack, 'realm', { name, levels: [level(stack, { acr: 'a', loa: 1 })] });
    expect(resourceOf(stack, 'keycloak_realm').realm).toBe('${var.name}');
  });

  test.each(['', 'my realm', 'a/b', 'a?b', 'a#b', 'a%20b', 'a&b', 'groß', '.', '..', 'a\n', undefined as never])(
    'refuses the name %j, which is part of URLs',
    (name) => {
      expect(() => create({ name })).toThrow(/^test\/realm: name .*part of every URL .*Use letters, digits/);
    },
  );
});
