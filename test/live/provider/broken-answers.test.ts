import { type FaultProxy, startFaultProxy } from '../../../bench/apply/fault-proxy';
import { testKeycloak, withRealm } from '../support/keycloak';
import { describeWithTerraform, type Resources, type Workspace, withProvider } from './terraform';

/** What the official provider does with answers that fail or are lost, read in its source and seen side by side with it. */
describeWithTerraform('A request of the offline provider that breaks off', () => {
  const workspaceOf = withProvider();
  const realm = withRealm({}, 'provider');
  let proxy: FaultProxy;
  let workspace: Workspace;

  beforeAll(async () => {
    proxy = await startFaultProxy((await testKeycloak()).url);
  });
  afterAll(() => proxy?.stop());
  beforeEach(async () => {
    workspace = await workspaceOf({ provider: { url: proxy.url } });
  });

  const flow = (alias: string): Resources => ({
    keycloak_authentication_flow: { flow: { realm_id: realm, alias } },
    keycloak_authentication_execution: {
      deny: {
        realm_id: realm,
        parent_flow_alias: '${keycloak_authentication_flow.flow.alias}',
        authenticator: 'deny-access-authenticator',
        requirement: 'REQUIRED',
      },
    },
  });

  const executionsOf = async (alias: string) => {
    const { admin } = await testKeycloak();
    return admin.authenticationManagement.getExecutions({ realm, flow: alias });
  };

  it.each([
    ['an execution', 'lost execution', 3, 'keycloak_authentication_execution.deny'],
    ['a flow', 'lost flow', 1, 'keycloak_authentication_flow.flow'],
  ])('loses %s whose answer is lost before the id is kept', async (_what, alias, at, address) => {
    await workspace.configure(flow(alias));
    proxy.arm({ at, when: 'after' });

    expect((await workspace.apply()).ok).toBe(false);
    expect(proxy.struck).toBe(true);
    expect(Object.keys(await workspace.state())).not.toContain(address);
    const { admin } = await testKeycloak();
    const flows = await admin.authenticationManagement.getFlows({ realm });
    expect(flows.map((each) => each.alias)).toContain(alias);
  });

  it('makes such an execution twice by the next apply, and the plan is empty', async () => {
    await workspace.configure(flow('twice'));
    proxy.arm({ at: 3, when: 'after' });
    await workspace.apply();
    proxy.arm();

    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    expect(await workspace.plan()).toEqual({});
    expect(await executionsOf('twice')).toHaveLength(2);
  });

  it('is not sent again after a 503, but for a deletion of a flow', async () => {
    await workspace.configure(flow('refused'));
    proxy.arm({ at: 1, when: 'before', answer: '503' });
    expect((await workspace.apply()).errors).toContain('503');
    proxy.arm();
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });

    await workspace.configure({ keycloak_authentication_flow: flow('refused').keycloak_authentication_flow ?? {} });
    proxy.arm({ at: 1, when: 'before', answer: '503' });
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    expect(proxy.changes.filter((change) => change.startsWith('DELETE'))).toHaveLength(2);
  });

  it('deletes nothing that is gone already: that is an error', async () => {
    await workspace.configure({ keycloak_openid_client_scope: { scope: { realm_id: realm, name: 'gone' } } });
    proxy.arm();
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    const { admin } = await testKeycloak();
    const id = String((await workspace.state())['keycloak_openid_client_scope.scope']?.values.id);
    await admin.clientScopes.del({ realm, id });
    await workspace.configure({});

    const { ok, errors } = await workspace.terraform('apply', '-auto-approve', '-input=false', '-refresh=false');

    expect(ok).toBe(false);
    expect(errors).toContain('404');
  });

  it('leaves the planned values in the state of an update that fails', async () => {
    const scope = (description: string): Resources => ({
      keycloak_openid_client_scope: { scope: { realm_id: realm, name: 'updated', description } },
    });
    await workspace.configure(scope('before'));
    proxy.arm();
    await workspace.apply();
    await workspace.configure(scope('after'));
    proxy.arm({ at: 1, when: 'before', answer: '503' });

    expect((await workspace.apply()).ok).toBe(false);

    const state = await workspace.state();
    expect(state['keycloak_openid_client_scope.scope']?.values.description).toBe('after');
    expect(Object.keys(await workspace.plan())).toEqual(['keycloak_openid_client_scope.scope']);
  });

  it("leaves terraform_data, which is Terraform's own, to Terraform", async () => {
    await workspace.configure({ terraform_data: { seal: { input: 'kept' } } });
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    expect((await workspace.state())['terraform_data.seal']?.values.output).toBe('kept');
  });
});
