import { ProofFlow, StepUpClientScope, StepUpFlow } from '../../../lib';
import type { TestUser } from '../../../sandbox/login';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { answersOf, type Site, type SiteParts, withSite } from '../support/site';

/** Flows in which the proof of gold stands outside its level, or not at all. */
function withRule({ stack, realm, silver, gold, client }: SiteParts): void {
  const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
  client('shop', { optionalScopes: [payments] });
  client('low', { browserFlow: new StepUpFlow(stack, 'own', { realm, name: 'own', levels: [silver] }) });
  client('proof', { browserFlow: new ProofFlow(stack, 'password', { realm, level: silver }) });
}

const CLIENTS = ['shop', 'low', 'proof', 'account-console'];

function attacksOn(site: Site) {
  const credentials = async ({ id }: TestUser) => {
    const { admin } = await testKeycloak();
    const all = await admin.users.getCredentials({ realm: site.realm, id });
    return all.filter(({ type }) => type !== 'password');
  };
  const redirect = async (client: string) =>
    client === 'account-console' ? { redirectUri: `${await site.issuer()}/account/` } : {};
  const stolen = ({ username, password }: TestUser) => ({ username, password, 'delete-credential': 'Yes' });
  return {
    credentials,
    /** By `kc_action`; the owner proves all that is asked for. */
    async byAction(client: string, user: TestUser, who: 'owner' | 'thief', id?: string) {
      const credential = id ?? (await credentials(user))[0]?.id;
      const answers = { ...(who === 'owner' && answersOf(user)), ...stolen(user) };
      const parameters = { kc_action: `delete_credential:${credential}` };
      return site.signIn(client, answers, { ...(await redirect(client)), parameters });
    },
    /** By the account API, with a token that the password gives. */
    async byApi(user: TestUser) {
      const [credential] = await credentials(user);
      const { tokens } = await site.signIn('account-console', stolen(user), await redirect('account-console'));
      const headers = { authorization: `Bearer ${tokens?.access_token}`, accept: 'application/json' };
      const url = `${await site.issuer()}/account/credentials/${credential?.id}`;
      return fetch(url, { method: 'DELETE', headers });
    },
  };
}

describeWithKeycloak('A2: a credential deleted with less than it proves', () => {
  describe('by default', () => {
    const site = withSite(withRule);
    const { credentials, byAction, byApi } = attacksOn(site);

    test.each(CLIENTS)('a password does not delete the OTP by kc_action, at %s', async (client) => {
      const user = await site.user();
      const { asked } = await byAction(client, user, 'thief');
      expect(asked).not.toContain('delete-credential');
      expect(await credentials(user)).toHaveLength(1);
    });

    test('nor does the owner: the action is off', async () => {
      const user = await site.user();
      const { outcome, asked } = await byAction('shop', user, 'owner');
      expect({ outcome, asked }).toEqual({ outcome: 'granted', asked: ['username', 'password'] });
      expect(await credentials(user)).toHaveLength(1);
    });

    test('nor a placeholder for what a user federation holds', async () => {
      const user = await site.user();
      const { asked } = await byAction('low', user, 'thief', 'otp-id');
      expect(asked).toEqual(['username', 'password']);
    });

    test("a password does not delete the OTP by the account console's API", async () => {
      const user = await site.user();
      const answer = await byApi(user);
      expect({ status: answer.status, ...(await answer.json()) }).toMatchObject({
        status: 400,
        error: 'Credential type cannot be removed',
      });
      expect(await credentials(user)).toHaveLength(1);
    });

    test('changes nothing for who logs in', async () => {
      const user = await site.user();
      const silver = await site.signIn('shop', answersOf(user));
      expect(silver).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'password'] });
      const gold = await site.signIn('shop', answersOf(user), { acrValues: ['gold'], scope: ['openid', 'payments'] });
      expect(gold).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['username', 'password', 'otp'] });
      expect(await site.folder.plan()).toEqual([]);
    });
  });

  describe("with credentialDeletion 'prove', which synth refuses for these flows", () => {
    const site = withSite(withRule, { credentialDeletion: 'prove' }, { refused: true });
    const { credentials, byAction, byApi } = attacksOn(site);

    test.each(CLIENTS)('a password deletes the OTP by kc_action, at %s', async (client) => {
      const user = await site.user();
      expect((await byAction(client, user, 'thief')).asked).toEqual(['username', 'password', 'delete-credential']);
      expect(await credentials(user)).toEqual([]);
    });

    test("a password deletes the OTP by the account console's API", async () => {
      const user = await site.user();
      expect((await byApi(user)).status).toBe(204);
      expect(await credentials(user)).toEqual([]);
    });
  });

  describe("with credentialDeletion 'prove', in a flow that asks for the levels alone", () => {
    const site = withSite(
      ({ stack, realm, client }) => {
        realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
        client('shop');
      },
      { credentialDeletion: 'prove' },
    );
    const { credentials, byAction, byApi } = attacksOn(site);

    test('the owner deletes the OTP with it, and a password does not', async () => {
      const user = await site.user();
      expect((await byAction('shop', user, 'thief')).asked).toEqual(['username', 'password', 'otp']);
      expect((await byApi(user)).status).toBe(403);
      expect(await credentials(user)).toHaveLength(1);
      const owner = await byAction('shop', user, 'owner');
      expect(owner.asked).toEqual(['username', 'password', 'otp', 'delete-credential']);
      expect(await credentials(user)).toEqual([]);
    });
  });
});
