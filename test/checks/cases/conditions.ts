import { Browser } from '../../../sandbox/login';
import { ALL } from '../support/attacker';
import {
  ALT,
  COND,
  COOKIE,
  flow,
  GOLD,
  LOA,
  loginFlow,
  OTP,
  PASSWORD,
  REQ,
  realm,
  SILVER,
  soundRealm,
  withApp,
  withEnrolment,
  withPayments,
} from '../support/realms';
import type { RuleCase } from '../support/rule-case';

const ASK_GOLD = { acrValues: ['gold'] };
const FINANCE = { roles: ['finance'], attributes: { department: ['finance'] } };
const onScope = (client_scope: string) =>
  withPayments(
    realm(
      flow('login', [
        REQ('in', [COOKIE, ALT('ways', [SILVER])]),
        COND('payments', [REQ('conditional-client-scope', { client_scope }), OTP]),
      ]),
    ),
  );
const onCondition = (name: string, config?: Record<string, string>) => ({
  ...realm(loginFlow(REQ('first', [PASSWORD]), COND('second', [REQ(name, config), OTP]))),
  roles: ['finance'],
});
const ROLE = 'conditional-user-role';
const EXECUTED = 'conditional-sub-flow-executed';
const otpForm = (config: Record<string, string>) => REQ('auth-conditional-otp-form', config);

export const CONDITIONS: readonly RuleCase[] = [
  {
    rule: 'unknown-scope',
    vulnerable: onScope('payment'),
    remedied: onScope('payments'),
    attack: (attacker) => attacker.login({ scope: ['openid', 'payments'] }),
    succeeds: 'username password → silver with payments',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'unknown-role',
    vulnerable: onCondition(ROLE, { condUserRole: 'trusted', negate: 'true' }),
    remedied: onCondition(ROLE, { condUserRole: 'finance' }),
    users: FINANCE,
    attack: (attacker) => attacker.login(),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'unknown-subflow',
    vulnerable: onCondition(EXECUTED, { flow_to_check: 'frist', check_result: 'executed' }),
    remedied: onCondition(EXECUTED, { flow_to_check: 'first', check_result: 'executed' }),
    attack: (attacker) => attacker.login(),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'condition-without-config',
    vulnerable: onCondition(ROLE, { role: 'finance' }),
    remedied: onCondition(ROLE, { condUserRole: 'finance' }),
    users: FINANCE,
    attack: (attacker) => attacker.login(),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'attribute-condition',
    vulnerable: onCondition('conditional-user-attribute', {
      attribute_name: 'departement',
      attribute_expected_value: 'finance',
    }),
    remedied: onCondition(ROLE, { condUserRole: 'finance' }),
    users: FINANCE,
    attack: (attacker) => attacker.login(),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'spoofable-header',
    vulnerable: realm(
      loginFlow(
        PASSWORD,
        otpForm({ noOtpRequiredForHeaderPattern: 'X-Forwarded-For: 10\\..*', defaultOtpOutcome: 'force' }),
      ),
    ),
    remedied: realm(loginFlow(PASSWORD, OTP)),
    attack: (attacker) => attacker.login({ browser: browserSending('X-Forwarded-For', '10.0.0.1') }),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'otp-skipped-in-level',
    vulnerable: realm(
      loginFlow(SILVER, COND('gold', [LOA(2), otpForm({ skipOtpRole: 'finance', defaultOtpOutcome: 'force' })])),
      { roles: ['finance'] },
    ),
    remedied: soundRealm({ roles: ['finance'] }),
    users: FINANCE,
    attack: (attacker) => attacker.login(ASK_GOLD),
    succeeds: 'username password → gold',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'header-pattern-broken',
    vulnerable: realm(loginFlow(PASSWORD, otpForm({ noOtpRequiredForHeaderPattern: 'X-Network: 10.(' }))),
    remedied: realm(loginFlow(PASSWORD, otpForm({ noOtpRequiredForHeaderPattern: 'X-Network: 10\\..*' }))),
    attack: (owner) => owner.login({ with: ALL }),
    succeeds: 'username password → refused',
    fails: 'username password otp → silver',
  },
  {
    rule: 'level-by-enrolment',
    vulnerable: withEnrolment(realm(loginFlow(SILVER, COND('gold', [LOA(2, 300), OTP])))),
    remedied: soundRealm(),
    attack: (attacker) => attacker.login({ ...ASK_GOLD, as: 'alice', with: ['name', 'password', 'own-device'] }),
    succeeds: 'username password enrol-otp → gold',
    fails: 'username password → refused',
  },
  {
    rule: 'enrolment-by-action',
    vulnerable: withEnrolment(soundRealm()),
    remedied: soundRealm(),
    async attack(attacker) {
      const held = { as: 'alice', with: ['name', 'password', 'otp', 'own-device'] } as const;
      await attacker.login({ ...held, parameters: { kc_action: 'CONFIGURE_TOTP' } });
      return attacker.login({ ...held, ...ASK_GOLD });
    },
    succeeds: 'username password otp → gold',
    fails: 'username password → refused',
  },
  {
    rule: 'enrolment-prepared',
    vulnerable: withEnrolment(realm(loginFlow(SILVER, COND('gold', [LOA(2), REQ('webauthn-authenticator')])))),
    remedied: realm(loginFlow(SILVER, COND('gold', [LOA(2), REQ('webauthn-authenticator')]))),
    attack: (attacker) =>
      attacker.login({
        as: 'alice',
        with: ['name', 'password', 'own-device'],
        parameters: { kc_action: 'CONFIGURE_TOTP' },
      }),
    succeeds: 'username password enrol-otp → silver',
    fails: 'username password → silver',
  },
  {
    rule: 'unenrolled-stays-lower',
    vulnerable: realm(loginFlow(SILVER, COND('gold', [LOA(2, 300), REQ('conditional-user-configured'), OTP]))),
    remedied: soundRealm(),
    attack: (attacker) => attacker.login({ ...ASK_GOLD, as: 'alice' }),
    succeeds: 'username password → silver',
    fails: 'username password → refused',
  },
  {
    rule: 'enrolment-age-ignored',
    vulnerable: withEnrolment(realm(loginFlow(SILVER, GOLD)), { max_auth_age: '-1' }),
    remedied: withEnrolment(realm(loginFlow(SILVER, GOLD)), { max_auth_age: '0' }),
    async attack(attacker) {
      const browser = new Browser();
      await attacker.login({ as: 'alice', browser });
      await attacker.wait(1.5);
      return attacker.login({ as: 'alice', browser, with: [], parameters: { kc_action: 'CONFIGURE_TOTP' } });
    },
    succeeds: 'enrol-otp → stopped',
    fails: 'password → stopped',
  },
  {
    rule: 'known-defect',
    vulnerable: soundRealm({ keycloakVersion: '26.7.1' }),
    remedied: soundRealm({ keycloakVersion: '99.0.0' }),
    remains: /CVE-2026-97176/,
    noLogin: 'it is about other releases than the one that the tests run',
  },
  {
    rule: 'needs-newer-keycloak',
    vulnerable: withApp(soundRealm({ keycloakVersion: '26.0.8' }), { minimumAcr: 'gold' }),
    remedied: withApp(soundRealm({ keycloakVersion: '26.1.0' }), { minimumAcr: 'gold' }),
    noLogin: 'it is about other releases than the one that the tests run',
  },
  {
    rule: 'step-up-off',
    vulnerable: soundRealm({ disabledFeatures: ['STEP_UP_AUTHENTICATION'] }),
    remedied: soundRealm({ disabledFeatures: [] }),
    noLogin: 'it takes a server of its own: test/live/scenarios/feature-off.test.ts logs in to one',
  },
];

/** A browser that adds a header to each request, as any client can. */
function browserSending(name: string, value: string): Browser {
  return new Browser((input, init) => {
    const headers = new Headers(init?.headers);
    headers.set(name, value);
    return fetch(input, { ...init, headers });
  });
}
