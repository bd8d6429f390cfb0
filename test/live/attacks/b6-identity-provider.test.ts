import type { IdentityProvider, RealmModel } from '../../../model';
import { ALT, COND, COOKIE, client, flow, GOLD, LOA, OTP, REQ, realm, SILVER } from '../../checks/support/realms';
import { PASSWORD as RIGHT } from '../../support/imported-realm';
import { addProviders } from '../moves/provider-logins';
import { claimsOf } from '../support/grants';
import { describeWithKeycloak, testKeycloak, withRealm } from '../support/keycloak';
import { Visitor } from '../support/visitor';
import { type AnybodysRealm, acr, bypassed, type Preparation, TOKEN, withAnybodysRealm } from './anybodys-realm';

const AUTO = flow('auto', [ALT('idp-create-user-if-unique'), ALT('auto link', [REQ('idp-auto-link')])]);
const GIVEN = flow('given', [COND('given gold', [LOA(2), REQ('allow-access-authenticator')])]);
const PROVED = flow('proved', [
  COND('proved silver', [LOA(1), REQ('allow-access-authenticator')]),
  COND('proved gold', [LOA(2), OTP]),
]);

/** Keycloak's own shape: cookie, or the provider that is hinted at, or the forms. */
const LOGIN = flow('login', [COOKIE, ALT('identity-provider-redirector'), ALT('ways', [SILVER, GOLD])]);

function brokered(alias: string, provider: Partial<IdentityProvider>): RealmModel {
  return realm(LOGIN, {
    flows: [AUTO, GIVEN, PROVED],
    clients: [client('app'), client('vault', { minimumAcr: 'gold' })],
    identityProviders: [{ alias, enabled: true, ...provider }],
    defaultRoles: ['account.manage-account'],
  });
}

describeWithKeycloak('B6: a login by an identity provider', () => {
  const partner = withRealm({}, 'partner');

  beforeAll(async () => {
    const { admin } = await testKeycloak();
    for (const username of ['bob', 'carol']) {
      await admin.users.create({
        realm: partner,
        username,
        enabled: true,
        firstName: username,
        lastName: 'Partner',
        email: `${username}@checks.invalid`,
        emailVerified: true,
        credentials: [{ type: 'password', value: RIGHT, temporary: false }],
      });
    }
  });

  /** The realm with the provider; bob's account is linked if so told. */
  const withProvider = (model: RealmModel, linked: boolean): AnybodysRealm => {
    const prepare: Preparation = async (admin, name) => {
      const { alias } = model.identityProviders[0] as IdentityProvider;
      await addProviders({ admin, url: (await testKeycloak()).url, realm: name, partner, model });
      if (!linked) return;
      const [there] = await admin.users.find({ realm: partner, username: 'bob', exact: true });
      const [here] = await admin.users.find({ realm: name, username: 'bob', exact: true });
      const federatedIdentity = { identityProvider: alias, userId: there?.id as string, userName: 'bob' };
      await admin.users.addToFederatedIdentity({
        realm: name,
        id: here?.id as string,
        federatedIdentityId: alias,
        federatedIdentity,
      });
    };
    return withAnybodysRealm(model, prepare);
  };

  /** Logs in at the provider, to which the parameter `kc_idp_hint` leads. */
  const comeBy = async (
    place: AnybodysRealm,
    alias: string,
    clientId: string,
    parameters: Record<string, string> = {},
  ) => {
    const visitor = await new Visitor(place).login(clientId, { kc_idp_hint: alias, ...parameters });
    return visitor.fill({ username: 'bob', password: RIGHT });
  };

  describe('without a post login flow', () => {
    const place = withProvider(brokered('bare', {}), true);

    test('gives a token of the client that insists on gold', async () => {
      const visitor = await comeBy(place, 'bare', 'vault');
      expect((await visitor.redeem()).acr).toBe('silver');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(TOKEN, 'vault')).toContain('identity-provider:bare');
      expect(await place.errors()).toEqual([bypassed('a token of client "vault"', 'identity-provider:bare')]);
    });
  });

  describe('to which a password links an identity', () => {
    const place = withProvider(brokered('linking', { postLoginFlow: 'given' }), false);

    test('gives gold of the account to that identity', async () => {
      const action = await new Visitor(place).login('app', { kc_action: 'idp_link:linking' });
      await action.fill({ username: 'alice', password: RIGHT });
      await action.fill({ accept: 'on' });
      await action.fill({ username: 'carol', password: RIGHT });
      expect(action.hasCode).toBe(true);
      const visitor = await new Visitor(place).login('app', { kc_idp_hint: 'linking' });
      await visitor.fill({ username: 'carol', password: RIGHT });
      const { acr: level, answer } = await visitor.redeem();
      expect([level, claimsOf(answer).preferred_username]).toEqual(['gold', 'alice']);
    });

    test('is explained and reported', async () => {
      const ways = 'password identity-provider-account:linking';
      expect(await place.explained({ kind: 'action', name: 'idp_link:linking' })).toContain(ways);
      expect(await place.explained(acr('gold'), 'app')).toContain(ways);
      expect(await place.errors()).toContainEqual(
        expect.stringMatching(
          /^guard-bypassed: acr "gold" is had for .*\{password, identity-provider-account:linking\}/,
        ),
      );
    });
  });

  describe('that links by the address alone, with a level in the post login flow', () => {
    const place = withProvider(brokered('auto', { firstLoginFlow: 'auto', postLoginFlow: 'given' }), false);

    test('gives gold of the account to whoever has its address there', async () => {
      const visitor = await comeBy(place, 'auto', 'app');
      const { acr: level, answer } = await visitor.redeem();
      expect(level).toBe('gold');
      expect(JSON.stringify(answer)).not.toContain('error');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toContain('identity-provider-account:auto');
      expect(await place.errors()).toContainEqual(
        bypassed('acr "gold"', 'identity-provider:auto', 'identity-provider-account:auto'),
      );
    });
  });

  describe('with a post login flow that proves', () => {
    const place = withProvider(brokered('guarded', { postLoginFlow: 'proved' }), true);

    test('asks for the OTP', async () => {
      for (const attempt of [
        comeBy(place, 'guarded', 'vault'),
        comeBy(place, 'guarded', 'app', { acr_values: 'gold' }),
      ]) {
        const visitor = await attempt;
        expect(visitor.hasCode).toBe(false);
        expect(visitor.id).toBe('login-login-otp');
      }
    });

    test('is explained, and nothing is reported', async () => {
      const ways = ['password otp', 'otp identity-provider:guarded', 'otp email identity-provider-account:guarded'];
      expect(await place.explained(TOKEN, 'vault')).toEqual(ways);
      expect(await place.explained(acr('gold'), 'app')).toEqual(ways);
      expect(await place.errors()).toEqual([]);
    });
  });
});
