import { StepUpFlow } from '../../../lib';
import { Browser, type LoginRequest, type TestUser } from '../../../sandbox/login';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { answersOf, withSite } from '../support/site';

describeWithKeycloak('Door: account console', () => {
  const site = withSite(
    ({ stack, realm }) => {
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
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
});
