import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { multivalued } from '../engine/codecs';
import { mergeMissing } from '../engine/merge';
import { at, held, type ResourceTable, realmId } from '../engine/table';

const REALM = '/admin/realms/{realm_id}';
const ROLE = `${REALM}/roles-by-id/{id}`;

/** A role of the realm or, with `client_id`, of a client. With `import` an existing role is taken over and never deleted. */
export const role: ResourceTable = {
  fields: {
    realm_id: realmId,
    client_id: {
      forceNew: true,
      write: (clientId, representation) => {
        representation.clientRole = clientId !== '';
        representation.containerId = clientId;
      },
      read: ({ clientRole, containerId }) => (clientRole ? String(containerId) : ''),
    },
    name: at('name'),
    description: at('description'),
    attributes: at('attributes', { codec: multivalued('##') }),
    composite_roles: {
      write: (ids, representation) => {
        representation.composite = (ids as string[]).length > 0;
      },
      read: ({ composites }, change) => (composites as string[] | undefined) ?? change.data.composite_roles ?? [],
    },
    import: held({ default: false, forceNew: true }),
  },
  imports: ['{realm_id}/{id}'],
  create: async (change) => {
    const { api, data, representation } = change;
    const roles = `${REALM}${data.client_id ? '/clients/{client_id}' : ''}/roles`;
    if (data.import === true) return takeOver(change, roles);
    await api.post(roles, data, representation);
    const { id } = await api.get(`${roles}/{name}`, data);
    // Keycloak ignores the attributes of a role that is being created: they need an update.
    await api.put(ROLE, { ...data, id }, { ...representation, id });
    await writeComposites(change, String(id));
    return String(id);
  },
  read: async ({ api, data }) => {
    const found = await api.get(ROLE, data);
    if (!found.composite) return found;
    const composites = await api.get<Representation[]>(`${ROLE}/composites`, data);
    return { ...found, composites: composites.map(({ id }) => id) };
  },
  update: async (change) => {
    const { api, data, representation, id } = change;
    await api.put(ROLE, data, { ...representation, id });
    await writeComposites(change, id);
  },
  delete: async ({ api, data }) => {
    if (data.import !== true) await api.deleteTwice(ROLE, data);
  },
};

async function takeOver(change: Change, roles: string): Promise<string> {
  const { api, data, representation } = change;
  const existing = await api.get(`${roles}/{name}`, data);
  const id = String(existing.id);
  await api.put(ROLE, { ...data, id }, mergeMissing(representation, existing));
  if (change.list('composite_roles').length > 0) await writeComposites(change, id);
  return id;
}

async function writeComposites(change: Change, role: string): Promise<void> {
  const { api } = change;
  const data = { ...change.data, id: role };
  const wanted = change.list('composite_roles');
  const existing = await api.get<Representation[]>(`${ROLE}/composites`, data);
  const surplus = existing.filter(({ id }) => !wanted.includes(String(id)));
  const missing = wanted.filter((id) => !existing.some((found) => found.id === id));
  if (surplus.length > 0) await api.delete(`${ROLE}/composites`, data, surplus);
  if (missing.length === 0) return;
  const added = await Promise.all(missing.map((id) => api.get(ROLE, { ...data, id })));
  await api.post(`${ROLE}/composites`, data, added);
}
