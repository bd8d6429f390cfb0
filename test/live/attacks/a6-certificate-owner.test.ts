import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation';
import type { TerraformStack } from 'cdktf';
import { AssuranceLevel, bindings, Factor, type X509Options } from '../../../lib';
import type { Certificate } from '../../../sandbox/certificates/authority';
import { tlsFetch } from '../../../sandbox/certificates/tls-fetch';
import { Browser, createUser, signIn, type TestUser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { missingForCertificates, withCertificateServer } from '../factors/certificate-server';
import { describeUnlessMissing, withFactorRealm } from '../factors/factor-realm';
import { testKeycloak } from '../support/keycloak';
import { Visitor } from '../support/visitor';

const ATTRIBUTE = 'employee';

describeUnlessMissing(missingForCertificates(), "Attack A6: another's certificate for an account", () => {
  const { authority, server } = withCertificateServer();

  const levels = (options: X509Options) => (stack: TerraformStack) => [
    new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
    new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.x509(options) }),
  ];
  let users = 0;
  const owner = async (realm: string) => {
    users += 1;
    return createUser((await testKeycloak()).admin, realm, { username: `owner-${users}` });
  };
  const gold = (realm: string, user: { username: string; password: string }, client: Certificate) => {
    const browser = new Browser(tlsFetch({ trusted: authority().cert, client }));
    const issuer = `${server().httpsUrl}/realms/${realm}`;
    const request = { client: { issuer, clientId: 'app' }, redirectUri: REDIRECT_URI, acrValues: ['gold'] };
    return signIn(browser, request, { username: user.username, password: user.password });
  };
  /** What a stolen password can do to the account: the page "Update Account Information", with whatever fields. */
  const write = async (realm: string, { username, password }: TestUser, fields: Record<string, string>) => {
    const visitor = new Visitor({ issuer: async () => `${server().url}/realms/${realm}` });
    await visitor.login('app', { kc_action: 'UPDATE_PROFILE' });
    await visitor.fill({ username, password });
    expect(visitor.id).toBe('login-login-update-profile');
    // Keycloak refuses the form if it changes what may not be changed; the attempt is what counts here.
    await visitor.fill({ email: `${username}@sandbox.invalid`, firstName: 'O', lastName: 'W', ...fields });
  };
  const set = async (realm: string, settings: RealmRepresentation) => {
    await (await testKeycloak()).admin.realms.update({ realm }, settings);
  };

  describe('found by user name', () => {
    const byName = withFactorRealm({ levels: levels({}), redirectUri: REDIRECT_URI });

    test("the address of the thief's certificate, written into the account, does not make it the account's", async () => {
      const user = await owner(byName);
      await write(byName, user, { email: 'thief@sandbox.invalid' });
      const result = await gold(byName, user, await authority().client('thief@sandbox.invalid'));
      expect(result.outcome).not.toBe('granted');
      expect(result.asked.slice(0, 2)).toEqual(['username', 'password']);
    });

    test("nor does a user name: it can't be edited", async () => {
      const user = await owner(byName);
      await write(byName, user, { username: 'thief-by-name' });
      const result = await gold(byName, user, await authority().client('thief-by-name'));
      expect(result.outcome).not.toBe('granted');
      expect(await gold(byName, user, await authority().client(user.username))).toMatchObject({ acr: 'gold' });
    });

    describe('where the realm lets users log in with their e-mail address', () => {
      beforeAll(() => set(byName, { loginWithEmailAllowed: true }));
      afterAll(() => set(byName, { loginWithEmailAllowed: false }));

      test("the address of the thief's certificate is enough", async () => {
        const user = await owner(byName);
        await write(byName, user, { email: 'robber@sandbox.invalid' });
        const result = await gold(byName, user, await authority().client('robber@sandbox.invalid'));
        expect(result).toMatchObject({ outcome: 'granted', acr: 'gold' });
        expect(result.claims?.sub).toBe(user.id);
      });
    });

    describe('where the realm lets users edit their user name', () => {
      beforeAll(() => set(byName, { editUsernameAllowed: true }));

      test("the name in the thief's certificate is enough", async () => {
        const user = await owner(byName);
        await write(byName, user, { username: 'robber' });
        const result = await gold(byName, { ...user, username: 'robber' }, await authority().client('robber'));
        expect(result).toMatchObject({ outcome: 'granted', acr: 'gold' });
        expect(result.claims?.sub).toBe(user.id);
      });
    });
  });

  describe('found by a user attribute', () => {
    const byAttribute = withFactorRealm({
      levels: levels({ userAttribute: ATTRIBUTE }),
      redirectUri: REDIRECT_URI,
      more: (stack, { realmId }) => {
        const user = { view: ['admin', 'user'], edit: ['admin', 'user'] };
        new bindings.realmUserProfile.RealmUserProfile(stack, 'profile', {
          realmId,
          attribute: [
            ...['username', 'email', 'firstName', 'lastName'].map((name) => ({ name, permissions: user })),
            { name: ATTRIBUTE, permissions: { view: ['admin', 'user'], edit: ['admin'] } },
          ],
        });
      },
    });

    const assign = async (user: TestUser, value: string) => {
      const { admin } = await testKeycloak();
      const account = await admin.users.findOne({ realm: byAttribute, id: user.id });
      await admin.users.update(
        { realm: byAttribute, id: user.id },
        { ...account, attributes: { [ATTRIBUTE]: [value] } },
      );
    };

    test('that administrators alone can edit, the thief writes it in vain', async () => {
      const user = await owner(byAttribute);
      await assign(user, 'E-17');
      await write(byAttribute, user, { [ATTRIBUTE]: 'T-1' });
      expect((await gold(byAttribute, user, await authority().client('T-1'))).outcome).not.toBe('granted');
      expect(await gold(byAttribute, user, await authority().client('E-17'))).toMatchObject({ acr: 'gold' });
    });

    test.each([
      ['that users can edit', { permissions: { view: ['admin', 'user'], edit: ['admin', 'user'] } }, undefined],
      ['that the profile lacks, where users may have any', undefined, 'ENABLED'],
    ])('%s, the thief writes her own', async (_what, declared, unmanagedAttributePolicy) => {
      const { admin } = await testKeycloak();
      const profile = await admin.users.getProfile({ realm: byAttribute });
      const attributes = (profile.attributes ?? []).filter(({ name }) => name !== ATTRIBUTE);
      await admin.users.updateProfile({
        realm: byAttribute,
        ...profile,
        attributes: declared ? [...attributes, { name: ATTRIBUTE, ...declared }] : attributes,
        ...(unmanagedAttributePolicy && { unmanagedAttributePolicy: unmanagedAttributePolicy as never }),
      });
      const user = await owner(byAttribute);
      const name = `T-${user.username}`;
      await write(byAttribute, user, { [ATTRIBUTE]: name });
      const result = await gold(byAttribute, user, await authority().client(name));
      expect(result).toMatchObject({ outcome: 'granted', acr: 'gold' });
      expect(result.claims?.sub).toBe(user.id);
    });
  });
});
