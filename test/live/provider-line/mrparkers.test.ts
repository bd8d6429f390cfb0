import { StepUpClientScope, StepUpFlow } from '../../../lib';
import { Browser } from '../../../sandbox/login';
import { post } from '../support/grants';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { answersOf, provesByOtp, withSite } from '../support/site';

describeWithKeycloak('A stack made for mrparkers/keycloak, without priorities and client policies', () => {
  const site = withSite(
    ({ stack, realm, gold, client }) => {
      const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
      client('plain', { optionalScopes: [payments] });
    },
    {},
    { source: 'mrparkers/keycloak' },
  );

  test('has its executions in the declared order', async () => {
    const { admin } = await testKeycloak();
    const flows = await admin.authenticationManagement.getFlows({ realm: site.realm });
    const flow = flows.find(({ alias }) => alias?.startsWith('step-up-'))?.alias as string;
    const executions = await admin.authenticationManagement.getExecutions({ realm: site.realm, flow });
    expect(
      executions.map(
        ({ level, providerId, displayName }) => `${level} ${providerId ?? displayName?.slice(flow.length + 1)}`,
      ),
    ).toEqual([
      '0 login',
      '1 auth-cookie',
      '1 forms',
      '2 level-1.silver',
      '3 conditional-level-of-authentication',
      '3 auth-username-password-form',
      '2 level-2.gold',
      '3 conditional-level-of-authentication',
      '3 level-2.gold.enrolled',
      '4 conditional-user-configured',
      '4 auth-otp-form',
      '3 level-2.gold.unenrolled',
      '4 conditional-sub-flow-executed',
      '4 deny-access-authenticator',
      '0 rule.scope-1.payments',
      '1 rule.scope-1.payments.proved',
      '2 rule.scope-1.payments.proved-1',
      '3 conditional-sub-flow-executed',
      '3 allow-access-authenticator',
      '1 rule.scope-1.payments.exempt',
      '2 rule.scope-1.payments.unless',
      '3 conditional-client-scope',
      '3 allow-access-authenticator',
      '1 rule.scope-1.payments.prove',
      '2 rule.scope-1.payments.enrolled',
      '3 conditional-user-configured',
      '3 auth-otp-form',
      '2 rule.scope-1.payments.unenrolled',
      '3 conditional-sub-flow-executed',
      '3 deny-access-authenticator',
      '0 rules.complete',
      '1 rules.complete.if',
      '2 conditional-sub-flow-executed',
      '2 allow-access-authenticator',
    ]);
  });

  const inSession = async (otp: 'right' | 'wrong' | 'expired', request: object) => {
    const browser = new Browser();
    const user = await site.user();
    const first = await site.signIn('plain', answersOf(user), {}, browser);
    expect(first).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'password'] });
    const result = await site.signIn('plain', answersOf(user, otp), request, browser);
    expect(result.asked).toEqual(['otp']);
    return result;
  };

  provesByOtp('acr_values', { acr: 'gold', login: (otp) => inSession(otp, { acrValues: ['gold'] }) });
  provesByOtp('client scope', { acr: 'silver', login: (otp) => inSession(otp, { scope: ['openid', 'payments'] }) });

  test('denies the password grant on every client, with a right password too', async () => {
    const { username, password } = await site.user({ totp: undefined });
    const grant = (client_id: string) => post(site, 'token', { grant_type: 'password', client_id, username, password });
    expect(await grant('plain')).toMatchObject({ status: 400, error: 'unauthorized_client' });
    // Keycloak's own client, which the realm can't close: there the realm's direct grant flow denies, with a page.
    expect(await grant('admin-cli')).toEqual({ status: 401, page: expect.stringContaining('Access denied') });
  });
});
