import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { held, type ResourceTable, realmId } from '../engine/table';

/** A role in the scope of a client or of a client scope: tokens may carry it. */
export const genericRoleMapper: ResourceTable = {
  fields: {
    realm_id: realmId,
    client_id: held({ forceNew: true, conflictsWith: ['client_scope_id'] }),
    client_scope_id: held({ forceNew: true }),
    role_id: held({ forceNew: true }),
  },
  imports: [
    '{realm_id}/client/{client_id}/scope-mappings/{role_client?}/{role_id}',
    '{realm_id}/client-scope/{client_scope_id}/scope-mappings/{role_client?}/{role_id}',
  ],
  create: async (change) => {
    const role = await findRole(change);
    await change.api.post(mappings(change, role), parameters(change, role), [role]);
    const client = change.text('client_id');
    const parent = client === '' ? `client-scope/${change.text('client_scope_id')}` : `client/${client}`;
    const roleClient = role.clientRole ? role.containerId : '';
    return `${change.text('realm_id')}/${parent}/scope-mappings/${roleClient}/${role.id}`;
  },
  read: async (change) => {
    const role = await findRole(change);
    // The official provider takes an answer that fails for a mapping that is gone.
    const mapped = await change.api
      .get<Representation[]>(mappings(change, role), parameters(change, role))
      .catch((): Representation[] => []);
    return mapped.find(({ id }) => id === role.id);
  },
  delete: async (change) => {
    const role = await findRole(change);
    await change.api.delete(mappings(change, role), parameters(change, role), [role]);
  },
};

function findRole({ api, data }: Change): Promise<Representation> {
  return api.get('/admin/realms/{realm_id}/roles-by-id/{role_id}', data);
}

function mappings(change: Change, role: Representation): string {
  const parent = change.text('client_id') === '' ? 'client-scopes/{client_scope_id}' : 'clients/{client_id}';
  const kind = role.clientRole ? 'clients/{role_client}' : 'realm';
  return `/admin/realms/{realm_id}/${parent}/scope-mappings/${kind}`;
}

function parameters(change: Change, role: Representation) {
  return { ...change.data, role_client: role.containerId };
}
