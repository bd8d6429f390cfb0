import { StepUpFlow } from '../../../lib';
import { Browser, type LoginRequest, type TestUser } from '../../../sandbox/login';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { answersOf, withSite } from '../support/site';

describeWithKeycloak('Door: account console', () => {
  const site = withSite(
    ({ stack, realm, client }) => {
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
      client('plain');
    },
    { credentialDeletion: 'prove' },
  );

  const atConsole = async (
    user: TestUser,
    request: Partial<LoginRequest> = {},
    browser = new Browser(),
    otp: 'right' | 'wrong' = 'right',
  ) => {
    const redirectUri = `${await site.issuer()}/account/`;
    const answers = { ...answersOf(user, otp), 'delete-credential': 'Yes' };
    return site.signIn('account-console', answers, { redirectUri, ...request }, browser);
  };
  const otpOf = async (user: TestUser) => {
    const { admin } = await testKeycloak();
    const credentials = await admin.users.getCredentials({ realm: site.realm, id: user.id });
    return credentials.find(({ type }) => type === 'otp')?.id;
  };

  test('opens with a password', async () => {
    const result = await atConsole(await site.user());
    expect(result).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'password'] });
  });

  test('enrols no authenticator app: the action is off', async () => {
    const user = await site.user({ totp: undefined });
    const result = await atConsole(user, { parameters: { kc_action: 'CONFIGURE_TOTP' } });
    expect(result.asked).toEqual(['username', 'password']);
    expect(await otpOf(user)).toBeUndefined();
  });

  test("with credentialDeletion 'prove', deletes an authenticator app only after its one-time password", async () => {
    const user = await site.user();
    const browser = new Browser();
    await atConsole(user, {}, browser);
    const parameters = { kc_action: `delete_credential:${await otpOf(user)}` };
    const wrong = await atConsole(user, { parameters }, browser, 'wrong');
    expect(wrong).toMatchObject({ outcome: 'refused', asked: ['otp'], error: 'Invalid authenticator code.' });
    expect(await otpOf(user)).toBeDefined();
    const deleted = await atConsole(user, { parameters }, browser);
    expect(deleted).toMatchObject({ outcome: 'granted', asked: ['otp', 'delete-credential'] });
    expect(await otpOf(user)).toBeUndefined();
  });

  test('its API shows a credential and deletes none', async () => {
    const user = await site.user();
    const { tokens } = await atConsole(user);
    const api = `${await site.issuer()}/account/credentials`;
    // Without `accept`, Keycloak answers for the page of the console, which has no credentials at all.
    const headers = { authorization: `Bearer ${tokens?.access_token}`, accept: 'application/json' };
    const otp = await otpOf(user);
    const listed = await fetch(api, { headers });
    expect(JSON.stringify(await listed.json())).toContain(otp);
    const response = await fetch(`${api}/${otp}`, { method: 'DELETE', headers });
    expect(response.status).toBe(403);
    expect(await otpOf(user)).toBe(otp);
  });

  test('a password moves the e-mail address, by the API and by UPDATE_PROFILE: a mail goes there from then on', async () => {
    const { admin } = await testKeycloak();
    const addressOf = async ({ id }: TestUser) => (await admin.users.findOne({ realm: site.realm, id }))?.email;
    const byApi = await site.user();
    const { tokens } = await atConsole(byApi);
    const api = `${await site.issuer()}/account/`;
    const headers = {
      authorization: `Bearer ${tokens?.access_token}`,
      accept: 'application/json',
      'content-type': 'application/json',
    };
    const account = (await (await fetch(api, { headers })).json()) as object;
    const body = JSON.stringify({ ...account, email: 'api@thief.invalid' });
    expect((await fetch(api, { method: 'POST', headers, body })).status).toBe(204);
    expect(await addressOf(byApi)).toBe('api@thief.invalid');

    const byAction = await site.user();
    const answers = { ...answersOf(byAction), profile: 'action@thief.invalid' };
    const parameters = { kc_action: 'UPDATE_PROFILE' };
    const redirectUri = `${await site.issuer()}/account/`;
    expect(await site.signIn('account-console', answers, { redirectUri, parameters })).toMatchObject({ acr: 'silver' });
    expect(await addressOf(byAction)).toBe('action@thief.invalid');
  });

  test.each(['UPDATE_EMAIL', 'delete_account'])('%s is off', async (action) => {
    const result = await atConsole(await site.user(), { parameters: { kc_action: action } });
    expect(result).toMatchObject({ outcome: 'granted', asked: ['username', 'password'] });
  });

  describe('of an impersonated user', () => {
    const impersonate = async () => {
      const { admin, url } = await testKeycloak();
      const user = await site.user();
      const browser = new Browser();
      const response = await browser.fetch(`${url}/admin/realms/${site.realm}/users/${user.id}/impersonation`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await admin.getAccessToken()}` },
      });
      expect(response.status).toBe(200);
      return { user, browser };
    };
    const none = async (browser: Browser, parameters: Record<string, string> = {}) =>
      site.signIn('account-console', {}, { redirectUri: `${await site.issuer()}/account/`, parameters }, browser);

    test('opens without a question, at no level', async () => {
      const { browser } = await impersonate();
      expect(await none(browser)).toMatchObject({ outcome: 'granted', acr: '0', asked: [] });
    });

    test('a change of the account asks for the password', async () => {
      const { user, browser } = await impersonate();
      for (const action of ['UPDATE_PROFILE', 'UPDATE_PASSWORD', `delete_credential:${await otpOf(user)}`]) {
        expect(await none(browser, { kc_action: action })).toMatchObject({
          outcome: 'unanswered',
          asked: ['password'],
        });
      }
    });

    test('a client of the library asks for its level', async () => {
      const { browser } = await impersonate();
      expect(await site.signIn('plain', {}, {}, browser)).toMatchObject({ outcome: 'unanswered', asked: ['password'] });
    });
  });
});
