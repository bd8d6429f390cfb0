import { testKeycloak, withRealm } from '../support/keycloak';
import { describeWithTerraform, type Resources, type Workspace, withProvider } from './terraform';

describeWithTerraform('An apply that fails in the offline provider', () => {
  const workspaceOf = withProvider();
  const realm = withRealm({ passwordPolicy: 'length(12)' }, 'provider');
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await workspaceOf();
  });

  it('half way through a create loses the object where the id comes last, with what Keycloak said', async () => {
    const initial_password = { value: 'short', temporary: false };
    await workspace.configure({ keycloak_user: { bob: { realm_id: realm, username: 'bob', initial_password } } });

    const { ok, errors } = await workspace.apply();

    expect(ok).toBe(false);
    expect(errors).toMatch(/PUT \/admin\/realms\/[^ ]+\/reset-password: 400 .*minimum length 12/i);
    const { admin } = await testKeycloak();
    expect(await admin.users.find({ realm, username: 'bob' })).toHaveLength(1);
    expect(await workspace.state()).toEqual({});
  });

  it('half way through a create keeps the object as tainted where the id comes first; the next apply replaces it', async () => {
    const policy = (configuration: Record<string, string>): Resources => ({
      keycloak_realm_client_policy_profile: {
        strict: { realm_id: realm, name: 'strict', executor: [{ name: 'no-such-executor', configuration }] },
      },
    });
    await workspace.configure(policy({}));

    expect((await workspace.apply()).ok).toBe(false);

    const address = 'keycloak_realm_client_policy_profile.strict';
    expect((await workspace.state())[address]).toMatchObject({ tainted: true });
    const profile = { realm_id: realm, name: 'strict', executor: [{ name: 'secure-session' }] };
    await workspace.configure({ keycloak_realm_client_policy_profile: { strict: profile } });
    expect(await workspace.plan()).toMatchObject({ [address]: { actions: ['delete', 'create'] } });
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    expect((await workspace.state())[address]?.tainted).toBe(false);
  });

  it('in an update is shown by the next plan', async () => {
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
    expect(await workspace.plan()).toMatchObject({
      'keycloak_openid_client_scope.two': { before: { name: 'two' }, after: { name: 'one' } },
    });
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
    expect(Object.keys(await workspace.state())).not.toContain('keycloak_authentication_execution.lost');
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
