import type { Client, Flow, IdentityProvider } from '../../../model/realm-model';
import { Browser } from '../../../sandbox/login';
import { ALL, ESSENTIAL_GOLD } from '../support/attacker';
import {
  ALT,
  COND,
  COOKIE,
  client,
  enforce,
  flow,
  LOA,
  OTP,
  PASSWORD,
  PROOF_FLOW,
  policy,
  REQ,
  soundRealm,
  withApp,
  withPayments,
} from '../support/realms';
import type { RuleCase } from '../support/rule-case';

const ASK_GOLD = { acrValues: ['gold'] };
const PAYMENTS = ['openid', 'payments'];
const PLAIN = flow('plain', [COOKIE, ALT('plain forms', [PASSWORD])]);
const WITH_COOKIE = flow('strong', [COOKIE, ALT('strong forms', [PASSWORD, OTP])]);
const GRANTS = client('app').grants;
const open = (grant: 'password' | 'device', enabled: boolean) =>
  withPayments(withApp(soundRealm(), { minimumAcr: 'gold', grants: { ...GRANTS, [grant]: enabled } }));
const enforcing = (config: Readonly<Record<string, unknown>>, scope = 'payments') =>
  withPayments(
    soundRealm({
      flows: [PROOF_FLOW],
      clientPolicies: [policy([{ provider: 'client-scopes', config: { scopes: [scope], type: 'Any' } }])],
      clientProfiles: [enforce(config)],
    }),
  );
const TO_PROOF = { 'auth-flow-alias': 'proof', 'auth-flow-loa': '2' };
const onGold = (alias: string) =>
  soundRealm({
    flows: [PROOF_FLOW],
    clientPolicies: [policy([{ provider: 'acr-condition', config: { 'acr-property': 'gold' } }])],
    clientProfiles: [enforce({ 'auth-flow-alias': alias, 'auth-flow-loa': '2' })],
  });

const KIOSK = flow('kiosk', [COOKIE, ALT('kiosk forms', [COND('kiosk gold', [LOA(2), PASSWORD])])]);
const withOther = (other: Partial<Client>, flows: readonly Flow[]) => ({
  ...soundRealm({ flows }),
  clients: [client('app'), client('other', other)],
});

const ALLOW = REQ('allow-access-authenticator');
const POST = flow('post', [COND('post silver', [LOA(1), ALLOW]), COND('post gold', [LOA(2), OTP])]);
const AUTO = flow('auto', [ALT('idp-create-user-if-unique'), ALT('auto links', [REQ('idp-auto-link')])]);
const withProvider = (provider: Partial<IdentityProvider>) =>
  soundRealm({ flows: [POST, AUTO], identityProviders: [{ alias: 'partner', enabled: true, ...provider }] });
const TWO_REALMS =
  'it takes a second realm, as the provider: test/live/moves/broker.test.ts logs in there, and runs the rule';

export const CLIENTS: readonly RuleCase[] = [
  {
    rule: 'broker-without-post-login',
    vulnerable: withProvider({}),
    remedied: withProvider({ postLoginFlow: 'post' }),
    noLogin: TWO_REALMS,
  },
  {
    rule: 'account-linked-unproven',
    vulnerable: withProvider({ firstLoginFlow: 'auto' }),
    remedied: withProvider({}),
    noLogin: TWO_REALMS,
  },
  {
    rule: 'guard-bypassed',
    vulnerable: withOther({ flowOverrides: { browser: { alias: 'kiosk' } } }, [KIOSK]),
    remedied: withOther({}, []),
    async attack(attacker) {
      const browser = new Browser();
      await attacker.login({ browser, client: 'other' });
      return attacker.login({ browser, ...ASK_GOLD });
    },
    succeeds: '→ gold',
    fails: 'otp → stopped',
  },
  {
    rule: 'client-lowers-acr',
    vulnerable: withApp(soundRealm(), { acrLoaMap: { levels: [{ acr: 'gold', loa: 1 }] } }),
    remedied: withApp(soundRealm(), {}),
    attack: (attacker) => attacker.login(ASK_GOLD),
    succeeds: 'username password → gold',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'flow-without-levels',
    vulnerable: withApp(soundRealm({ flows: [PLAIN] }), { flowOverrides: { browser: { alias: 'plain' } } }),
    remedied: withApp(soundRealm(), {}),
    attack: (attacker) => attacker.login({ claims: ESSENTIAL_GOLD }),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'session-skips-override',
    vulnerable: withApp(soundRealm({ flows: [WITH_COOKIE] }), { flowOverrides: { browser: { alias: 'strong' } } }),
    remedied: withApp(soundRealm({ flows: [PROOF_FLOW] }), { flowOverrides: { browser: { alias: 'proof' } } }),
    async attack(attacker) {
      const browser = new Browser();
      await attacker.login({ browser, client: 'other' });
      // In the same second it would be silver: a level that the flow lacks has max age 0.
      await attacker.wait(2);
      return attacker.login({ browser });
    },
    succeeds: '→ 0',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'password-grant-open',
    vulnerable: open('password', true),
    remedied: open('password', false),
    attack: (attacker) => attacker.passwordGrant('alice', 'payments'),
    succeeds: 'granted with payments',
    fails: 'refused',
  },
  {
    rule: 'device-grant-open',
    vulnerable: open('device', true),
    remedied: open('device', false),
    attack: (attacker) => attacker.deviceGrant('alice'),
    succeeds: 'username password consent → silver',
    fails: 'refused',
  },
  {
    rule: 'default-acr-only',
    vulnerable: withApp(soundRealm(), { defaultAcrValues: ['gold'] }),
    remedied: withApp(soundRealm(), { defaultAcrValues: ['gold'], minimumAcr: 'gold' }),
    attack: (attacker) => attacker.login({ acrValues: ['silver'] }),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'minimum-not-enforced',
    vulnerable: withApp(soundRealm({ flows: [PLAIN] }), {
      minimumAcr: 'gold',
      flowOverrides: { browser: { alias: 'plain' } },
    }),
    remedied: withApp(soundRealm(), { minimumAcr: 'gold' }),
    attack: (attacker) => attacker.login(),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'acr-not-in-token',
    vulnerable: withApp(soundRealm(), { defaultScopes: ['profile', 'email', 'basic'] }),
    remedied: withApp(soundRealm(), {}),
    attack: (attacker) => attacker.login(),
    succeeds: 'username password → no acr',
    fails: 'username password → silver',
  },
  {
    rule: 'acr-name-unknown',
    vulnerable: withApp(soundRealm(), { minimumAcr: 'platinum' }),
    remedied: withApp(soundRealm(), { minimumAcr: 'gold' }),
    attack: (attacker) => attacker.login(),
    succeeds: 'username password → silver',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'stamped-level-unproven',
    vulnerable: onGold('login'),
    remedied: onGold('proof'),
    attack: (attacker) => attacker.login({ acrValues: ['silver', 'gold'] }),
    succeeds: 'username password → gold',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'policy-never-matches',
    vulnerable: enforcing(TO_PROOF, 'payment'),
    remedied: enforcing(TO_PROOF),
    attack: (attacker) => attacker.login({ scope: PAYMENTS }),
    succeeds: 'username password → silver with payments',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'policy-without-effect',
    vulnerable: enforcing({ auth_flow_alias: 'proof', 'auth-flow-loa': '2' }),
    remedied: enforcing(TO_PROOF),
    attack: (attacker) => attacker.login({ scope: PAYMENTS }),
    succeeds: 'username password → silver with payments',
    fails: 'username password otp → stopped',
  },
  {
    rule: 'policy-flow-missing',
    vulnerable: enforcing({ 'auth-flow-alias': 'gone', 'auth-flow-loa': '2' }),
    remedied: enforcing(TO_PROOF),
    attack: (owner) => owner.login({ scope: PAYMENTS, with: ALL }),
    succeeds: '→ failed',
    fails: 'username password otp → gold with payments',
  },
];
