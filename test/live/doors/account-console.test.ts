import { StepUpFlow } from '../../../lib';
import { Browser, type LoginRequest, type TestUser } from '../../../sandbox/login';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { answersOf, withSite } from '../support/site';

describeWithKeycloak('Door: account console', () => {
  const site = withSite(({ stack, realm }) => {
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
  });

  const atConsole = async (
    user: TestUser,
    request: Partial<LoginRequest> = {},
    browser = new Browser(),
    otp: 'right' | 'wrong' = 'right',
  ) => {
    const redirectUri = `${await site.issuer()}/account/`;
    return site.signIn('account-console', answersOf(user, otp), { redirectUri, ...request }, browser);
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

  test('deletes an authenticator app only after its one-time password', async () => {
    const user = await site.user();
    const browser = new Browser();
    await atConsole(user, {}, browser);
    const parameters = { kc_action: `delete_credential:${await otpOf(user)}` };
    const wrong = await atConsole(user, { parameters }, browser, 'wrong');
    expect(wrong).toMatchObject({ outcome: 'refused', asked: ['otp'], error: 'Invalid authenticator code.' });
    expect(await otpOf(user)).toBeDefined();
    const deleted = await atConsole(user, { parameters }, browser);
    expect(deleted.asked.at(-1)).toBe('otp');
  });

  test('its API deletes no credential', async () => {
    const user = await site.user();
    const { tokens } = await atConsole(user);
    const response = await fetch(`${await site.issuer()}/account/credentials/${await otpOf(user)}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${tokens?.access_token}` },
    });
    expect(response.status).toBe(405);
    expect(await otpOf(user)).toBeDefined();
  });
});
