import { AssuranceLevel, Factor, KerberosFederation, StepUpClient, StepUpFlow, StepUpRealm } from '../../../lib';
import { type Kdc, missingForKerberos, startKdc } from '../../../sandbox/kerberos/kdc';
import { missingForNegotiation, negotiatingFetch } from '../../../sandbox/kerberos/negotiating-fetch';
import { type Answers, Browser, signIn } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { testKeycloak, withRealmName } from '../support/keycloak';
import { describeUnlessMissing, type LevelsOf } from './factor-realm';
import { missingForOwnKeycloak, withOwnKeycloak } from './own-keycloak';

const missing = missingForOwnKeycloak() ?? missingForKerberos() ?? missingForNegotiation();

describeUnlessMissing(missing, 'Factors: Kerberos (SPNEGO)', () => {
  let kdc: Kdc;
  let keyTab: string;
  const server = withOwnKeycloak(async () => {
    kdc = await startKdc();
    keyTab = await kdc.addService('HTTP/localhost');
    return { javaOptions: [`-Djava.security.krb5.conf=${kdc.configFile}`] };
  });
  afterAll(() => kdc?.stop());

  /** A realm whose users come from the KDC. */
  const withKerberosRealm = (levels: LevelsOf): string => {
    const name = withRealmName('kerberos');
    const folder = withStackFolder();
    beforeAll(async () => {
      await folder.apply((stack) => {
        const realm = new StepUpRealm(stack, 'realm', { name, levels: levels(stack) });
        const serverPrincipal = `HTTP/localhost@${kdc.realm}`;
        const users = { realm, kerberosRealm: kdc.realm, serverPrincipal, keyTab, allowPasswordAuthentication: true };
        new KerberosFederation(stack, 'users', users);
        realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
        const app = { realm, clientId: 'app', accessType: 'PUBLIC' as const, validRedirectUris: [REDIRECT_URI] };
        new StepUpClient(stack, 'app', app);
      });
      // A ticket tells the user name alone, and Keycloak would ask for the rest of the profile.
      const { admin } = await testKeycloak();
      const alias = 'VERIFY_PROFILE';
      await admin.authenticationManagement.updateRequiredAction({ realm: name, alias }, { alias, enabled: false });
    });
    return name;
  };

  let users = 0;
  const newUser = async () => {
    users += 1;
    const username = `user-${users}`;
    return { username, password: await kdc.addUser(username) };
  };
  type User = Awaited<ReturnType<typeof newUser>>;
  const ticketOf = async ({ username, password }: User) => negotiatingFetch(await kdc.ticketOf(username, password));
  const noTicket = () => negotiatingFetch(kdc.withoutTicket());

  const login = (realm: string, acr: string, base: typeof fetch, answers: Answers = {}) => {
    // The ticket is for the host name, which browsers take from the address.
    const issuer = `${server().url.replace('127.0.0.1', 'localhost')}/realms/${realm}`;
    const request = { client: { issuer, clientId: 'app' }, redirectUri: REDIRECT_URI, acrValues: [acr] };
    return signIn(new Browser(base), request, answers);
  };

  describe('as the only proof', () => {
    const realm = withKerberosRealm((stack) => [
      new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 2, provedBy: Factor.kerberos() }),
    ]);

    test('passes with a ticket, without a question, and amr says so', async () => {
      const user = await newUser();
      const result = await login(realm, 'silver', await ticketOf(user));
      expect(result).toMatchObject({ outcome: 'granted', acr: 'silver', asked: [], amr: ['wia'] });
      expect(result.claims?.preferred_username).toBe(user.username);
    });

    test('refuses a browser without a ticket', async () => {
      const user = await newUser();
      const result = await login(realm, 'silver', noTicket(), user);
      expect(result).toMatchObject({ outcome: 'refused', asked: [] });
      expect(result.tokens).toBeUndefined();
    });

    test('refuses what is no ticket', async () => {
      const forged: typeof fetch = (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set('authorization', `Negotiate ${Buffer.from('forged').toString('base64')}`);
        return fetch(input, { ...init, headers });
      };
      const result = await login(realm, 'silver', forged);
      expect(result).toMatchObject({ outcome: 'refused', asked: [] });
      expect(result.tokens).toBeUndefined();
    });
  });

  describe('as a step-up after a password', () => {
    const realm = withKerberosRealm((stack) => [
      new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
      new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.kerberos() }),
    ]);

    test("passes with the user's own ticket, and amr says both", async () => {
      const user = await newUser();
      expect(await login(realm, 'gold', await ticketOf(user), user)).toMatchObject({
        outcome: 'granted',
        acr: 'gold',
        asked: ['username', 'password'],
        amr: expect.arrayContaining(['pwd', 'wia']),
      });
    });

    test.each<[string, () => Promise<typeof fetch>]>([
      ['a browser without a ticket', async () => noTicket()],
      ["another user's ticket", async () => ticketOf(await newUser())],
    ])('refuses %s', async (_what, base) => {
      const result = await login(realm, 'gold', await base(), { ...(await newUser()) });
      expect(result).toMatchObject({ outcome: 'refused', asked: ['username', 'password'] });
      expect(result.tokens).toBeUndefined();
    });
  });

  describe('or a password', () => {
    const realm = withKerberosRealm((stack) => [
      new AssuranceLevel(stack, 'silver', {
        acr: 'silver',
        loa: 1,
        provedBy: Factor.anyOf(Factor.kerberos(), Factor.password()),
      }),
    ]);

    test('passes with a ticket, without a question', async () => {
      const result = await login(realm, 'silver', await ticketOf(await newUser()));
      expect(result).toMatchObject({ outcome: 'granted', acr: 'silver', asked: [], amr: ['wia'] });
    });

    test('asks for the password without a ticket', async () => {
      const result = await login(realm, 'silver', noTicket(), { ...(await newUser()) });
      expect(result).toMatchObject({
        outcome: 'granted',
        acr: 'silver',
        asked: ['username', 'password'],
        amr: ['pwd'],
      });
    });

    test('refuses a wrong password', async () => {
      const result = await login(realm, 'silver', noTicket(), { ...(await newUser()), password: 'wrong' });
      expect(result).toMatchObject({ outcome: 'refused', asked: ['username', 'password'] });
    });
  });
});
