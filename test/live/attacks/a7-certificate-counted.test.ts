import { bindings, Factor } from '../../../lib';
import type { Certificate } from '../../../sandbox/certificates/authority';
import { tlsFetch } from '../../../sandbox/certificates/tls-fetch';
import { Browser, createUser, signIn } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { missingForCertificates, withCertificateServer } from '../factors/certificate-server';
import { describeUnlessMissing } from '../factors/factor-realm';
import { testKeycloak } from '../support/keycloak';
import { byRule, type Guarding, unlessUsed, withScopedRealm } from './scoped-realm';

const BADGE = 'badge';
const PAYMENTS = { scope: ['openid', 'payments'] };

describeUnlessMissing(missingForCertificates(), 'A7: a certificate that Keycloak counts as any other', () => {
  const { authority, server } = withCertificateServer();

  /** Silver by a certificate of the user's name, gold by the one of the badge that the user was given. */
  function withBadgeRealm(guarded: Guarding) {
    const name = withScopedRealm({
      silver: Factor.x509(),
      gold: Factor.x509({ userAttribute: BADGE }),
      guarded,
      more: ({ stack, realm }) => {
        const attribute = ['username', 'email', 'firstName', 'lastName'].map((each) => ({ name: each }));
        const profile = { realmId: realm.realmId, attribute, unmanagedAttributePolicy: 'ADMIN_EDIT' };
        new bindings.realmUserProfile.RealmUserProfile(stack, 'profile', profile);
      },
    });
    let users = 0;
    return {
      /** @param badge what the certificate of gold is to name */
      user: async (badge: (username: string) => string) => {
        users += 1;
        const username = `user-${users}`;
        const attributes = { [BADGE]: [badge(username)] };
        return createUser((await testKeycloak()).admin, name, { username, attributes });
      },
      login: (client: Certificate, request: { scope?: string[]; acrValues?: string[] }) =>
        signIn(
          new Browser(tlsFetch({ trusted: authority().cert, client })),
          {
            client: { issuer: `${server().httpsUrl}/realms/${name}`, clientId: 'app' },
            redirectUri: REDIRECT_URI,
            ...request,
          },
          {},
        ),
    };
  }

  describe('with a rule of the flow', () => {
    const { user, login } = withBadgeRealm(byRule);

    test('the scope is not had by the certificate of the lower level', async () => {
      const { username } = await user(() => 'another');
      const certificate = await authority().client(username);
      expect(await login(certificate, {})).toMatchObject({ outcome: 'granted', acr: 'silver' });
      const scoped = await login(certificate, PAYMENTS);
      expect(scoped.outcome).not.toBe('granted');
      expect(scoped.tokens).toBeUndefined();
    });

    test('the owner of both has it', async () => {
      const { username } = await user((own) => own);
      const certificate = await authority().client(username);
      const scoped = await login(certificate, PAYMENTS);
      expect(scoped).toMatchObject({ outcome: 'granted', acr: 'silver', asked: [] });
      expect(scoped.scope).toContain('payments');
      expect(await login(certificate, { ...PAYMENTS, acrValues: ['gold'] })).toMatchObject({ acr: 'gold' });
    });
  });

  describe('with a rule that looks at the credential, as rules did', () => {
    const { user, login } = withBadgeRealm(unlessUsed('cert'));

    test('the scope is had by the certificate of the lower level', async () => {
      const { username } = await user(() => 'another');
      const scoped = await login(await authority().client(username), PAYMENTS);
      expect(scoped).toMatchObject({ outcome: 'granted', acr: 'silver', asked: [] });
      expect(scoped.scope).toContain('payments');
    });
  });
});
