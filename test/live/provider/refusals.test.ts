import { testKeycloak, uniqueRealmName, withRealm } from '../support/keycloak';
import { describeWithTerraform, withProvider } from './terraform';

describeWithTerraform('The offline provider refuses', () => {
  const workspaceOf = withProvider();
  const realm = withRealm({}, 'provider');
  const oneRealm = { keycloak_realm: { realm: { realm: uniqueRealmName('never') } } };

  it('a resource type that it does not serve, by name', async () => {
    const workspace = await workspaceOf();
    await workspace.configure({ keycloak_ldap_user_federation: { ldap: ldap(realm) } });

    const { ok, errors } = await workspace.terraform('validate');

    expect(ok).toBe(false);
    expect(errors).toContain('does not serve the resource type keycloak_ldap_user_federation');
    await expect(workspace.plan()).rejects.toThrow('keycloak_ldap_user_federation');
  });

  it('a data source, by name', async () => {
    const workspace = await workspaceOf();
    await workspace.configure({}, { data: { keycloak_realm: { realm: { realm } } } });

    await expect(workspace.plan()).rejects.toThrow('does not serve the data source type keycloak_realm');
  });

  it('a server that is not on this machine', async () => {
    const workspace = await workspaceOf({ provider: { url: 'https://sso.example.com' } });
    await workspace.configure(oneRealm);

    await expect(workspace.plan()).rejects.toThrow(
      'for the sandbox and tests only and refuses https://sso.example.com',
    );
  });

  it('a base path that leads to another server', async () => {
    const { url } = await testKeycloak();
    const workspace = await workspaceOf({ provider: { url, base_path: '@sso.example.com' } });
    await workspace.configure(oneRealm);

    await expect(workspace.plan()).rejects.toThrow('for the sandbox and tests only');
  });

  it('a server that does not answer, saying why', async () => {
    const workspace = await workspaceOf({ provider: { url: 'http://127.0.0.1:2' } });
    await workspace.configure(oneRealm);

    await expect(workspace.plan()).rejects.toThrow(
      'Keycloak at http://127.0.0.1:2 does not answer: fetch failed: connect',
    );
  });

  it('a wrong secret, without repeating it', async () => {
    const workspace = await workspaceOf({ provider: { client_secret: 'not-the-secret' } });
    await workspace.configure(oneRealm);

    const { errors } = await workspace.terraform('plan', '-input=false');

    expect(errors).toContain("refused the provider's login in realm master: unauthorized_client");
    expect(errors).not.toContain('not-the-secret');
  });

  it('values that Keycloak does not know, at the attribute', async () => {
    const workspace = await workspaceOf();
    await workspace.configure({
      keycloak_authentication_execution: {
        wrong: { realm_id: realm, parent_flow_alias: 'browser', authenticator: 'auth-cookie', requirement: 'MAYBE' },
      },
      keycloak_openid_client: {
        wrong: {
          realm_id: realm,
          client_id: 'wrong',
          access_type: 'PUBLIC',
          extra_config: { 'access.token.lifespan': '60' },
          client_secret_wo: 'x',
        },
      },
    });

    const { errors } = await workspace.terraform('validate');

    expect(errors).toContain('requirement is "MAYBE"; it must be one of: REQUIRED, ALTERNATIVE');
    expect(errors).toContain('extra_config cannot set access.token.lifespan');
    expect(errors).toContain('client_secret_wo needs client_secret_wo_version to be set too');
  });
});

function ldap(realm: string) {
  return {
    realm_id: realm,
    name: 'ldap',
    username_ldap_attribute: 'cn',
    rdn_ldap_attribute: 'cn',
    uuid_ldap_attribute: 'entryDN',
    user_object_classes: ['person'],
    connection_url: 'ldap://localhost',
    users_dn: 'dc=example',
  };
}
