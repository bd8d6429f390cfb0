import { tables } from '../../../sandbox/provider/resources';
import { testKeycloak, withRealmName } from '../support/keycloak';
import { everyType } from './every-type';
import { describeWithTerraform, type StateEntry, type Workspace, withProvider } from './terraform';

/** Needs a policy provider that is deployed into the server, which a plain Keycloak has not. */
const NEEDS_PLUGIN = ['keycloak_generic_client_authorization_policy'];

/** What the id that an import takes is made of, by type. Others take the realm and the id. */
const IMPORT_IDS: Record<string, (values: Record<string, unknown>) => string> = {
  keycloak_realm: ({ id }) => `${id}`,
  keycloak_realm_default_client_scopes: ({ id }) => `${id}`,
  keycloak_realm_optional_client_scopes: ({ id }) => `${id}`,
  keycloak_authentication_subflow: ({ realm_id, parent_flow_alias, id }) => `${realm_id}/${parent_flow_alias}/${id}`,
  keycloak_authentication_execution: ({ realm_id, parent_flow_alias, id }) => `${realm_id}/${parent_flow_alias}/${id}`,
  keycloak_authentication_execution_config: ({ realm_id, execution_id, id }) => `${realm_id}/${execution_id}/${id}`,
  keycloak_required_action: ({ id }) => `${id}`,
  keycloak_generic_protocol_mapper: ({ realm_id, client_id }) => `${realm_id}/client/${client_id}/name/amr%20of%20app`,
  keycloak_openid_audience_protocol_mapper: ({ realm_id, client_scope_id, id }) =>
    `${realm_id}/client-scope/${client_scope_id}/${id}`,
  keycloak_openid_client: ({ realm_id, id }) => `${realm_id}/${id}`,
  keycloak_generic_role_mapper: ({ id }) => `${id}`,
  keycloak_user: ({ realm_id, username }) => `${realm_id}/${username}`,
  keycloak_group_roles: ({ id }) => `${id}`,
  keycloak_user_roles: ({ id }) => `${id}`,
  keycloak_user_groups: ({ id }) => `${id}`,
};

function importId(type: string, { values }: StateEntry): string {
  const build = IMPORT_IDS[type];
  if (build) return build(values);
  if (values.resource_server_id) return `${values.realm_id}/${values.resource_server_id}/${values.id}`;
  return `${values.realm_id}/${values.id}`;
}

describeWithTerraform('Every resource type of the offline provider', () => {
  const workspaceOf = withProvider();
  const realm = withRealmName('provider');
  const resources = everyType(realm);
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await workspaceOf();
    await workspace.configure(resources);
  });

  it('has a resource in this test', () => {
    expect([...Object.keys(resources), ...NEEDS_PLUGIN].sort()).toEqual(Object.keys(tables).sort());
  });

  it('is created, and then shows no change', async () => {
    expect(await workspace.apply()).toEqual({ ok: true, errors: '' });
    expect(await workspace.plan()).toEqual({});
  });

  it('is imported as it is where the provider has an import', async () => {
    const state = await workspace.state();
    const importable = Object.entries(state).filter(([address]) => tables[typeOf(address)]?.imports);
    const wanted = Object.fromEntries(Object.entries(resources).filter(([type]) => tables[type]?.imports));
    const other = await workspaceOf();
    await other.configure(literal(wanted, state), {
      import: importable.map(([address, entry]) => ({ to: address, id: importId(typeOf(address), entry) })),
    });

    expect(importable.length).toBeGreaterThan(30);
    const { 'keycloak_realm.realm': realmChange, ...changes } = await other.plan();
    expect(changes).toEqual({});
    // As with the official provider: these two are read back only once Terraform manages them.
    const changed = Object.keys(realmChange?.after ?? {}).filter(
      (name) => JSON.stringify(realmChange?.before?.[name]) !== JSON.stringify(realmChange?.after?.[name]),
    );
    expect(changed).toEqual(['attributes', 'security_defenses']);
    expect(await other.apply()).toEqual({ ok: true, errors: '' });
    expect(await other.plan()).toEqual({});
  });

  it('refuses an import that the official provider has not, and an id of another form', async () => {
    const other = await workspaceOf();
    await other.configure({
      keycloak_authentication_bindings: { b: { realm_id: realm } },
      keycloak_authentication_flow: { f: { realm_id: realm, alias: 'step up' } },
    });

    const bindings = await other.terraform('import', 'keycloak_authentication_bindings.b', realm);
    expect(bindings.errors).toContain('keycloak_authentication_bindings cannot be imported');
    const flow = await other.terraform('import', 'keycloak_authentication_flow.f', 'just-an-id');
    expect(flow.errors).toContain('write {{realm_id}}/{{id}}');
    const absent = await other.terraform('import', 'keycloak_authentication_flow.f', `${realm}/no-such-id`);
    expect(absent.errors).toContain('Cannot import non-existent remote object');
  });

  it('is destroyed', async () => {
    expect(await workspace.destroy()).toEqual({ ok: true, errors: '' });
    const { admin } = await testKeycloak();
    expect(await admin.realms.findOne({ realm })).toBeNull();
  });
});

function typeOf(address: string): string {
  return address.split('.')[0] ?? '';
}

/** The resources with every reference replaced by its value in the state: nothing else is known to a fresh folder. */
function literal<T>(resources: T, state: Record<string, StateEntry>): T {
  const text = JSON.stringify(resources, (key, value) => (key === 'depends_on' ? undefined : value));
  const replaced = text.replace(/\$\{(\w+\.\w+)\.(\w+)\}/g, (_, address, attribute) =>
    String(state[address]?.values[attribute]),
  );
  return JSON.parse(replaced);
}
