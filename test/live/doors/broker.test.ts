import { PostBrokerFlow, StepUpClientScope, StepUpFlow } from '../../../lib';
import { describeWithKeycloak } from '../support/keycloak';
import { withPartners } from '../support/partner';
import { answersOf, withSite } from '../support/site';

describeWithKeycloak('Door: brokered logins', () => {
  const site = withSite(({ stack, realm, gold, client }) => {
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    const browser = new StepUpFlow(stack, 'browser', { realm, scopes: [payments] });
    realm.bindBrowserFlow(browser);
    new PostBrokerFlow(stack, 'post', { like: browser });
    client('plain', { optionalScopes: [payments] });
    client('minimum', { minimumLevel: gold });
  });

  const login = withPartners(site);

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
});
