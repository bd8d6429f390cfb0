import { Role } from '@cdktf/provider-keycloak/lib/role';
import { ProofFlow, StepUpClientScope, StepUpFlow, StepUpPolicy, WhenRequest } from '../../../lib';
import { Browser, type LoginRequest } from '../../../sandbox/login';
import { describeWithKeycloak } from '../support/keycloak';
import { answersOf, provesByOtp, type SiteParts, withSite } from '../support/site';

const ALL = ['username', 'password', 'otp'];

/** Policies for one level, one scope and one client, which the flows ask for too, should a policy be forgotten. */
function routes({ stack, realm, silver, gold, client }: SiteParts): void {
  const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
  client('plain', { optionalScopes: [payments] });
  const marked = client('marked', { minimumLevel: gold, optionalScopes: [payments] });
  client('overridden', {
    browserFlow: new StepUpFlow(stack, 'own', { realm, name: 'own', scopes: [payments] }),
    optionalScopes: [payments],
  });
  const role = new Role(stack, 'mark', { realmId: realm.realmId, clientId: marked.resource.id, name: 'sensitive' });
  const flow = new ProofFlow(stack, 'gold-proof', { realm, level: gold });
  const password = new ProofFlow(stack, 'silver-proof', { realm, level: silver });
  new StepUpPolicy(stack, 'level', { flow, when: [WhenRequest.acr(gold)] });
  new StepUpPolicy(stack, 'scope', { flow, when: [WhenRequest.scopes(payments)] });
  new StepUpPolicy(stack, 'client', { flow, when: [WhenRequest.clientRoles({ client: marked, role })] });
  // Declared last, and still listed before the others, which are of a higher level.
  new StepUpPolicy(stack, 'weaker', { flow: password, when: [WhenRequest.acr(gold)] });
}

describeWithKeycloak('Triggers: client policies', () => {
  const site = withSite(routes);

  /** Signs in with a password first, then makes the request in that session; a proof flow asks for everything anew. */
  const inSession = async (clientId: string, otp: 'right' | 'wrong' | 'expired', request: Partial<LoginRequest>) => {
    const browser = new Browser();
    const user = await site.user();
    const first = await site.signIn('plain', answersOf(user), {}, browser);
    expect(first).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'password'] });
    const result = await site.signIn(clientId, answersOf(user, otp), request, browser);
    expect(result.asked.slice(-2)).toEqual(['password', 'otp']);
    return result;
  };

  provesByOtp('client policy by acr', {
    acr: 'gold',
    login: (otp) => inSession('plain', otp, { acrValues: ['gold'] }),
  });
  provesByOtp('client policy by acr, in the claims parameter', {
    acr: 'gold',
    login: (otp) => inSession('plain', otp, { claims: { id_token: { acr: { essential: true, values: ['gold'] } } } }),
  });
  provesByOtp('client policy by acr, one of several', {
    acr: 'gold',
    login: (otp) => inSession('plain', otp, { acrValues: ['silver', 'gold'] }),
  });
  // The token's acr is the highest that was asked for, which is the client's default unless the request says more.
  provesByOtp('client policy by scope', {
    acr: 'silver',
    login: (otp) => inSession('plain', otp, { scope: ['openid', 'payments'] }),
  });
  provesByOtp('client policy by scope, in a request for the level', {
    acr: 'gold',
    login: (otp) => inSession('plain', otp, { scope: ['openid', 'payments'], acrValues: ['gold'] }),
  });
  provesByOtp('client policy by client role', { acr: 'gold', login: (otp) => inSession('marked', otp, {}) });
  provesByOtp("client policy over a client's flow override", {
    acr: 'silver',
    login: (otp) => inSession('overridden', otp, { scope: ['openid', 'payments'] }),
  });

  test('a request that no policy matches goes to the ordinary flow', async () => {
    const result = await site.signIn('plain', answersOf(await site.user()));
    expect(result).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'password'] });
  });

  test('a user without an authenticator app is refused', async () => {
    const user = await site.user({ totp: undefined });
    const result = await site.signIn('marked', answersOf(user));
    expect(result).toMatchObject({ outcome: 'refused', error: expect.stringContaining('not set up to prove') });
  });

  test('prompt=none never gets past a policy, whatever the session has reached', async () => {
    const browser = new Browser();
    const user = await site.user();
    expect((await site.signIn('marked', answersOf(user), {}, browser)).asked).toEqual(ALL);
    const silent = await site.signIn('marked', {}, { prompt: 'none' }, browser);
    expect(silent).toMatchObject({ outcome: 'refused', error: expect.stringContaining('login_required') });
  });

  test('leave nothing to change at the next plan', async () => {
    expect(await site.folder.plan()).toEqual([]);
  });
});

describeWithKeycloak('Triggers: a client policy for any client', () => {
  const site = withSite(({ stack, realm, gold, client }) => {
    const rules = [{ name: 'always', requires: gold }];
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, rules }));
    const flow = new ProofFlow(stack, 'proof', { realm, level: gold });
    new StepUpPolicy(stack, 'all', { flow, when: [WhenRequest.anyClient()] });
    client('plain', { defaultLevel: gold });
  });

  provesByOtp('client policy for any client', {
    acr: 'gold',
    login: async (otp) => site.signIn('plain', answersOf(await site.user(), otp)),
  });
});
