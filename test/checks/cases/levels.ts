import { Browser } from '../../../sandbox/login';
import { ALL, ESSENTIAL_GOLD } from '../support/attacker';
import {
  ALT,
  COND,
  LOA,
  loginFlow,
  type Node,
  OFF,
  OTP,
  PASSWORD,
  REQ,
  realm,
  SILVER,
  soundRealm,
  withEnrolment,
} from '../support/realms';
import type { RuleCase } from '../support/rule-case';

const RECOVERY = REQ('auth-recovery-authn-code-form');
const ASK_GOLD = { acrValues: ['gold'] };
const withRecovery = (gold: readonly Node[]) => withEnrolment(realm(loginFlow(SILVER, ...gold)));

export const LEVELS: readonly RuleCase[] = [
  {
    rule: 'level-twice',
    vulnerable: withRecovery([COND('gold', [LOA(2), OTP]), COND('more', [LOA(2), RECOVERY])]),
    remedied: withRecovery([COND('gold', [LOA(2), OTP, RECOVERY])]),
    attack: (owner) => owner.discover(),
    succeeds: '500',
    fails: '200',
  },
  {
    rule: 'levels-descending',
    vulnerable: realm(loginFlow(COND('gold', [LOA(2), OTP]), SILVER)),
    remedied: soundRealm(),
    attack: (owner) => owner.login({ with: ALL }),
    succeeds: '→ refused',
    fails: 'username password → silver',
  },
  {
    rule: 'level-without-config',
    vulnerable: realm(loginFlow(SILVER, COND('gold', [REQ('conditional-level-of-authentication'), OTP]))),
    remedied: soundRealm(),
    attack: (owner) => owner.login({ ...ASK_GOLD, with: ALL }),
    succeeds: 'username password → refused',
    fails: 'username password otp → gold',
  },
  {
    rule: 'level-not-a-number',
    vulnerable: realm(loginFlow(SILVER, COND('gold', [LOA('abc'), OTP]))),
    remedied: soundRealm(),
    attack: (owner) => owner.login({ ...ASK_GOLD, with: ALL }),
    succeeds: 'username password otp → silver',
    fails: 'username password otp → gold',
  },
  {
    rule: 'level-not-conditional',
    vulnerable: realm(loginFlow(REQ('silver', [LOA(1), PASSWORD]), REQ('gold', [LOA(2), OTP]))),
    remedied: soundRealm(),
    attack: (owner) => owner.login({ claims: ESSENTIAL_GOLD, with: ALL }),
    succeeds: 'username password otp → silver',
    fails: 'username password otp → gold',
  },
  {
    rule: 'level-without-proof',
    vulnerable: realm(loginFlow(SILVER, COND('gold', [LOA(2), REQ('allow-access-authenticator')]))),
    remedied: soundRealm(),
    attack: (attacker) => attacker.login(ASK_GOLD),
    succeeds: 'username password → gold',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'alternative-in-level',
    vulnerable: realm(loginFlow(SILVER, COND('gold', [LOA(2), ALT('auth-otp-form')]))),
    remedied: realm(
      loginFlow(
        SILVER,
        COND('gold', [
          LOA(2),
          ALT('auth-otp-form'),
          ALT('deny-access-authenticator', { denyErrorMessage: 'No second factor' }),
        ]),
      ),
    ),
    attack: async (owner) => (await owner.result({ ...ASK_GOLD, as: 'alice' })).error ?? 'no error',
    succeeds: 'Invalid username or password.',
    fails: 'No second factor',
  },
  {
    rule: 'proof-disabled',
    vulnerable: realm(loginFlow(SILVER, COND('gold', [LOA(2), OFF('auth-otp-form')]))),
    remedied: soundRealm(),
    attack: (owner) => owner.login({ ...ASK_GOLD, with: ALL }),
    succeeds: 'username password → refused',
    fails: 'username password otp → gold',
  },
  {
    rule: 'max-age-exceeds-session',
    vulnerable: realm(loginFlow(SILVER, COND('gold', [LOA(2, 36_000), OTP]))),
    remedied: realm(loginFlow(SILVER, COND('gold', [LOA(2, 1), OTP]))),
    async attack(attacker) {
      const browser = new Browser();
      await attacker.login({ ...ASK_GOLD, browser, with: ALL });
      await attacker.wait(2.5);
      return attacker.login({ ...ASK_GOLD, browser, with: [] });
    },
    succeeds: '→ gold',
    fails: 'otp → stopped',
  },
  {
    rule: 'max-age-exceeds-lower',
    vulnerable: realm(loginFlow(COND('silver', [LOA(1, 1), PASSWORD]), COND('gold', [LOA(2, 3600), OTP]))),
    remedied: realm(loginFlow(COND('silver', [LOA(1, 3600), PASSWORD]), COND('gold', [LOA(2, 1), OTP]))),
    async attack(attacker) {
      const browser = new Browser();
      await attacker.login({ ...ASK_GOLD, browser, with: ALL });
      await attacker.wait(2.5);
      return attacker.login({ ...ASK_GOLD, browser });
    },
    succeeds: 'password → gold',
    fails: 'otp → stopped',
  },
  {
    rule: 'higher-level-weaker',
    vulnerable: realm(loginFlow(SILVER, COND('gold', [LOA(2), REQ('auth-password-form')]))),
    remedied: soundRealm(),
    attack: (attacker) => attacker.login(ASK_GOLD),
    succeeds: 'username password password → gold',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'level-expires-early',
    vulnerable: realm(
      loginFlow(
        COND('silver', [REQ('conditional-level-of-authentication', { 'loa-condition-level': '1' }), PASSWORD]),
        COND('gold', [LOA(2, 300), OTP]),
      ),
    ),
    remedied: realm(loginFlow(COND('silver', [LOA(1, 36_000), PASSWORD]), COND('gold', [LOA(2, 300), OTP]))),
    async attack(owner) {
      const browser = new Browser();
      await owner.login({ browser });
      await owner.wait(1.5);
      return owner.login({ browser, with: [] });
    },
    succeeds: '→ 0',
    fails: '→ silver',
  },
  {
    rule: 'proof-asked-twice',
    vulnerable: realm(loginFlow(SILVER, COND('gold', [LOA(2), REQ('auth-password-form'), OTP]))),
    remedied: soundRealm(),
    attack: (owner) => owner.login({ ...ASK_GOLD, with: ALL }),
    succeeds: 'username password password otp → gold',
    fails: 'username password otp → gold',
  },
  {
    rule: 'webauthn-without-user-verification',
    vulnerable: withPasskeys('preferred'),
    remedied: withPasskeys('required'),
    users: { securityKey: true },
    attack: (attacker) => attacker.touchKey(),
    succeeds: 'key → granted',
    fails: 'key → refused',
  },
  {
    rule: 'acr-without-level',
    vulnerable: realm(loginFlow(SILVER)),
    remedied: soundRealm(),
    attack: (attacker) => attacker.login(ASK_GOLD),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'level-without-acr',
    vulnerable: soundRealm({ acrLoaMap: { levels: [{ acr: 'gold', loa: 1 }] } }),
    remedied: soundRealm(),
    attack: (attacker) => attacker.login(ASK_GOLD),
    succeeds: 'username password → gold',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'acr-map-broken',
    vulnerable: soundRealm({ acrLoaMap: { levels: [], broken: '{"silver":1,"gold":' } }),
    remedied: soundRealm(),
    attack: (attacker) => attacker.login(ASK_GOLD),
    succeeds: 'username password → 1',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'acr-names-share-level',
    vulnerable: soundRealm({
      acrLoaMap: {
        levels: [
          { acr: 'silver', loa: 1 },
          { acr: 'gold', loa: 1 },
        ],
      },
    }),
    remedied: soundRealm(),
    attack: (attacker) => attacker.login(ASK_GOLD),
    succeeds: 'username password → gold',
    fails: 'username password otp → stopped',
  },
];

function withPasskeys(userVerification: string) {
  return realm(loginFlow(COND('gold', [LOA(2, 300), REQ('webauthn-authenticator-passwordless')])), {
    webAuthnPasswordlessPolicy: { userVerification },
    acrLoaMap: { levels: [{ acr: 'gold', loa: 2 }] },
  });
}
