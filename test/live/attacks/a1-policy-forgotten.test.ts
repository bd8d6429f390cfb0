import { Role } from '@cdktf/provider-keycloak/lib/role';
import { ProofFlow, StepUpClientScope, StepUpFlow, StepUpPolicy, WhenRequest } from '../../../lib';
import type { TestUser } from '../../../sandbox/login';
import { describeWithKeycloak } from '../support/keycloak';
import { answersOf, type SiteParts, withSite } from '../support/site';
import { LOGIN_TIMEOUT, type Restart, RestartedBrowser } from './restarted-browser';

const RESTARTS: Restart[] = ['the link of the page', 'a cookie deleted', 'the login timed out'];
const PAYMENTS = { scope: ['openid', 'payments'] };
const passwordOf = ({ username, password }: TestUser) => ({ username, password });

/** A scope, a client and a minimum of the level gold, with a policy before each. */
function routed({ stack, realm, gold, silver, client }: SiteParts, guardedBy: 'policies' | 'flow'): void {
  realm.resource.accessCodeLifespanLogin = `${LOGIN_TIMEOUT}s`;
  const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
  const shape = guardedBy === 'flow' ? { scopes: [payments] } : { levels: [silver] };
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, ...shape }));
  client('shop', { optionalScopes: [payments] });
  const admin = client('admin', { minimumLevel: gold });
  const role = new Role(stack, 'mark', { realmId: realm.realmId, clientId: admin.resource.id, name: 'sensitive' });
  const flow = new ProofFlow(stack, 'proof', { realm, level: gold });
  new StepUpPolicy(stack, 'scope', { flow, when: [WhenRequest.scopes(payments)] });
  new StepUpPolicy(stack, 'client', { flow, when: [WhenRequest.clientRoles({ client: admin, role })] });
  client('proof-only', { optionalScopes: [payments], browserFlow: flow });
}

describeWithKeycloak('A1: a login begun anew, whose client policy Keycloak has forgotten', () => {
  describe('where the flow asks for the level itself', () => {
    const site = withSite((parts) => routed(parts, 'flow'));

    test.each(RESTARTS)('a password does not give the scope, nor the client: %s', async (how) => {
      const attacks = [
        ['shop', PAYMENTS],
        ['admin', { acrValues: ['silver'] }],
        ['proof-only', PAYMENTS],
      ] as const;
      for (const [client, request] of attacks) {
        const stolen = passwordOf(await site.user());
        const result = await site.signIn(client, stolen, request, new RestartedBrowser(how));
        expect(result).toMatchObject({ outcome: 'unanswered', asked: ['username', 'password', 'otp'] });
      }
    });

    test.each(RESTARTS)('the owner gets both: %s', async (how) => {
      const payments = await site.signIn('shop', answersOf(await site.user()), PAYMENTS, new RestartedBrowser(how));
      expect(payments).toMatchObject({ outcome: 'granted', scope: expect.arrayContaining(['payments']) });
      const admin = await site.signIn('admin', answersOf(await site.user()), {}, new RestartedBrowser(how));
      expect(admin).toMatchObject({ outcome: 'granted', acr: 'gold' });
    });
  });

  describe('where only a policy asks, which synth refuses', () => {
    const site = withSite((parts) => routed(parts, 'policies'), {}, { refused: true });

    test.each(RESTARTS)('a password gives the scope, and a client below its minimum: %s', async (how) => {
      const user = await site.user();
      const policy = await site.signIn('shop', passwordOf(user), PAYMENTS);
      expect(policy).toMatchObject({ outcome: 'unanswered', asked: ['username', 'password', 'otp'] });
      const payments = await site.signIn('shop', passwordOf(user), PAYMENTS, new RestartedBrowser(how));
      expect(payments).toMatchObject({ outcome: 'granted', scope: expect.arrayContaining(['payments']) });
      const admin = await site.signIn('admin', passwordOf(user), {}, new RestartedBrowser(how));
      expect(admin).toMatchObject({ outcome: 'granted', acr: 'silver' });
    });
  });
});
