import type { Browser as Chromium } from 'playwright-core';
import { AssuranceLevel, Duration, Factor } from '../../../lib';
import { type Answers, createUser, type LoginRequest, signIn, type TestUser } from '../../../sandbox/login';
import type { AuthenticatorOptions, Credential } from '../../../sandbox/webauthn/authenticator';
import { launchChromium, missingChromium } from '../../../sandbox/webauthn/chromium';
import { ScriptBrowser } from '../../../sandbox/webauthn/script-browser';
import { testKeycloak } from '../support/keycloak';
import { publishedKeycloak } from '../support/shared';
import { describeUnlessMissing, withFactorRealm } from './factor-realm';

const keycloak = publishedKeycloak();
/** A relying party is a domain, so the server is opened by its name: browsers take no address for one. */
const server = 'missing' in keycloak ? '' : keycloak.url.replace('127.0.0.1', 'localhost');
/** Something answers there, as Chromium requests it: Keycloak itself, with a page that is not found. */
const redirectUri = `${server}/callback`;
/** What an authenticator without the credential makes the browser wait. */
const timeout = Duration.seconds(5);

describeUnlessMissing('missing' in keycloak ? keycloak.missing : missingChromium(), 'Factors: WebAuthn', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await launchChromium();
  });
  afterAll(() => chromium?.close());

  let users = 0;
  const newUser = async (realm: string): Promise<TestUser> =>
    createUser((await testKeycloak()).admin, realm, { username: `user-${++users}` });

  /** Signs in with a browser of its own, whose authenticator's owner touches it whenever asked. */
  const login = async (
    realm: string,
    user: TestUser,
    authenticator: AuthenticatorOptions,
    request: Partial<LoginRequest> = { acrValues: ['gold'] },
  ) => {
    const browser = await ScriptBrowser.start(chromium, authenticator);
    const answers: Answers = {
      username: user.username,
      password: user.password,
      webauthn: 'touch',
      'enrol-webauthn': 'touch',
    };
    const client = { issuer: `${server}/realms/${realm}`, clientId: 'app' };
    try {
      const result = await signIn(browser, { client, redirectUri, ...request }, answers);
      return { result, credentials: await browser.credentials() };
    } finally {
      await browser.close();
    }
  };

  const enrolled = async (realm: string): Promise<{ user: TestUser; credentials: Credential[] }> => {
    const user = await newUser(realm);
    const { result, credentials } = await login(realm, user, {});
    expect(result).toMatchObject({
      outcome: 'granted',
      acr: 'gold',
      asked: ['username', 'password', 'enrol-webauthn'],
    });
    expect(credentials).toHaveLength(1);
    return { user, credentials };
  };

  const levels =
    (factor: Factor, unenrolled: 'deny' | 'enrol') => (stack: ConstructorParameters<typeof AssuranceLevel>[0]) => [
      new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
      new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: factor, unenrolled }),
    ];

  const refusesOthers = (realm: () => string) => {
    test('refuses an authenticator without the credential, and that of another user', async () => {
      const { user } = await enrolled(realm());
      const other = await enrolled(realm());
      for (const credentials of [[], other.credentials]) {
        const { result } = await login(realm(), user, { credentials });
        expect(result).toMatchObject({ outcome: 'refused', asked: ['username', 'password', 'webauthn'] });
        expect(result.tokens).toBeUndefined();
      }
    });
  };

  describe('second factor', () => {
    const realm = withFactorRealm({
      levels: levels(Factor.webAuthn(), 'enrol'),
      props: { webAuthnPolicy: { timeout } },
      redirectUri,
    });

    test('passes with the right authenticator, verifying or not, and is asked for at its level alone', async () => {
      const { user, ...key } = await enrolled(realm);
      // Each use counts the authenticator's counter up; an older state of it is taken for a clone.
      let { credentials } = key;
      for (const verifiesUser of [true, false]) {
        const used = await login(realm, user, { credentials, verifiesUser });
        credentials = used.credentials;
        expect(used.result).toMatchObject({
          outcome: 'granted',
          acr: 'gold',
          asked: ['username', 'password', 'webauthn'],
          amr: expect.arrayContaining(['pwd', 'hwk']),
        });
      }
      const { result } = await login(realm, user, { credentials }, {});
      expect(result).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'password'] });
    });

    refusesOthers(() => realm);
  });

  describe('second factor that must verify its user', () => {
    const realm = withFactorRealm({
      levels: levels(Factor.webAuthn(), 'enrol'),
      props: { webAuthnPolicy: { timeout, userVerification: 'required' } },
      redirectUri,
    });

    test('refuses an authenticator that does not, and passes one that does', async () => {
      const { user, credentials } = await enrolled(realm);
      expect((await login(realm, user, { credentials, verifiesUser: false })).result).toMatchObject({
        outcome: 'refused',
        asked: ['username', 'password', 'webauthn'],
      });
      expect((await login(realm, user, { credentials })).result).toMatchObject({
        outcome: 'granted',
        acr: 'gold',
      });
    });
  });

  describe('a user without an authenticator', () => {
    const realm = withFactorRealm({ levels: levels(Factor.webAuthn(), 'deny'), redirectUri });

    test('is refused where the level does not let users enrol', async () => {
      const { result, credentials } = await login(realm, await newUser(realm), {});
      expect(result).toMatchObject({
        outcome: 'refused',
        error: expect.stringContaining('not set up to prove the level'),
      });
      expect(credentials).toEqual([]);
    });
  });
});
