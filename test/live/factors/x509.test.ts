import { AssuranceLevel, Factor } from '../../../lib';
import type { Certificate } from '../../../sandbox/certificates/authority';
import { tlsFetch } from '../../../sandbox/certificates/tls-fetch';
import { Browser, createUser, signIn } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { testKeycloak } from '../support/keycloak';
import { missingForCertificates, withCertificateServer } from './certificate-server';
import { describeUnlessMissing, withFactorRealm } from './factor-realm';

describeUnlessMissing(missingForCertificates(), 'Factors: X.509 client certificate', () => {
  const { authority, stranger, server } = withCertificateServer();

  let users = 0;
  const newUser = async (realm: string) =>
    createUser((await testKeycloak()).admin, realm, { username: `user-${++users}` });

  const login = (
    realm: string,
    user: { username: string; password: string },
    certificate?: Certificate,
    acr = 'gold',
  ) => {
    const identity = { trusted: authority().cert, ...(certificate && { client: certificate }) };
    const client = { issuer: `${server().httpsUrl}/realms/${realm}`, clientId: 'app' };
    const request = { client, redirectUri: REDIRECT_URI, acrValues: [acr] };
    return signIn(new Browser(tlsFetch(identity)), request, { username: user.username, password: user.password });
  };

  describe('as the only proof', () => {
    const realm = withFactorRealm({
      levels: (stack) => [new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.x509() })],
      redirectUri: REDIRECT_URI,
    });

    test('passes with the right certificate, without a question', async () => {
      const user = await newUser(realm);
      const result = await login(realm, user, await authority().client(user.username));
      expect(result).toMatchObject({ outcome: 'granted', acr: 'gold', asked: [], amr: ['sc'] });
      expect(result.claims?.sub).toBe(user.id);
    });

    test('refuses no certificate, and one of nobody', async () => {
      const user = await newUser(realm);
      for (const certificate of [undefined, await authority().client('nobody')]) {
        const result = await login(realm, user, certificate);
        expect(result.outcome).not.toBe('granted');
        expect(result.tokens).toBeUndefined();
      }
    });
  });

  describe('as a step-up after a password', () => {
    const realm = withFactorRealm({
      levels: (stack) => [
        new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
        new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.x509() }),
      ],
      redirectUri: REDIRECT_URI,
    });

    test("passes with the user's own certificate, which the lower level does not ask for", async () => {
      const user = await newUser(realm);
      expect(await login(realm, user, await authority().client(user.username))).toMatchObject({
        outcome: 'granted',
        acr: 'gold',
        asked: ['username', 'password'],
        amr: expect.arrayContaining(['pwd', 'sc']),
      });
      expect(await login(realm, user, undefined, 'silver')).toMatchObject({ outcome: 'granted', acr: 'silver' });
    });

    const others: [string, () => Promise<Certificate | undefined>][] = [
      ['no certificate', async () => undefined],
      ['a certificate of another user', async () => authority().client((await newUser(realm)).username)],
    ];
    test.each(others)('refuses %s', async (_what, certificate) => {
      const user = await newUser(realm);
      const result = await login(realm, user, await certificate());
      expect(result.outcome).not.toBe('granted');
      expect(result.asked.slice(0, 2)).toEqual(['username', 'password']);
      expect(result.tokens).toBeUndefined();
    });

    test('a certificate of an authority that is not trusted does not even get a connection', async () => {
      const user = await newUser(realm);
      const attempt = login(realm, user, await stranger().client(user.username));
      await expect(attempt).rejects.toMatchObject({
        cause: { code: expect.stringMatching(/^(ECONNRESET|EPIPE|ERR_SSL_.*)$/) },
      });
    });
  });
});
