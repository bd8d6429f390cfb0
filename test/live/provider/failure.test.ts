import { testKeycloak, withRealm } from '../support/keycloak';
import { describeWithTerraform, type Resources, type Workspace, withProvider } from './terraform';

describeWithTerraform('An apply that fails in the offline provider', () => {
  const workspaceOf = withProvider();
  const realm = withRealm({ passwordPolicy: 'length(12)' }, 'provider');
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await workspaceOf();
  });

  const userWith = (value: string): Resources => ({
    keycloak_user: { bob: { realm_id: realm, username: 'bob', initial_password: { value, temporary: false } } },
  });

  it('half way through a create keeps the object as tainted, with what Keycloak said', async () => {
    await workspace.configure(userWith('short'));

    const { ok, errors } = await workspace.apply();

    expect(ok).toBe(false);
    expect(errors).toMatch(/PUT \/admin\/realms\/[^ ]+\/reset-password: 400 .*minimum length 12/i);
    const { admin } = await testKeycloak();
    const [user] = await admin.users.find({ realm, username: 'bob' });
    expect((await workspace.state())['keycloak_user.bob']).toMatchObject({ tainted: true, values: { id: user?.id } });
  });

  it('is mended by the next apply, which replaces the object', async () => {
    await workspace.configure(userWith('long enough by far'));

    expect(await workspace.plan()).toMatchObject({ 'keycloak_user.bob': { actions: ['delete', 'create'] } });
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    expect((await workspace.state())['keycloak_user.bob']?.tainted).toBe(false);
    const { admin } = await testKeycloak();
    expect(await admin.users.find({ realm })).toHaveLength(1);
    expect(await workspace.plan()).toEqual({});
  });

  it('in an update keeps the state that the server still has', async () => {
    const scopes = (name: string): Resources => ({
      keycloak_openid_client_scope: {
        one: { realm_id: realm, name: 'one' },
        two: { realm_id: realm, name, depends_on: ['keycloak_openid_client_scope.one'] },
      },
    });
    await workspace.configure(scopes('two'));
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    await workspace.configure(scopes('one'));

    const { ok, errors } = await workspace.apply();

    expect(ok).toBe(false);
    expect(errors).toContain('409 Client Scope one already exists');
    expect((await workspace.state())['keycloak_openid_client_scope.two']).toMatchObject({ values: { name: 'two' } });
  });

  it('in its first call leaves nothing behind', async () => {
    await workspace.configure({
      keycloak_authentication_execution: {
        lost: { realm_id: realm, parent_flow_alias: 'no such flow', authenticator: 'auth-cookie' },
      },
    });

    const { ok, errors } = await workspace.apply();

    expect(ok).toBe(false);
    expect(errors).toContain("400 Parent flow doesn't exist");
    expect(await workspace.state()).toEqual({});
  });

  it('in a delete keeps the object, because a flow that is in use cannot go', async () => {
    const flow = { keycloak_authentication_flow: { flow: { realm_id: realm, alias: 'bound' } } };
    await workspace.configure(flow);
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    const { admin } = await testKeycloak();
    await admin.realms.update({ realm }, { browserFlow: 'bound' });

    const { ok, errors } = await workspace.destroy();

    expect(ok).toBe(false);
    expect(errors).toMatch(/DELETE \/admin\/realms\/[^ ]+: \d+ /);
    expect(Object.keys(await workspace.state())).toEqual(['keycloak_authentication_flow.flow']);
    await admin.realms.update({ realm }, { browserFlow: 'browser' });
    expect(await workspace.destroy()).toEqual({ ok: true, errors: '' });
  });
});
