import { StepUpFlow } from '../../../lib';
import { Browser, type TestUser, TotpDevice } from '../../../sandbox/login';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { withMailbox } from '../support/mailbox';
import { answersOf, type Site, type SiteParts, withSite } from '../support/site';
import { Visitor } from '../support/visitor';
import { GUARDED, guardedSite } from './guarded-site';

const NEW_PASSWORD = 'chosen-by-whoever-reads-the-mail';
describeWithKeycloak('Attack A3: "Forgot password?"', () => {
  const mailbox = withMailbox();
  /** From here on, Keycloak's own flow in place of the realm's: what the escape hatch would leave bound. */
  const unsafe = (site: Site) =>
    beforeAll(async () => {
      const { admin } = await testKeycloak();
      await admin.realms.update({ realm: site.realm }, { resetCredentialsFlow: 'reset credentials' });
    });

  /** Asks for a new password and opens the mail's link, in the same browser or in another. */
  const reset = async (
    site: Site,
    { username }: TestUser,
    {
      client = 'plain',
      request = {},
      other = false,
    }: { client?: string; request?: Record<string, string>; other?: boolean },
  ) => {
    const visitor = await new Visitor(site).login(client, request);
    await visitor.follow(/reset-credentials/);
    await visitor.fill({ username });
    expect(visitor.id).toMatch(/^login-login/);
    const reader = other ? new Visitor(site) : visitor;
    return reader.open(await mailbox.link(`${username}@sandbox.invalid`));
  };
  const choose = (visitor: Visitor) => visitor.fill({ 'password-new': NEW_PASSWORD, 'password-confirm': NEW_PASSWORD });
  const otps = async (site: Site, { id }: TestUser) => {
    const { admin } = await testKeycloak();
    const credentials = await admin.users.getCredentials({ realm: site.realm, id });
    return credentials.filter(({ type }) => type === 'otp').map((credential) => credential.id);
  };

  const site = withSite(guardedSite(mailbox), { passwordReset: true });

  describe('passwordReset: true', () => {
    test.each(GUARDED)(
      'gives no code for %s: the new password is set, and the login begins anew',
      async (_what, client, request) => {
        const user = await site.user();
        const visitor = await reset(site, user, { client, request });
        await choose(visitor);
        expect(visitor).toMatchObject({ id: 'login-info', left: undefined });
        const changed = { ...user, password: NEW_PASSWORD };
        const { scope, ...parameters } = request;
        const anew = await site.signIn(
          client,
          answersOf(changed, 'wrong'),
          { parameters, ...(scope && { scope: scope.split(' ') }) },
          visitor.browser,
        );
        expect(anew).toMatchObject({ outcome: 'refused', error: 'Invalid authenticator code.' });
        expect(anew.asked).toEqual(['username', 'password', 'otp']);
      },
    );

    test('leaves no session behind, whichever browser opens the link', async () => {
      for (const other of [false, true]) {
        const visitor = await reset(site, await site.user(), { other });
        await choose(visitor);
        expect(visitor.id).toBe('login-info');
        await visitor.login('plain', { prompt: 'none' });
        expect(visitor.left?.searchParams.get('error')).toBe('login_required');
      }
    });

    test('who is refused a level stays refused', async () => {
      const user = await site.user({ totp: undefined });
      const visitor = await reset(site, user, { client: 'minimum' });
      await choose(visitor);
      const anew = await site.signIn('minimum', answersOf({ ...user, password: NEW_PASSWORD }), {}, visitor.browser);
      expect(anew).toMatchObject({ outcome: 'refused', error: expect.stringContaining('not set up') });
    });

    test('the owner logs in with the new password and the old second factor', async () => {
      const user = await site.user();
      await choose(await reset(site, user, {}));
      const login = await site.signIn('plain', answersOf({ ...user, password: NEW_PASSWORD }), { acrValues: ['gold'] });
      expect(login).toMatchObject({ outcome: 'granted', acr: 'gold' });
    });
  });

  describe("with Keycloak's own reset flow", () => {
    unsafe(site);

    test.each(GUARDED)('the mailbox has %s', async (_what, client, request) => {
      const visitor = await reset(site, await site.user(), { client, request });
      await choose(visitor);
      const { acr, scope } = await visitor.redeem();
      expect(acr).toBe('silver');
      expect(scope.includes('payments')).toBe('scope' in request);
    });
  });

  describe('where gold lets users enrol, a mail with kc_action=CONFIGURE_TOTP', () => {
    const enrolling = ({ realm, stack, client }: SiteParts) => {
      realm.resource.putSmtpServer(mailbox.smtpServer());
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
      client('plain');
    };
    const request = { kc_action: 'CONFIGURE_TOTP' };

    const site = withSite(enrolling, { passwordReset: true, credentialDeletion: 'prove' }, { goldUnenrolled: 'enrol' });

    describe('passwordReset: true', () => {
      test('asks owners of an authenticator app for its code before anything is changed', async () => {
        const user = await site.user();
        const visitor = await reset(site, user, { request });
        expect(visitor.id).toBe('login-login-otp');
        await visitor.fill({ otp: (await user.totp?.wrong()) ?? '' });
        expect(visitor.id).toBe('login-login-otp');
        const login = await site.signIn('plain', answersOf(user), {}, new Browser());
        expect(login.outcome).toBe('granted');
        await visitor.fill({ otp: (await user.totp?.next()) ?? '' });
        expect(visitor.id).toBe('login-login-update-password');
      });

      test('deletes none for the code that was asked for: it has proved no level', async () => {
        const user = await site.user();
        const [otp] = await otps(site, user);
        const visitor = await reset(site, user, { request: { kc_action: `delete_credential:${otp}` } });
        await visitor.fill({ otp: (await user.totp?.next()) ?? '' });
        await choose(visitor);
        if (visitor.id === 'login-delete-credential') await visitor.fill({ accept: 'Yes' });
        expect(visitor.hasCode).toBe(false);
        expect(await otps(site, user)).toEqual([otp]);
      });

      test('asks nobody else for one', async () => {
        const user = await site.user({ totp: undefined });
        expect((await reset(site, user, {})).id).toBe('login-login-update-password');
      });
    });

    describe("with Keycloak's own reset flow", () => {
      unsafe(site);

      test("adds the reader's authenticator app to the owner's, with force-login too", async () => {
        const { admin } = await testKeycloak();
        const { realm } = site;
        const executions = await admin.authenticationManagement.getExecutions({ realm, flow: 'reset credentials' });
        const mail = executions.find(({ providerId }) => providerId === 'reset-credential-email');
        const otp = executions.find(({ providerId, displayName }) => !providerId && displayName?.includes('OTP'));
        await admin.authenticationManagement.updateExecution(
          { realm, flow: 'reset credentials' },
          { ...otp, requirement: 'DISABLED' },
        );
        await admin.authenticationManagement.createConfig({
          realm,
          id: mail?.id as string,
          alias: 'force-login',
          config: { 'force-login': 'true' },
        });
        const user = await site.user();
        const visitor = await reset(site, user, { request });
        await choose(visitor);
        expect(visitor.id).toBe('login-login-config-totp');
        expect(await otps(site, user)).toHaveLength(1);
        const secret = String(visitor.page('[name="totpSecret"]').val());
        const device = new TotpDevice(secret);
        await visitor.fill({ totp: await device.next(), userLabel: "the reader's" });
        expect(visitor.id).toBe('login-info');
        expect(await otps(site, user)).toHaveLength(2);
      });
    });
  });
});
