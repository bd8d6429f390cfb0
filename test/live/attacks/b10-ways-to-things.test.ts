import { parseGuard } from '../../../checks';
import {
  ALT,
  COND,
  COOKIE,
  enforce,
  flow,
  GOLD,
  OTP,
  PASSWORD,
  policy,
  REQ,
  realm,
  SILVER,
  soundRealm,
  withPayments,
} from '../../checks/support/realms';
import { PASSWORD as RIGHT } from '../../support/imported-realm';
import { claimsOf, post } from '../support/grants';
import { describeWithKeycloak } from '../support/keycloak';
import { Visitor } from '../support/visitor';
import { type AnybodysRealm, bypassed, type Preparation, scope, withAnybodysRealm } from './anybodys-realm';
import { RestartedBrowser } from './restarted-browser';

const GUARDS = [parseGuard('scope:payments=gold')];
const PAYMENTS = { scope: ['openid', 'payments'] };
const SECRET = 'known-to-the-test-alone';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Asks for the OTP whatever there is of a session. */
const STRONG = flow('strong', [PASSWORD, OTP]);

/** The scope is guarded by a client policy alone. */
const byPolicy = withPayments(
  soundRealm({
    flows: [STRONG],
    clientPolicies: [policy([{ provider: 'client-scopes', config: { scopes: ['payments'], type: 'Optional' } }])],
    clientProfiles: [enforce({ 'auth-flow-alias': 'strong', 'auth-flow-loa': '2' })],
  }),
);

/** The scope is guarded by the flow that is bound. */
const byRule = withPayments(
  realm(
    flow('login', [
      REQ('levels', [COOKIE, ALT('ways', [SILVER, GOLD])]),
      COND('payments rule', [
        REQ('conditional-client-scope', { client_scope: 'payments' }),
        REQ('conditional-credential', { credentials: 'otp', included: 'false' }),
        OTP,
      ]),
    ]),
  ),
);

/** Clients with a secret, by whose grants no flow runs. */
const machines: Preparation = async (admin, name) => {
  const confidential = { realm: name, secret: SECRET, standardFlowEnabled: false, optionalClientScopes: ['payments'] };
  await admin.clients.create({ ...confidential, clientId: 'robot', serviceAccountsEnabled: true });
  await admin.clients.create({
    ...confidential,
    clientId: 'pay',
    attributes: { 'standard.token.exchange.enabled': 'true' },
  });
  await admin.clients.create({
    ...confidential,
    clientId: 'phone',
    attributes: { 'oidc.ciba.grant.enabled': 'true' },
  });
  const [app] = await admin.clients.find({ realm: name, clientId: 'app' });
  await admin.clients.addProtocolMapper(
    { realm: name, id: app?.id as string },
    {
      name: 'audience of pay',
      protocol: 'openid-connect',
      protocolMapper: 'oidc-audience-mapper',
      config: { 'included.client.audience': 'pay', 'access.token.claim': 'true' },
    },
  );
};

const scopeOf = async (place: AnybodysRealm, clientId: string, fields: Record<string, string>) =>
  String(
    claimsOf(await post(place, 'token', { client_id: clientId, client_secret: SECRET, scope: 'payments', ...fields }))
      .scope,
  ).split(' ');

describeWithKeycloak('B10: ways to a thing', () => {
  describe('a login that is begun anew, where a client policy guards it', () => {
    const place = withAnybodysRealm(byPolicy);

    test('has the scope for a password', async () => {
      const attacker = await place.attacker();
      expect(await attacker.login(PAYMENTS)).toBe('username password otp → stopped');
      const browser = new RestartedBrowser('the link of the page');
      expect(await attacker.login({ ...PAYMENTS, browser })).toBe('username password → silver with payments');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(scope('payments'), 'app')).toEqual(['password']);
      expect(await place.errors(GUARDS)).toEqual([bypassed('scope "payments"', 'password')]);
    });
  });

  describe('grants with the secret of a client', () => {
    const place = withAnybodysRealm(byRule, machines);

    test('have the scope without the OTP', async () => {
      expect(await scopeOf(place, 'robot', { grant_type: 'client_credentials' })).toContain('payments');
      const visitor = await new Visitor(place).login('app');
      await visitor.fill({ username: 'bob', password: RIGHT });
      const { answer } = await visitor.redeem();
      const subject = {
        subject_token: answer.access_token ?? '',
        subject_token_type: `${EXCHANGE.replace('grant-type:token-exchange', 'token-type:access_token')}`,
      };
      expect(await scopeOf(place, 'pay', { grant_type: EXCHANGE, ...subject })).toContain('payments');
    });

    test('are explained and reported', async () => {
      expect(await place.explained(scope('payments'), 'robot')).toEqual(['client-secret']);
      expect(await place.explained(scope('payments'), 'pay')).toEqual(['password client-secret']);
      expect(await place.explained(scope('payments'), 'phone')).toEqual(['']);
      expect(await place.errors()).toEqual(['']);
    });
  });

  describe('a rule of the flow, without those grants', () => {
    const place = withAnybodysRealm(byRule);

    test('asks for the OTP', async () => {
      const attacker = await place.attacker();
      const browser = new RestartedBrowser('the link of the page');
      expect(await attacker.login({ ...PAYMENTS, browser })).toBe('username password otp → stopped');
    });

    test('is explained, and nothing is reported', async () => {
      expect(await place.explained(scope('payments'), 'app')).toEqual(['password otp']);
      expect(await place.errors(GUARDS)).toEqual([]);
    });
  });
});
