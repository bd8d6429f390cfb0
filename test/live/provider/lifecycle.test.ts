import { testKeycloak, withRealmName } from '../support/keycloak';
import { describeWithTerraform, type Resources, type Workspace, withProvider } from './terraform';

describeWithTerraform('A flow through the offline provider', () => {
  const workspaceOf = withProvider();
  const realm = withRealmName('provider');
  let workspace: Workspace;

  const resources = ({
    alias = 'step up',
    requirement = 'ALTERNATIVE',
    authenticator = 'auth-cookie',
  } = {}): Resources => ({
    keycloak_realm: { realm: { realm, display_name: 'Bank', access_token_lifespan: '5m' } },
    keycloak_authentication_flow: { flow: { realm_id: '${keycloak_realm.realm.id}', alias } },
    keycloak_authentication_execution: {
      first: {
        realm_id: '${keycloak_realm.realm.id}',
        parent_flow_alias: '${keycloak_authentication_flow.flow.alias}',
        authenticator,
        requirement,
        priority: 10,
      },
    },
  });

  beforeAll(async () => {
    workspace = await workspaceOf();
    await workspace.configure(resources());
  });

  it('is planned with its ids unknown and its defaults filled in', async () => {
    const plan = await workspace.plan();

    expect(plan['keycloak_authentication_flow.flow']).toMatchObject({
      actions: ['create'],
      after: { alias: 'step up', provider_id: 'basic-flow' },
      unknown: { id: true, realm_id: true },
    });
    expect(plan['keycloak_realm.realm']).toMatchObject({
      after: { enabled: true, ssl_required: 'external' },
      unknown: { id: true, internal_id: true, otp_policy: true, browser_flow: true },
    });
  });

  it('is created as configured', async () => {
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });

    const { admin } = await testKeycloak();
    const executions = await admin.authenticationManagement.getExecutions({ realm, flow: 'step up' });
    expect(executions).toMatchObject([{ providerId: 'auth-cookie', requirement: 'ALTERNATIVE', priority: 10 }]);
    expect(await admin.realms.findOne({ realm })).toMatchObject({ displayName: 'Bank', accessTokenLifespan: 300 });
  });

  it('shows its state as JSON', async () => {
    const state = await workspace.state();

    expect(state['keycloak_realm.realm']?.values).toMatchObject({ id: realm, access_token_lifespan: '5m0s' });
    expect(state['keycloak_authentication_flow.flow']?.values).toMatchObject({ realm_id: realm, alias: 'step up' });
  });

  it('shows no change afterwards', async () => {
    expect(await workspace.plan()).toEqual({});
  });

  it('is updated in place', async () => {
    const idOf = async () => (await workspace.state())['keycloak_authentication_execution.first']?.values.id;
    const before = await idOf();
    await workspace.configure(resources({ requirement: 'REQUIRED' }));

    expect(await workspace.plan()).toMatchObject({
      'keycloak_authentication_execution.first': { actions: ['update'] },
    });
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });

    const { admin } = await testKeycloak();
    const executions = await admin.authenticationManagement.getExecutions({ realm, flow: 'step up' });
    expect(executions).toMatchObject([{ id: before, requirement: 'REQUIRED' }]);
    expect(await idOf()).toBe(before);
    expect(await workspace.plan()).toEqual({});
  });

  it('is replaced where Keycloak cannot change it', async () => {
    await workspace.configure(resources({ requirement: 'REQUIRED', authenticator: 'auth-spnego' }));

    expect(await workspace.plan()).toMatchObject({
      'keycloak_authentication_execution.first': { actions: ['delete', 'create'], replaceBecauseOf: ['authenticator'] },
    });
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });

    const { admin } = await testKeycloak();
    const executions = await admin.authenticationManagement.getExecutions({ realm, flow: 'step up' });
    expect(executions).toMatchObject([{ providerId: 'auth-spnego' }]);
  });

  it('keeps a duration that is written another way', async () => {
    const { keycloak_realm, ...others } = resources({ requirement: 'REQUIRED', authenticator: 'auth-spnego' });
    const rewritten = { realm: { ...keycloak_realm?.realm, access_token_lifespan: '300s' } };
    await workspace.configure({ keycloak_realm: rewritten, ...others });

    expect(await workspace.plan()).toEqual({});
  });

  it('is gone after destroy', async () => {
    expect(await workspace.destroy()).toEqual({ ok: true, errors: '' });

    const { admin } = await testKeycloak();
    expect(await admin.realms.findOne({ realm })).toBeNull();
    expect(await workspace.state()).toEqual({});
  });
});
