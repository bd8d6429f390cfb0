import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answers,
  Browser,
  createUser,
  type LoginRequest,
  signIn,
  type TestUser,
  TotpDevice,
} from '../../sandbox/login';
import { REDIRECT_URI } from '../support/imported-realm';
import { describeWithKeycloak, testKeycloak, withRealm } from './support/keycloak';
import { GOLD_MAX_AGE, loaRealm } from './support/loa-realm';

describeWithKeycloak('the login driver', () => {
  const realm = withRealm(loaRealm());
  let issuer: string;
  let bob: TestUser;
  let alice: TestUser;

  beforeAll(async () => {
    const { admin, url } = await testKeycloak();
    issuer = `${url}/realms/${realm}`;
    bob = await createUser(admin, realm, { username: 'bob', totp: true });
    alice = await createUser(admin, realm, { username: 'alice' });
  });

  const request = (more: Partial<LoginRequest> = {}): LoginRequest => ({
    client: { issuer, clientId: 'app' },
    redirectUri: REDIRECT_URI,
    ...more,
  });
  const answersOf = (user: TestUser): Answers => ({
    username: user.username,
    password: user.password,
    ...(user.totp && { otp: () => (user.totp as TotpDevice).next() }),
  });
  const gold = { acrValues: ['gold'] };

  test('signs in with user name and password', async () => {
    const result = await signIn(new Browser(), request(), answersOf(bob));
    expect(result).toMatchObject({ asked: ['username', 'password'], outcome: 'granted', acr: 'silver' });
    expect(result.claims?.sub).toBe(bob.id);
    expect(result.scope).toContain('openid');
  });

  test('steps up in a session, asks nothing within the max age, and asks again after it', async () => {
    const browser = new Browser();
    await signIn(browser, request(), answersOf(bob));
    expect(await signIn(browser, request(gold), answersOf(bob))).toMatchObject({
      asked: ['otp'],
      outcome: 'granted',
      acr: 'gold',
    });
    expect(await signIn(browser, request(gold))).toMatchObject({ asked: [], outcome: 'granted', acr: 'gold' });
    await sleep((GOLD_MAX_AGE + 1) * 1000);
    expect(await signIn(browser, request(gold))).toMatchObject({ asked: ['otp'], outcome: 'unanswered' });
  });

  test.each([
    ['password', { password: 'wrong' }, ['username', 'password'], 'Invalid username or password.'],
    ['user name', { username: 'nobody' }, ['username', 'password'], 'Invalid username or password.'],
    [
      'one-time password',
      { otp: () => (bob.totp as TotpDevice).wrong() },
      ['username', 'password', 'otp'],
      'Invalid authenticator code.',
    ],
    [
      'one-time password, an expired one',
      { otp: () => (bob.totp as TotpDevice).expired() },
      ['username', 'password', 'otp'],
      'Invalid authenticator code.',
    ],
  ])('reports the refusal of a login with the wrong %s', async (_what, wrong, asked, error) => {
    const result = await signIn(new Browser(), request(gold), { ...answersOf(bob), ...wrong });
    expect(result).toMatchObject({ outcome: 'refused', asked, error });
    expect(result.tokens).toBeUndefined();
  });

  test('has a one-time password refused when it is used again', async () => {
    const code = await (bob.totp as TotpDevice).next();
    const answers = { ...answersOf(bob), otp: code };
    expect(await signIn(new Browser(), request(gold), answers)).toMatchObject({ outcome: 'granted', acr: 'gold' });
    expect(await signIn(new Browser(), request(gold), answers)).toMatchObject({ outcome: 'refused' });
  });

  test('enrols an authenticator app when Keycloak offers it', async () => {
    let device: TotpDevice | undefined;
    const result = await signIn(new Browser(), request(gold), {
      ...answersOf(alice),
      'enrol-otp': (page) => {
        device = new TotpDevice(page.fields.totpSecret as string);
        return device.next();
      },
    });
    expect(result).toMatchObject({ asked: ['username', 'password', 'enrol-otp'], outcome: 'granted', acr: 'gold' });
    const again = await signIn(new Browser(), request(gold), {
      ...answersOf(alice),
      otp: () => (device as TotpDevice).next(),
    });
    expect(again).toMatchObject({ asked: ['username', 'password', 'otp'], outcome: 'granted', acr: 'gold' });
  });

  test('says what is asked when there is no answer', async () => {
    const result = await signIn(new Browser(), request());
    expect(result).toMatchObject({ asked: ['username', 'password'], outcome: 'unanswered' });
    expect(result.page?.id).toBe('login-login');
  });

  test('reports an error that the client is sent', async () => {
    const result = await signIn(new Browser(), request({ prompt: 'none' }));
    expect(result).toMatchObject({ asked: [], outcome: 'refused', error: 'login_required' });
  });

  test('reports an error page', async () => {
    const result = await signIn(new Browser(), request({ redirectUri: 'http://127.0.0.1:9/elsewhere' }));
    expect(result).toMatchObject({ asked: [], outcome: 'refused', error: 'Invalid parameter: redirect_uri' });
  });

  test('reports a page that it does not know', async () => {
    const result = await signIn(new Browser(), request({ parameters: { prompt: 'create' } }), answersOf(bob));
    expect(result).toMatchObject({ outcome: 'unknown-page', asked: [] });
    expect(result.error).toBe('unknown page login-register "Register", status 200');
  });

  test('answers the essential acr that cannot be reached as Keycloak does', async () => {
    const claims = { id_token: { acr: { essential: true, values: ['platinum'] } } };
    expect(await signIn(new Browser(), request({ claims }))).toMatchObject({ outcome: 'refused', asked: [] });
  });
});
