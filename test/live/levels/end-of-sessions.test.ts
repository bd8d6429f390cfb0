import { setTimeout as sleep } from 'node:timers/promises';
import { Browser } from '../../../sandbox/login';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { proofs, withLevelsThatChange } from './levels-realm';

const LEVELS = [
  { acr: 'silver', loa: 10 },
  { acr: 'gold', loa: 20 },
];

/** What Keycloak asks of whoever has no session. */
const LOGIN = ['username', 'password'];

/** Keycloak compares whole seconds, and a token of the same second is not older. */
const nextSecond = () => sleep(1_100);

describeWithKeycloak('Levels: sessions that are to end', () => {
  const { realm, apply, user, at, refreshed } = withLevelsThatChange();
  beforeAll(() => apply(LEVELS), 300_000);

  /** Sessions of a user, one of them offline. */
  const begun = async () => {
    const bob = await user();
    const browser = new Browser();
    const online = await at('app', 'gold', proofs(bob, 'otp'), browser);
    const offline = await at('offline', 'gold', {}, browser, ['openid', 'offline_access']);
    expect([online, offline]).toMatchObject([{ acr: 'gold' }, { acr: 'gold' }]);
    await nextSecond();
    expect(await refreshed('app', online)).toBe('gold');
    expect(await refreshed('offline', offline)).toBe('gold');
    return { bob, browser, online, offline };
  };

  test('logout-all ends sessions, and refuses refresh and offline tokens of before', async () => {
    const { bob, browser, online, offline } = await begun();
    const { admin } = await testKeycloak();
    await admin.realms.logoutAll({ realm });
    expect(await refreshed('app', online)).toBe('invalid_grant');
    expect(await refreshed('offline', offline)).toBe('invalid_grant');
    expect(await at('app', 'gold', {}, browser)).toMatchObject({ outcome: 'unanswered', asked: LOGIN });
    await nextSecond();
    const anew = await at('offline', 'gold', proofs(bob, 'otp'), new Browser(), ['openid', 'offline_access']);
    expect(await refreshed('offline', anew)).toBe('gold');
  });

  test('notBefore of the realm refuses tokens and sessions of before', async () => {
    const { browser, online, offline } = await begun();
    const { admin } = await testKeycloak();
    const now = await admin.realms.findOne({ realm });
    await admin.realms.update({ realm }, { ...now, notBefore: Math.floor(Date.now() / 1000) });
    expect(await refreshed('app', online)).toBe('invalid_grant');
    expect(await refreshed('offline', offline)).toBe('invalid_grant');
    expect(await at('app', 'gold', {}, browser)).toMatchObject({ outcome: 'unanswered', asked: LOGIN });
  });

  test('notBefore of a client refuses the tokens of that client alone', async () => {
    const { online, offline } = await begun();
    const { admin } = await testKeycloak();
    const [client] = await admin.clients.find({ realm, clientId: 'offline' });
    const id = client?.id as string;
    await admin.clients.update({ realm, id }, { ...client, notBefore: Math.floor(Date.now() / 1000) });
    expect(await refreshed('offline', offline)).toBe('invalid_grant');
    expect(await refreshed('app', online)).toBe('gold');
  });

  // The last of the tests, as it leaves other levels behind.
  test('what logout-all refuses stays refused after another apply', async () => {
    const { online, offline } = await begun();
    const { admin } = await testKeycloak();
    await admin.realms.logoutAll({ realm });
    await apply([...LEVELS, { acr: 'mid', loa: 30 }]);
    expect(await refreshed('app', online)).toBe('invalid_grant');
    expect(await refreshed('offline', offline)).toBe('invalid_grant');
  }, 300_000);
});
