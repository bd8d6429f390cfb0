import { bindings, StepUpFlow } from '../../../lib';
import { post, secretOf } from '../support/grants';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { withSite } from '../support/site';

const REJECTED = {
  error: 'invalid_grant',
  error_description: 'resource owner password credentials grant is prohibited.',
};

describeWithKeycloak('Door: direct access grants', () => {
  const SERVICE = 'service';
  const site = withSite(({ stack, realm, client }) => {
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    client('plain');
    new bindings.openidClient.OpenidClient(stack, 'service', {
      realmId: realm.realmId,
      clientId: SERVICE,
      accessType: 'CONFIDENTIAL',
      serviceAccountsEnabled: true,
    });
  });

  const grant = async (client: Record<string, string>) => {
    const { username, password } = await site.user({ totp: undefined });
    return post(site, 'token', { grant_type: 'password', ...client, username, password });
  };

  test('is closed on a client of the library', async () => {
    expect(await grant({ client_id: 'plain' })).toMatchObject({ error: 'unauthorized_client' });
  });

  test('is closed on a client of Keycloak that has the grant enabled', async () => {
    expect(await grant({ client_id: 'admin-cli' })).toMatchObject(REJECTED);
  });

  test('can be opened on no client: one that has the grant enabled is not saved', async () => {
    const { admin } = await testKeycloak();
    const open = { realm: site.realm, clientId: 'open', publicClient: true };
    const saved = admin.clients.create({ ...open, directAccessGrantsEnabled: true });
    await expect(saved).rejects.toThrow('invalid_client_metadata');
  });

  test('stays closed on a client that had the grant before the policy, with a direct grant flow of its own', async () => {
    const { admin } = await testKeycloak();
    const { policies } = await admin.clientPolicies.listPolicies({ realm: site.realm });
    const flows = await admin.authenticationManagement.getFlows({ realm: site.realm });
    const flow = flows.find(({ alias }) => alias === 'direct grant')?.id as string;
    await admin.clientPolicies.updatePolicy({ realm: site.realm, policies: [] });
    await admin.clients.create({
      realm: site.realm,
      clientId: 'older',
      publicClient: true,
      directAccessGrantsEnabled: true,
      authenticationFlowBindingOverrides: { direct_grant: flow },
    });
    expect(await grant({ client_id: 'older' })).toMatchObject({ status: 200, access_token: expect.any(String) });
    await admin.clientPolicies.updatePolicy({ realm: site.realm, policies });
    expect(await grant({ client_id: 'older' })).toMatchObject(REJECTED);
  });

  test('leaves service accounts alone', async () => {
    const credentials = { client_id: SERVICE, client_secret: await secretOf(site.realm, SERVICE) };
    const answer = await post(site, 'token', { grant_type: 'client_credentials', ...credentials });
    expect(answer).toMatchObject({ status: 200, access_token: expect.any(String) });
  });
});
