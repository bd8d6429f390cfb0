import { StepUpClientScope, StepUpFlow } from '../../../lib';
import type { TestUser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { withMailbox } from '../support/mailbox';
import { withSite } from '../support/site';
import { Visitor } from '../support/visitor';

const NEW_PASSWORD = 'chosen-by-whoever-reads-the-mail';

describeWithKeycloak('Doors: links by mail', () => {
  const mailbox = withMailbox();
  const site = withSite(
    ({ stack, realm, gold, client }) => {
      realm.resource.putSmtpServer(mailbox.smtpServer());
      realm.resource.organizationsEnabled = true;
      const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
      client('plain', { optionalScopes: [payments] });
    },
    { selfRegistration: 'form' },
  );

  const addressOf = ({ username }: { username: string }) => `${username}@sandbox.invalid`;
  const update = async ({ id }: TestUser, changes: object) => {
    const { admin } = await testKeycloak();
    await admin.users.update({ realm: site.realm, id }, changes);
  };
  /** Opens the mail's link in a browser of its own, and what the page there asks to be confirmed. */
  const openLink = async (address: string, visitor = new Visitor(site)) => {
    await visitor.open(await mailbox.link(address));
    return visitor.links(/action-token/) ? visitor.follow(/action-token/) : visitor;
  };
  const expectNoSession = async (visitor: Visitor) => {
    await visitor.login('plain', { prompt: 'none' });
    expect(visitor.left?.searchParams.get('error')).toBe('login_required');
  };

  describe('sent by an administrator', () => {
    test.each([
      ['to no client', {}],
      ['to a client', { clientId: 'plain', redirectUri: REDIRECT_URI }],
    ])('the actions are done, and no session is left: %s', async (_what, target) => {
      const { admin } = await testKeycloak();
      const user = await site.user();
      const actions = ['UPDATE_PASSWORD'];
      await admin.users.executeActionsEmail({ realm: site.realm, id: user.id, actions, ...target });
      const visitor = await openLink(addressOf(user));
      expect(visitor.id).toBe('login-login-update-password');
      await visitor.fill({ 'password-new': NEW_PASSWORD, 'password-confirm': NEW_PASSWORD });
      expect(visitor).toMatchObject({ id: 'login-info', left: undefined });
      await expectNoSession(visitor);
    });

    test('an action that the realm has disabled is not done: nobody enrols by mail', async () => {
      const { admin } = await testKeycloak();
      const user = await site.user({ totp: undefined });
      const actions = ['CONFIGURE_TOTP'];
      await admin.users.executeActionsEmail({ realm: site.realm, id: user.id, actions });
      const visitor = await openLink(addressOf(user));
      expect(visitor).toMatchObject({ id: 'login-info', left: undefined });
      const credentials = await admin.users.getCredentials({ realm: site.realm, id: user.id });
      expect(credentials.map(({ type }) => type)).toEqual(['password']);
    });

    test('an enrolment that is enabled needs the mailbox alone', async () => {
      const { admin } = await testKeycloak();
      const user = await site.user();
      const place = { realm: site.realm, alias: 'webauthn-register' };
      const action = await admin.authenticationManagement.getRequiredActionForAlias(place);
      await admin.authenticationManagement.updateRequiredAction(place, { ...action, enabled: true });
      const actions = [place.alias];
      await admin.users.executeActionsEmail({ realm: site.realm, id: user.id, actions });
      expect((await openLink(addressOf(user))).id).toBe('login-webauthn-register');
    });

    test('a verified address leaves no session', async () => {
      const { admin } = await testKeycloak();
      const user = await site.user();
      await update(user, { emailVerified: false });
      await admin.users.sendVerifyEmail({
        realm: site.realm,
        id: user.id,
        clientId: 'plain',
        redirectUri: REDIRECT_URI,
      });
      const visitor = await openLink(addressOf(user));
      expect(visitor).toMatchObject({ id: 'login-info', left: undefined });
      await expectNoSession(visitor);
    });
  });

  describe('of a login that must verify its address', () => {
    /** Logs in for the scope, up to the page that waits for the mail. */
    const login = async () => {
      const user = await site.user();
      await update(user, { emailVerified: false, requiredActions: ['VERIFY_EMAIL'] });
      const visitor = await new Visitor(site).login('plain', { scope: 'openid payments' });
      await visitor.fill({ username: user.username, password: user.password });
      expect(visitor.id).toBe('login-login-otp');
      await visitor.fill({ otp: (await user.totp?.next()) ?? '' });
      expect(visitor.id).toBe('login-login-verify-email');
      return { user, visitor };
    };

    test('in the same browser the login ends, after all that it had to prove', async () => {
      const { user, visitor } = await login();
      await openLink(addressOf(user), visitor);
      expect((await visitor.redeem()).scope).toContain('payments');
    });

    test('in another browser nothing is had, and no session is left', async () => {
      const { user } = await login();
      const other = await openLink(addressOf(user));
      expect(other).toMatchObject({ id: 'login-info', left: undefined });
      await expectNoSession(other);
    });
  });

  describe('of an organisation', () => {
    const invite = async (to: 'invite' | 'inviteExistingUser', fields: Record<string, string>) => {
      const { admin } = await testKeycloak();
      const { realm } = site;
      const alias = `org-${Object.values(fields)[0]}`.replaceAll(/[^a-z0-9-]/g, '-');
      await admin.organizations.create({ realm, name: alias, alias, domains: [{ name: `${alias}.invalid` }] });
      const [organisation] = await admin.organizations.find({ realm, search: alias });
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      // The client has no type for the form that Keycloak takes here.
      await admin.organizations[to]({ realm, orgId: organisation?.id as string }, form as never);
    };

    test('an invitation makes a user a member, and leaves no session', async () => {
      const user = await site.user();
      await invite('inviteExistingUser', { id: user.id });
      const visitor = await openLink(addressOf(user));
      expect(visitor.hasCode).toBe(false);
      await expectNoSession(visitor);
    });

    test("a newcomer goes through the realm's registration, which ends without a login", async () => {
      const username = 'invited';
      await invite('invite', { email: addressOf({ username }) });
      const visitor = await openLink(addressOf({ username }));
      expect(visitor.id).toBe('login-register');
      const names = { username, email: addressOf({ username }), firstName: 'In', lastName: 'Vited' };
      await visitor.fill({ ...names, password: NEW_PASSWORD, 'password-confirm': NEW_PASSWORD });
      expect(visitor).toMatchObject({ id: 'login-error', left: undefined });
      expect(visitor.text).toContain('Your account has been created.');
      await expectNoSession(visitor);
    });
  });
});
