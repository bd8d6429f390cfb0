import { testKeycloak, withRealm } from '../support/keycloak';
import { describeWithTerraform, type Workspace, withProvider } from './terraform';

describeWithTerraform('A change behind the offline provider', () => {
  const workspaceOf = withProvider();
  const realm = withRealm({ attributes: { 'acr.loa.map': '{"silver":1,"gold":2}' } }, 'provider');
  let workspace: Workspace;

  const idOf = async (address: string) => String((await workspace.state())[address]?.values.id);

  beforeAll(async () => {
    workspace = await workspaceOf();
    await workspace.configure({
      keycloak_authentication_flow: { flow: { realm_id: realm, alias: 'step up' } },
      keycloak_authentication_subflow: {
        level: {
          realm_id: realm,
          parent_flow_alias: '${keycloak_authentication_flow.flow.alias}',
          alias: 'gold level',
          requirement: 'CONDITIONAL',
          priority: 20,
        },
      },
      keycloak_openid_client: {
        app: {
          realm_id: realm,
          client_id: 'app',
          access_type: 'PUBLIC',
          standard_flow_enabled: true,
          valid_redirect_uris: ['http://localhost/*'],
          extra_config: { 'default.acr.values': 'silver' },
        },
      },
      keycloak_realm_client_policy_profile: { strict: { realm_id: realm, name: 'strict' } },
    });
    const applied = await workspace.apply();
    if (!applied.ok) throw new Error(applied.errors);
  });

  it('to a managed value is undone', async () => {
    const { admin } = await testKeycloak();
    const id = await idOf('keycloak_openid_client.app');
    const client = await admin.clients.findOne({ realm, id });
    await admin.clients.update(
      { realm, id },
      { ...client, attributes: { ...client?.attributes, 'default.acr.values': 'gold' } },
    );

    expect(await workspace.plan()).toMatchObject({
      'keycloak_openid_client.app': {
        actions: ['update'],
        before: { extra_config: { 'default.acr.values': 'gold' } },
        after: { extra_config: { 'default.acr.values': 'silver' } },
      },
    });
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    expect((await admin.clients.findOne({ realm, id }))?.attributes).toMatchObject({ 'default.acr.values': 'silver' });
    expect(await workspace.plan()).toEqual({});
  });

  it('to an attribute that Terraform does not manage is left alone', async () => {
    const { admin } = await testKeycloak();
    const id = await idOf('keycloak_openid_client.app');
    const client = await admin.clients.findOne({ realm, id });
    await admin.clients.update({ realm, id }, { ...client, attributes: { ...client?.attributes, 'my.note': 'x' } });

    expect(await workspace.plan()).toEqual({});
  });

  it('that deletes a subflow creates it again', async () => {
    const { admin } = await testKeycloak();
    const [execution] = await admin.authenticationManagement.getExecutions({ realm, flow: 'step up' });
    await admin.authenticationManagement.delExecution({ realm, id: String(execution?.id) });

    expect(await workspace.plan()).toMatchObject({ 'keycloak_authentication_subflow.level': { actions: ['create'] } });
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    expect(await admin.authenticationManagement.getExecutions({ realm, flow: 'step up' })).toMatchObject([
      { displayName: 'gold level', requirement: 'CONDITIONAL', priority: 20 },
    ]);
  });

  it('that deletes a client profile is not seen, as the official provider does not see it', async () => {
    const { admin } = await testKeycloak();
    await admin.clientPolicies.createProfiles({ realm, profiles: [] });

    expect(await workspace.plan()).toEqual({});
  });

  it('that deletes a whole flow creates it and what is in it again', async () => {
    const { admin } = await testKeycloak();
    const flowId = await idOf('keycloak_authentication_flow.flow');
    await admin.authenticationManagement.deleteFlow({ realm, flowId });

    expect(await workspace.plan()).toMatchObject({
      'keycloak_authentication_flow.flow': { actions: ['create'] },
      'keycloak_authentication_subflow.level': { actions: ['create'] },
    });
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    expect(await workspace.plan()).toEqual({});
  });
});
