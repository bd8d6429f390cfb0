import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { withMailbox } from '../support/mailbox';
import { answersOf, withSite } from '../support/site';
import { Visitor } from '../support/visitor';
import { GUARDED, guardedSite } from './guarded-site';

const PASSWORD = 'chosen-by-the-newcomer';
const ASKED_FOR: typeof GUARDED = [
  ...GUARDED,
  ['a scope, by prompt=create', 'plain', { scope: 'openid payments', prompt: 'create' }],
];

describeWithKeycloak('Attack A4: self-registration', () => {
  const mailbox = withMailbox();
  const build = guardedSite(mailbox);
  const site = withSite(build, { passwordReset: true, selfRegistration: 'form' });

  let newcomers = 0;
  const register = async (client: string, request: Readonly<Record<string, string>>) => {
    newcomers += 1;
    const username = `newcomer-${newcomers}`;
    const visitor = await new Visitor(site).login(client, request);
    if (request.prompt !== 'create') await visitor.follow(/registration/);
    expect(visitor.id).toBe('login-register');
    const asksForPassword = visitor.page('[name="password"]').length > 0;
    await visitor.fill({
      username,
      email: `${username}@sandbox.invalid`,
      firstName: 'New',
      lastName: 'Comer',
      ...(asksForPassword && { password: PASSWORD, 'password-confirm': PASSWORD }),
    });
    return { visitor, user: { id: '', username, password: PASSWORD }, asksForPassword };
  };
  const exists = async (username: string) => {
    const { admin } = await testKeycloak();
    return (await admin.users.find({ realm: site.realm, username, exact: true })).length === 1;
  };

  describe("selfRegistration: 'form'", () => {
    test.each(ASKED_FOR)('gives no code for %s', async (_what, client, request) => {
      const { visitor, user } = await register(client, request);
      expect(visitor).toMatchObject({ id: 'login-error', status: 401, left: undefined });
      expect(visitor.text).toContain('Your account has been created.');
      expect(await exists(user.username)).toBe(true);
      await visitor.login(client, { prompt: 'none' });
      expect(visitor.left?.searchParams.get('error')).toBe('login_required');
    });

    test('the account logs in, to what its password is enough for', async () => {
      const { user } = await register('plain', {});
      expect(await site.signIn('plain', answersOf(user))).toMatchObject({ outcome: 'granted', acr: 'silver' });
      const scoped = await site.signIn('plain', answersOf(user), { scope: ['openid', 'payments'] });
      expect(scoped).toMatchObject({ outcome: 'refused', error: expect.stringContaining('not set up') });
    });

    test('the page before, sent again, gives no code either', async () => {
      const { visitor, user } = await register('plain', { scope: 'openid payments' });
      // The login that was left for the registration goes on with its own form.
      const back = await new Visitor(site, visitor.browser).login('plain', { scope: 'openid payments' });
      expect(back.id).toBe('login-login');
      await back.fill({ username: user.username, password: PASSWORD });
      expect(back).toMatchObject({ id: 'login-error', left: undefined });
    });
  });

  describe("with Keycloak's own registration flow", () => {
    beforeAll(async () => {
      const { admin } = await testKeycloak();
      await admin.realms.update({ realm: site.realm }, { registrationFlow: 'registration' });
    });

    test.each(ASKED_FOR)('the newcomer has %s', async (_what, client, request) => {
      const { visitor } = await register(client, request);
      const { acr, scope } = await visitor.redeem();
      expect(acr).toBe('silver');
      expect(scope.includes('payments')).toBe('scope' in request);
    });
  });

  describe("selfRegistration: 'mail'", () => {
    beforeAll(() => site.apply(build, { passwordReset: true, selfRegistration: 'mail' }));

    test.each(ASKED_FOR)('gives no code for %s: the login page is back', async (_what, client, request) => {
      const { visitor, asksForPassword } = await register(client, request);
      expect(asksForPassword).toBe(false);
      expect(visitor).toMatchObject({ id: 'login-login', left: undefined });
      expect(visitor.text).toContain('You should receive an email shortly');
    });

    test('the link of the mail sets the password, without a login', async () => {
      const { visitor, user } = await register('plain', { scope: 'openid payments' });
      await visitor.open(await mailbox.link(`${user.username}@sandbox.invalid`));
      expect(visitor.id).toBe('login-login-update-password');
      await visitor.fill({ 'password-new': PASSWORD, 'password-confirm': PASSWORD });
      expect(visitor).toMatchObject({ id: 'login-info', left: undefined });
      expect(await site.signIn('plain', answersOf(user))).toMatchObject({ outcome: 'granted', acr: 'silver' });
    });
  });
});
