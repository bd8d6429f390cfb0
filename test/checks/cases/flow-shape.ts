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
  type Node,
  OTP,
  PASSWORD,
  PROOF_FLOW,
  REQ,
  realm,
  SILVER,
  soundRealm,
  withApp,
  withPayments,
} from '../support/realms';
import type { RuleCase } from '../support/rule-case';

const SESSION_LIMITS = REQ('user-session-limits', { behavior: 'Deny new session' });
const PAYMENTS = ['openid', 'payments'];
const onPayments = (...more: Node[]) =>
  COND('payments', [REQ('conditional-client-scope', { client_scope: 'payments' }), ...more, OTP]);

export const FLOW_SHAPE: readonly RuleCase[] = [
  {
    rule: 'conditional-without-condition',
    vulnerable: realm(loginFlow(PASSWORD, COND('second', [OTP]))),
    remedied: realm(loginFlow(PASSWORD, REQ('second', [OTP]))),
    attack: (attacker) => attacker.login(),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'proof-ignored',
    vulnerable: realm(loginFlow(PASSWORD, ALT('auth-otp-form'))),
    remedied: realm(loginFlow(PASSWORD, OTP)),
    attack: (attacker) => attacker.login(),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'login-ignored',
    vulnerable: realm(flow('login', [COOKIE, ALT('ways', [PASSWORD]), COND('gold', [LOA(2), OTP])])),
    remedied: soundRealm(),
    attack: (owner) => owner.login({ with: ALL }),
    succeeds: '→ refused',
    fails: 'username password → silver',
  },
  {
    rule: 'cookie-ignored',
    vulnerable: realm(flow('login', [COOKIE, REQ('ways', [PASSWORD])])),
    remedied: soundRealm(),
    async attack(owner) {
      const browser = new Browser();
      await owner.login({ browser });
      return owner.login({ browser });
    },
    succeeds: 'username password → silver',
    fails: '→ silver',
  },
  {
    rule: 'cookie-required',
    vulnerable: realm(flow('login', [REQ('auth-cookie'), REQ('ways', [PASSWORD])])),
    remedied: realm(loginFlow(PASSWORD)),
    attack: (owner) => owner.login({ with: ALL }),
    succeeds: '→ refused',
    fails: 'username password → silver',
  },
  {
    rule: 'flow-without-login',
    vulnerable: realm(flow('login', [COOKIE])),
    remedied: realm(loginFlow(PASSWORD)),
    attack: (owner) => owner.login({ with: ALL }),
    succeeds: '→ refused',
    fails: 'username password → silver',
  },
  {
    rule: 'name-only-login',
    vulnerable: realm(
      loginFlow(
        COND('nothing', [LOA(0), REQ('auth-username-form')]),
        COND('silver', [LOA(1), REQ('auth-password-form')]),
      ),
    ),
    remedied: soundRealm(),
    attack: (attacker) => attacker.login({ with: ['name'] }),
    succeeds: 'username → 0',
    fails: 'username password → stopped',
  },
  {
    rule: 'dangling-flow',
    vulnerable: withApp(soundRealm(), {
      flowOverrides: { browser: { dangling: '00000000-0000-0000-0000-000000000000' } },
    }),
    remedied: withApp(soundRealm({ flows: [PROOF_FLOW] }), { flowOverrides: { browser: { alias: 'proof' } } }),
    noLogin:
      'Keycloak 26.7.4 neither saves nor imports such an override, and keeps a flow that is in use from being deleted',
  },
  {
    rule: 'session-skips-condition',
    vulnerable: withPayments(realm(loginFlow(SILVER, onPayments()))),
    remedied: withPayments(realm(flow('login', [REQ('in', [COOKIE, ALT('ways', [SILVER])]), onPayments()]))),
    async attack(attacker) {
      const browser = new Browser();
      await attacker.login({ browser });
      return attacker.login({ browser, scope: PAYMENTS });
    },
    succeeds: '→ silver with payments',
    fails: 'otp → stopped',
  },
  {
    rule: 'scope-behind-level',
    vulnerable: withPayments(realm(loginFlow(SILVER, onPayments(LOA(2))))),
    remedied: withPayments(realm(flow('login', [REQ('in', [COOKIE, ALT('ways', [SILVER])]), onPayments()]))),
    attack: (attacker) => attacker.login({ scope: PAYMENTS }),
    succeeds: 'username password → silver with payments',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'step-up-fails',
    vulnerable: realm(flow('login', [REQ('in', [COOKIE, ALT('ways', [SILVER])]), GOLD])),
    remedied: soundRealm(),
    async attack(owner) {
      const browser = new Browser();
      await owner.login({ browser, with: ALL });
      return owner.login({ browser, with: ALL, acrValues: ['gold'] });
    },
    succeeds: '→ refused',
    fails: 'otp → gold',
  },
  {
    rule: 'essential-not-refused',
    vulnerable: realm(loginFlow(SILVER, GOLD, SESSION_LIMITS)),
    remedied: realm(flow('login', [REQ('in', [COOKIE, ALT('ways', [SILVER, GOLD])]), SESSION_LIMITS])),
    async attack(application) {
      const browser = new Browser();
      await application.login({ browser, with: ALL, acrValues: ['gold'] });
      return application.login({
        browser,
        with: ALL,
        claims: { id_token: { acr: { essential: true, values: ['3'] } } },
      });
    },
    succeeds: '→ gold',
    fails: '→ refused',
  },
  {
    rule: 'custom-authenticator',
    vulnerable: realm(loginFlow(PASSWORD, REQ('acme-otp-form'))),
    remedied: realm(loginFlow(PASSWORD, OTP)),
    noLogin:
      'Keycloak refuses an authenticator that it does not have, and what one of a provider jar does is in its code',
  },
  {
    rule: 'unread-part',
    vulnerable: soundRealm({ unknowns: [{ address: 'data.keycloak_realm.x', unknown: 'a data source' }] }),
    remedied: soundRealm(),
    noLogin: 'it is about the source that was read, not about the realm',
  },
];
