import { parseImportId } from '../../../sandbox/provider/engine/lifecycle';
import { tables } from '../../../sandbox/provider/resources';

const parse = (type: string, id: string) => {
  const table = tables[type];
  if (!table) throw new Error(`${type} is not served`);
  return parseImportId(type, table, id);
};

describe('An import id', () => {
  it.each([
    ['keycloak_realm', 'bank', { id: 'bank' }],
    ['keycloak_authentication_flow', 'bank/1', { realm_id: 'bank', id: '1' }],
    ['keycloak_authentication_subflow', 'bank/step up/1', { realm_id: 'bank', parent_flow_alias: 'step up', id: '1' }],
    ['keycloak_group', 'bank/org/1', { realm_id: 'bank', organization_id: 'org', id: '1' }],
    [
      'keycloak_generic_protocol_mapper',
      'bank/client/2/name/a%2Fb',
      { realm_id: 'bank', client_id: '2', name: 'a%2Fb' },
    ],
    [
      'keycloak_generic_role_mapper',
      'bank/client-scope/2/scope-mappings//3',
      { realm_id: 'bank', client_scope_id: '2', role_client: '', role_id: '3' },
    ],
  ])('of %s, %s, is taken apart', (type, id, parts) => {
    expect(parse(type, id)).toEqual(parts);
  });

  it.each([
    ['keycloak_authentication_flow', 'bank', '{{realm_id}}/{{id}}'],
    ['keycloak_authentication_flow', 'bank/', '{{realm_id}}/{{id}}'],
    ['keycloak_authentication_flow', 'bank/1/2', '{{realm_id}}/{{id}}'],
    ['keycloak_group', '', '{{realm_id}}/{{id}} or {{realm_id}}/{{organization_id}}/{{id}}'],
    ['keycloak_generic_protocol_mapper', 'bank/realm/2/3', '{{realm_id}}/client/{{client_id}}/{{id}} or'],
  ])('of %s, "%s", is refused with the format to write', (type, id, format) => {
    expect(() => parse(type, id)).toThrow(`"${id}" is no import id of ${type}: write ${format}`);
  });
});
