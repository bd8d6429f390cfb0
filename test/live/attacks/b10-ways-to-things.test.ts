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
import { type JwtPartner, withJwtPartner } from '../support/jwt-partner';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { Visitor } from '../support/visitor';
import { type AnybodysRealm, bypassed, type Preparation, scope, withAnybodysRealm } from './anybodys-realm';
import { RestartedBrowser } from './restarted-browser';

const GUARDS = [parseGuard('scope:payments=gold')];
const PAYMENTS = { scope: ['openid', 'payments'] };
const SECRET = 'known-to-the-test-alone';
const OAUTH = 'urn:ietf:params:oauth';

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

/** Clients with a secret, by whose grants no flow runs, and which may ask for these scopes. */
const machines =
  (optionalClientScopes: string[]): Preparation =>
  async (admin, name) => {
    const confidential = { realm: name, secret: SECRET, standardFlowEnabled: false, optionalClientScopes };
    const grants = {
      pay: 'standard.token.exchange.enabled',
      partners: 'oauth2.jwt.authorization.grant.enabled',
    };
    await admin.clients.create({ ...confidential, clientId: 'robot', serviceAccountsEnabled: true });
    for (const [clientId, grant] of Object.entries(grants)) {
      const attributes = { [grant]: 'true', 'oauth2.jwt.authorization.grant.idp': 'partner' };
      await admin.clients.create({ ...confidential, clientId, attributes });
    }
    const [app] = await admin.clients.find({ realm: name, clientId: 'app' });
    await admin.clients.addProtocolMapper(
      { realm: name, id: app?.id as string },
      audience('included.client.audience', 'pay'),
    );
  };

const audience = (kind: string, value: string) => ({
  name: `audience ${value}`,
  protocol: 'openid-connect',
  protocolMapper: 'oidc-audience-mapper',
  config: { [kind]: value, 'access.token.claim': 'true' },
});

/** What each client gets when it asks for the scope by its grant. */
async function granted(place: AnybodysRealm, partner: JwtPartner): Promise<Record<string, unknown>> {
  const ask = async (clientId: string, fields: Record<string, string>) => {
    const secret = { client_id: clientId, client_secret: SECRET, scope: 'openid payments' };
    const answer = await post(place, 'token', { ...secret, ...fields });
    return answer.error ?? String(claimsOf(answer).scope).split(' ').includes('payments');
  };
  const visitor = await new Visitor(place).login('app');
  await visitor.fill({ username: 'bob', password: RIGHT });
  const { answer } = await visitor.redeem();
  return {
    robot: await ask('robot', { grant_type: 'client_credentials' }),
    pay: await ask('pay', {
      grant_type: `${OAUTH}:grant-type:token-exchange`,
      subject_token: answer.access_token ?? '',
      subject_token_type: `${OAUTH}:token-type:access_token`,
    }),
    partners: await ask('partners', {
      grant_type: `${OAUTH}:grant-type:jwt-bearer`,
      assertion: await partner.assertion('bob'),
    }),
  };
}

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
      // A policy shows by itself what it is meant to guard.
      expect(await place.errors()).toEqual([bypassed('scope "payments"', 'password')]);
    });
  });

  describe('grants with the secret of a client', () => {
    const place = withAnybodysRealm(byRule, machines(['payments']));
    const partner = withJwtPartner(place.name, { linkOnly: true });
    beforeAll(() => partner.link('bob'));

    test('have the scope without the OTP', async () => {
      expect(await granted(place, partner)).toEqual({ robot: true, pay: true, partners: true });
    });

    test('are explained and reported', async () => {
      expect(await place.explained(scope('payments'), 'robot')).toEqual(['client-secret']);
      expect(await place.explained(scope('payments'), 'pay')).toEqual(['password client-secret']);
      expect(await place.explained(scope('payments'), 'partners')).toEqual([
        'client-secret identity-provider:partner',
        'password client-secret identity-provider-account:partner',
      ]);
      const errors = await place.errors();
      for (const proofs of ['client-secret', 'password, client-secret', 'client-secret, identity-provider:partner']) {
        expect(errors).toContainEqual(bypassed('scope "payments"', proofs));
      }
      expect(errors).toHaveLength(3);
    });

    test('of CIBA have it for the word of the authentication channel (moves/ciba logs in)', async () => {
      const { admin } = await testKeycloak();
      await admin.clients.create({
        realm: place.name,
        clientId: 'phone',
        secret: SECRET,
        standardFlowEnabled: false,
        optionalClientScopes: ['payments'],
        attributes: { 'oidc.ciba.grant.enabled': 'true' },
      });
      expect(await place.explained(scope('payments'), 'phone')).toEqual(['client-secret authentication-device']);
      expect(await place.errors()).toContainEqual(bypassed('scope "payments"', 'client-secret, authentication-device'));
    });
  });

  describe('a rule of the flow, and grants without the scope', () => {
    const place = withAnybodysRealm(byRule, machines([]));
    const partner = withJwtPartner(place.name, { linkOnly: true });
    beforeAll(() => partner.link('bob'));

    test('have it for the OTP alone', async () => {
      const attacker = await place.attacker();
      const browser = new RestartedBrowser('the link of the page');
      expect(await attacker.login({ ...PAYMENTS, browser })).toBe('username password otp → stopped');
      const refused = 'invalid_scope';
      expect(await granted(place, partner)).toEqual({ robot: refused, pay: refused, partners: refused });
    });

    test('are explained, and nothing is reported', async () => {
      expect(await place.explained(scope('payments'), 'app')).toEqual(['password otp']);
      expect(await place.errors(GUARDS)).toEqual([]);
    });
  });
});
