import { StepUpClientScope, StepUpFlow } from '../../../lib';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { withMailbox } from '../support/mailbox';
import { withSite } from '../support/site';
import { Visitor } from '../support/visitor';

describeWithKeycloak('probe', () => {
  const mailbox = withMailbox();
  const site = withSite(({ stack, realm, gold, client }) => {
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
    client('plain', { optionalScopes: [payments] });
    client('minimum', { minimumLevel: gold });
  });
  test('x', async () => {
    const { admin } = await testKeycloak();
    await admin.realms.update({ realm: site.realm }, { resetPasswordAllowed: true, smtpServer: mailbox.smtpServer() });
    const user = await site.user();
    const creds = await admin.users.getCredentials({ realm: site.realm, id: user.id });
    const otp = creds.find((c) => c.type === 'otp')?.id;
    for (const force of [false, true]) {
      if (force) {
        const ex = await admin.authenticationManagement.getExecutions({ realm: site.realm, flow: 'reset credentials' });
        const e = ex.find((e) => e.providerId === 'reset-credential-email');
        await admin.authenticationManagement.createConfig({
          realm: site.realm,
          id: e!.id!,
          alias: 'f',
          config: { 'force-login': 'true' },
        } as never);
      }
      for (const p of [
        { scope: 'openid payments' },
        { kc_action: 'UPDATE_PROFILE' },
        { kc_action: `delete_credential:${otp}` },
      ] as Record<string, string>[]) {
        const v = new Visitor(site);
        await v.login('plain', p);
        await v.follow(/reset-credentials/);
        await v.fill({ username: user.username });
        console.log(v.id, v.text.slice(0, 200));
        await v.open(await mailbox.link(`${user.username}@sandbox.invalid`));
        console.log(v.id, v.text.slice(0, 200));
        await v.fill({ 'password-new': 'new', 'password-confirm': 'new' });
        console.log(force, p, v.id, v.text.slice(0, 300), String(v.left));
        if (v.hasCode) console.log(await v.redeem().then(({ acr, scope }) => ({ acr, scope })));
        else if (v.id !== 'login-info') {
          await v.fill({ accept: 'Yes' });
          console.log('then', v.id, v.text.slice(0, 300), String(v.left));
        }
        console.log((await admin.users.getCredentials({ realm: site.realm, id: user.id })).map((c) => c.type));
      }
    }
  });
});
