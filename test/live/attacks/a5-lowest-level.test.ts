import type { TerraformStack } from 'cdktf';
import {
  AssuranceLevel,
  AuthenticationFlow,
  Duration,
  execution,
  Factor,
  PostBrokerFlow,
  StepUpClient,
  StepUpFlow,
  StepUpRealm,
} from '../../../lib';
import { Browser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { loginsTo, passwordOf } from '../factors/http-logins';
import { withStackFolder } from '../support/apply-stack';
import { claimsOf, post } from '../support/grants';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';
import { type Partner, withPartners } from '../support/partner';

const SECRET = 'known-to-the-test-alone';
const MACHINE = { clientId: 'machine', secret: SECRET, serviceAccountsEnabled: true, standardFlowEnabled: false };

/** A realm in which every login proves gold by password and OTP, with a client whose own flow has no levels. */
function withGoldRealm(levelOf: (stack: TerraformStack) => AssuranceLevel) {
  const name = withRealmName('lowest');
  const folder = withStackFolder();
  beforeAll(async () => {
    await folder.apply((stack) => {
      const realm = new StepUpRealm(stack, 'realm', { name, levels: [levelOf(stack)] });
      const browser = new StepUpFlow(stack, 'browser', { realm });
      realm.bindBrowserFlow(browser);
      new PostBrokerFlow(stack, 'post', { like: browser });
      const own = new AuthenticationFlow(stack, 'own', {
        realm,
        name: 'own',
        nodes: [execution('auth-username-password-form')],
      });
      const client = { realm, accessType: 'PUBLIC' as const, validRedirectUris: [REDIRECT_URI] };
      new StepUpClient(stack, 'app', { ...client, clientId: 'app' });
      new StepUpClient(stack, 'without-levels', { ...client, clientId: 'without-levels', browserFlow: own });
    });
    const { admin } = await testKeycloak();
    await admin.clients.create({ realm: name, ...MACHINE });
  });
  const { user, login } = loginsTo(name);
  const issuer = async () => `${(await testKeycloak()).url}/realms/${name}`;
  const partners = withPartners({ realm: name, issuer, user });
  return {
    user,
    login,
    /** By way of an identity provider, with or without a post login flow. */
    brokered: (partner: Partner, otp?: 'right') => partners.login(partner, { clientId: 'app', ...(otp && { otp }) }),
    /** What the acr is of tokens that no level was passed for. */
    async withoutLevels() {
      const client = { issuer: await issuer(), clientId: 'without-levels' };
      const password = await login(undefined, passwordOf(await user({ totp: true })), { client });
      const fields = { grant_type: 'client_credentials', client_id: 'machine', client_secret: SECRET };
      const { acr } = claimsOf(await post({ issuer }, 'token', fields));
      return { "a client's own flow": password.acr, 'a client secret': acr };
    },
  };
}

const PASSWORD_AND_OTP = Factor.allOf(Factor.password(), Factor.otp());

describeWithKeycloak('A5: a lowest level of more than a password', () => {
  describe('numbered from 2', () => {
    const { user, login, brokered, withoutLevels } = withGoldRealm(
      (stack) =>
        new AssuranceLevel(stack, 'gold', {
          acr: 'gold',
          loa: 2,
          provedBy: PASSWORD_AND_OTP,
          maxAge: Duration.hours(10),
        }),
    );

    test('logins that pass no level do not have it', async () => {
      expect(await withoutLevels()).toEqual({ "a client's own flow": '1', 'a client secret': '1' });
    });

    test('nor does a login by an identity provider, after which the user proves it here', async () => {
      expect(await brokered('bare')).toMatchObject({ asked: ['username', 'password'], acr: '1' });
      const guarded = await brokered('guarded', 'right');
      expect(guarded).toMatchObject({ asked: ['username', 'password', 'password', 'otp'], acr: 'gold' });
      expect((await brokered('guarded')).error).toContain('not set up to prove the level "gold"');
    });

    test.each([undefined, 'gold'])('every login proves it, and a session keeps it: asked for %s', async (acr) => {
      const bob = await user({ totp: true });
      const stolen = await login(acr, passwordOf(bob));
      expect(stolen).toMatchObject({ outcome: 'unanswered', asked: ['username', 'password', 'otp'] });
      const browser = new Browser();
      const proofs = { ...passwordOf(bob), otp: () => bob.totp?.next() ?? '' };
      const asked = ['username', 'password', 'otp'];
      expect(await login(acr, proofs, { browser })).toMatchObject({ outcome: 'granted', acr: 'gold', asked });
      expect(await login(acr, {}, { browser })).toMatchObject({ outcome: 'granted', acr: 'gold', asked: [] });
    });
  });

  describe('with LoA 1, which synth refuses', () => {
    const { brokered, withoutLevels } = withGoldRealm((stack) => {
      const gold = new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: PASSWORD_AND_OTP });
      // What the construct says about the number is left out, to apply it all the same.
      return Object.defineProperty(gold, 'loa', { value: 1 });
    });

    test('a password alone, a client secret and an identity provider have it', async () => {
      expect(await withoutLevels()).toEqual({ "a client's own flow": 'gold', 'a client secret': 'gold' });
      expect(await brokered('bare')).toMatchObject({ asked: ['username', 'password'], acr: 'gold' });
    });
  });
});
