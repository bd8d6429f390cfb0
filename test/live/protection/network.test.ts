import {
  AssuranceLevel,
  Factor,
  fromNetworks,
  otpUnlessFrom,
  StepUpClient,
  StepUpFlow,
  StepUpRealm,
} from '../../../lib';
import { type Answers, Browser, createUser, type LoginResult, signIn, type TestUser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';
import { CLIENT_ADDRESS, fetchFrom, type ReverseProxy, startProxy } from './proxy';

/** Linux takes all of 127.0.0.0/8 for its own, so that a client can be near or far on one machine. */
const NEAR = '127.0.0.2';
const FAR = '127.0.0.1';
const NETWORKS = fromNetworks([`${NEAR}/31`, '192.0.2.0/24', '10.0.0.0/9', '2001:db8::/35', '2001:db8:ff00::/40']);

const describeOnLinux = process.platform === 'linux' ? describeWithKeycloak : describe.skip;

describeOnLinux('A network rule inside the login', () => {
  const name = withRealmName('network');
  const folder = withStackFolder();
  const proxies: Record<string, ReverseProxy> = {};
  let keycloak: string;
  let bob: TestUser;

  beforeAll(async () => {
    await folder.apply((stack) => {
      const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
      const gold = new AssuranceLevel(stack, 'gold', {
        acr: 'gold',
        loa: 2,
        provedBy: otpUnlessFrom(NETWORKS, { header: CLIENT_ADDRESS }),
      });
      const realm = new StepUpRealm(stack, 'realm', { name, levels: [silver, gold] });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
      new StepUpClient(stack, 'app', {
        realm,
        clientId: 'app',
        accessType: 'PUBLIC',
        validRedirectUris: [REDIRECT_URI],
      });
    });
    const { admin, url } = await testKeycloak();
    keycloak = url;
    bob = await createUser(admin, name, { username: 'bob', totp: true });
    for (const mode of ['replace', 'append'] as const) proxies[mode] = await startProxy(url, mode);
  });
  afterAll(() => {
    for (const proxy of Object.values(proxies)) proxy.stop();
  });

  /** Asks for gold at `base`; without an answer to the one-time password, to see whether it is asked for. */
  const gold = (base: string | undefined, from: typeof fetch, answers: Answers = {}): Promise<LoginResult> =>
    signIn(
      new Browser(from),
      { client: { issuer: `${base}/realms/${name}`, clientId: 'app' }, redirectUri: REDIRECT_URI, acrValues: ['gold'] },
      { username: bob.username, password: bob.password, ...answers },
    );
  const GRANTED = { outcome: 'granted', asked: ['username', 'password'], acr: 'gold' };
  const ASKED = { outcome: 'unanswered', asked: ['username', 'password', 'otp'] };

  test('asks for no one-time password in the network, and says so in amr', async () => {
    const login = await gold(proxies.replace?.url, fetchFrom(NEAR));
    expect(login).toMatchObject(GRANTED);
    expect([...login.amr].sort()).toEqual(['otp-or-network', 'pwd']);
  });

  test('asks for it outside', async () => {
    expect(await gold(proxies.replace?.url, fetchFrom(FAR))).toMatchObject(ASKED);
    const answered = await gold(proxies.replace?.url, fetchFrom(FAR), { otp: () => bob.totp?.next() ?? '' });
    expect(answered).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['username', 'password', 'otp'] });
  });

  test('asks a client outside that names an address inside itself', async () => {
    for (const header of [CLIENT_ADDRESS, CLIENT_ADDRESS.toLowerCase(), 'X-Forwarded-For', 'Forwarded']) {
      expect(await gold(proxies.replace?.url, fetchFrom(FAR, { [header]: NEAR }))).toMatchObject(ASKED);
    }
  });

  test('believes any line of the header, so a proxy that leaves what the client sent is no protection', async () => {
    expect(await gold(proxies.append?.url, fetchFrom(FAR))).toMatchObject(ASKED);
    expect(await gold(proxies.append?.url, fetchFrom(FAR, { [CLIENT_ADDRESS]: NEAR }))).toMatchObject(GRANTED);
  });

  // The test stands for the proxy here, to try all that one may send.
  test.each([
    '192.0.2.0',
    '192.0.2.255',
    '10.127.255.255',
    '::ffff:192.0.2.7',
    '2001:db8::',
    '2001:db8:1fff:ffff:ffff:ffff:ffff:ffff',
    '2001:DB8::1',
    '2001:0db8:0000:0000:0000:0000:0000:0001',
    '2001:db8:ff00:0:1::',
    '2001:db8:ffff::1',
    '2001:db8:ff99:0:0:1::',
  ])('takes %j for inside, in the regular expressions of Java', async (address) => {
    expect(await gold(keycloak, fetchFrom(FAR, { [CLIENT_ADDRESS]: address }))).toMatchObject(GRANTED);
  });

  test.each([
    '192.0.3.0',
    '10.128.0.0',
    '010.1.2.3',
    '10.1.2.3:8080',
    '10.1.2.3, 203.0.113.5',
    '203.0.113.5, 10.1.2.3',
    '10.1.2.3.example.com',
    '2001:db8:2000::1',
    '2001:db8:fe00::1',
    '[2001:db8::1]',
    '2001:db8::1%eth0',
    '2001:db8::1::1',
    'unknown',
    '',
  ])('takes %j for outside', async (address) => {
    expect(await gold(keycloak, fetchFrom(FAR, { [CLIENT_ADDRESS]: address }))).toMatchObject(ASKED);
  });
});
