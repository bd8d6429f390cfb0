import { PostBrokerFlow, StepUpClientScope, StepUpFlow } from '../../../lib';
import { createUser, type TestUser } from '../../../sandbox/login';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { type Partner, withPartners } from '../support/partner';
import { answersOf, withSite } from '../support/site';
import { Visitor } from '../support/visitor';

describeWithKeycloak('Door: brokered logins', () => {
  const site = withSite(({ stack, realm, gold, client }) => {
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    const browser = new StepUpFlow(stack, 'browser', { realm, scopes: [payments] });
    realm.bindBrowserFlow(browser);
    new PostBrokerFlow(stack, 'post', { like: browser });
    client('plain', { optionalScopes: [payments] });
    client('minimum', { minimumLevel: gold });
  });

  const { elsewhere, login } = withPartners(site);

  const PASSWORD = ['username', 'password'];

  test('a hint to a broker is not followed: the flow has no redirector', async () => {
    const hinted = { parameters: { kc_idp_hint: 'bare' } };
    const result = await site.signIn('plain', answersOf(await site.user()), hinted);
    expect(result).toMatchObject({ outcome: 'granted', asked: PASSWORD });
  });

  describe('without a post login flow', () => {
    test.each([
      ['an essential acr', { claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['gold'] } } }) }],
      ["the client's minimum acr", { clientId: 'minimum' }],
    ])('%s is ignored, and the token has the lowest level', async (_what, request) => {
      expect(await login('bare', request)).toMatchObject({ asked: PASSWORD, acr: 'silver' });
    });

    test('a sensitive scope is had without its proof', async () => {
      const result = await login('bare', { scope: 'openid payments' });
      expect(result).toMatchObject({ asked: PASSWORD, acr: 'silver', scope: expect.arrayContaining(['payments']) });
    });
  });

  describe('with a PostBrokerFlow', () => {
    test.each([
      ['acr_values', 'gold', { acr_values: 'gold' }],
      ["the client's minimum acr", 'gold', { clientId: 'minimum' }],
      ['a sensitive scope', 'silver', { scope: 'openid payments' }],
    ])('%s is asked for: right, wrong and no one-time password', async (_what, acr, request) => {
      expect(await login('guarded', { ...request, otp: 'right' })).toMatchObject({ asked: [...PASSWORD, 'otp'], acr });
      const wrong = await login('guarded', { ...request, otp: 'wrong' });
      expect(wrong).toEqual({ asked: [...PASSWORD, 'otp'], error: 'Invalid authenticator code.' });
      const none = await login('guarded', request);
      expect(none).toEqual({ asked: PASSWORD, error: expect.stringContaining('not set up to prove the level "gold"') });
    });

    test('a login that asks for nothing more is not held up', async () => {
      expect(await login('guarded', {})).toMatchObject({ asked: PASSWORD, acr: 'silver' });
    });
  });

  /** Somebody whom the identity provider knows and the site does not. */
  const stranger = async () => {
    strangers += 1;
    const username = `stranger-${strangers}`;
    return createUser((await testKeycloak()).admin, elsewhere, { username });
  };
  let strangers = 0;
  /** Logs in at the identity provider, whose page is shown. */
  const loginThere = (visitor: Visitor, { username, password }: TestUser) => visitor.fill({ username, password });
  const loginBy = async (partner: Partner, user: TestUser) => {
    const visitor = await new Visitor(site).login('plain', { scope: 'openid payments' });
    await visitor.follow(new RegExp(`/broker/${partner}/login`));
    return loginThere(visitor, user);
  };

  describe('of somebody new, whose account is made at the first login', () => {
    test('without a post login flow, a sensitive scope is had', async () => {
      const visitor = await loginBy('bare', await stranger());
      expect(await visitor.redeem()).toMatchObject({ acr: 'silver', scope: expect.arrayContaining(['payments']) });
    });

    test('with a PostBrokerFlow, it is refused: the first login is followed by it too', async () => {
      const visitor = await loginBy('guarded', await stranger());
      expect(visitor).toMatchObject({ id: 'login-error', left: undefined });
      expect(visitor.text).toContain('not set up to prove the level "gold"');
    });
  });

  describe('of an identity that a password has linked, in the account console (kc_action=idp_link)', () => {
    const link = async (partner: Partner) => {
      const owner = await site.user();
      const thief = await stranger();
      const redirect_uri = `${await site.issuer()}/account/`;
      const visitor = new Visitor(site);
      await visitor.login('account-console', { redirect_uri, kc_action: `idp_link:${partner}` });
      await visitor.fill({ username: owner.username, password: owner.password });
      expect(visitor.id).toBe('login-link-idp-action');
      await visitor.fill({});
      await loginThere(visitor, thief);
      const { admin } = await testKeycloak();
      const linked = await admin.users.listFederatedIdentities({ realm: site.realm, id: owner.id });
      expect(linked).toMatchObject([{ identityProvider: partner, userName: thief.username }]);
      return { owner, thief };
    };

    test('without a post login flow, the thief has a sensitive scope, for good', async () => {
      const { thief } = await link('bare');
      expect((await (await loginBy('bare', thief)).redeem()).scope).toContain('payments');
    });

    test("with a PostBrokerFlow, the thief is asked for the owner's one-time password", async () => {
      const { thief } = await link('guarded');
      expect(await loginBy('guarded', thief)).toMatchObject({ id: 'login-login-otp', left: undefined });
    });
  });
});
