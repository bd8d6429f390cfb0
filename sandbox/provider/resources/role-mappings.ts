import type { Representation } from '../engine/api';
import { isNotFound } from '../engine/api';
import type { Change } from '../engine/change';
import { held, type ResourceTable, realmId } from '../engine/table';

interface Mappings {
  realmMappings?: Representation[];
  clientMappings?: Record<string, { mappings: Representation[] }>;
}

/** The roles of a group or a user. `exhaustive` takes away every role that the configuration does not name. */
function roleMappings(owners: 'groups' | 'users', ownerId: 'group_id' | 'user_id'): ResourceTable {
  const owner = `/admin/realms/{realm_id}/${owners}/{${ownerId}}`;

  const mapped = async ({ api, data }: Change): Promise<Representation[]> => {
    const { realmMappings = [], clientMappings = {} } = await api.get<Mappings>(`${owner}/role-mappings`, data);
    return [...realmMappings, ...Object.values(clientMappings).flatMap(({ mappings }) => mappings)];
  };

  const call = async (change: Change, action: 'post' | 'delete', roles: Representation[]): Promise<void> => {
    const { api, data } = change;
    const clients = new Set(roles.filter(({ clientRole }) => clientRole).map(({ containerId }) => containerId));
    const ofRealm = roles.filter(({ clientRole }) => !clientRole);
    if (ofRealm.length > 0) await api[action](`${owner}/role-mappings/realm`, data, ofRealm);
    for (const client of clients) {
      const ofClient = roles.filter(({ containerId }) => containerId === client);
      await api[action](`${owner}/role-mappings/clients/{client}`, { ...data, client }, ofClient);
    }
  };

  const write = async (change: Change): Promise<void> => {
    const wanted = change.list('role_ids');
    const existing = await mapped(change);
    const isMapped = (id: string) => existing.some((role) => role.id === id);
    const dropped = change.priorList('role_ids').filter((id) => !wanted.includes(id));
    await call(
      change,
      'post',
      await findRoles(
        change,
        wanted.filter((id) => !isMapped(id)),
      ),
    );
    const isSurplus = (id: string) => !wanted.includes(id) && (change.flag('exhaustive') || dropped.includes(id));
    await call(
      change,
      'delete',
      existing.filter(({ id }) => isSurplus(String(id))),
    );
  };

  return {
    fields: {
      realm_id: realmId,
      [ownerId]: held({ forceNew: true }),
      role_ids: { read: ({ ids }) => ids as string[] },
      exhaustive: held({ default: true }),
    },
    imports: [`{realm_id}/{${ownerId}}`],
    create: async (change) => {
      await write(change);
      return `${change.text('realm_id')}/${change.text(ownerId)}`;
    },
    read: async (change) => {
      const ids = (await mapped(change)).map(({ id }) => String(id));
      const managed = change.list('role_ids');
      const isExhaustive = (change.data.exhaustive ?? true) === true;
      return { ids: isExhaustive ? ids : ids.filter((id) => managed.includes(id)) };
    },
    update: write,
    goneIsDeleted: true,
    delete: async (change) => call(change, 'delete', await findRoles(change, change.list('role_ids'))),
  };
}

/** The roles with these ids; one that is gone is passed over. */
async function findRoles({ api, data }: Change, ids: string[]): Promise<Representation[]> {
  const roles = await Promise.all(
    ids.map(async (role) => {
      try {
        return await api.get('/admin/realms/{realm_id}/roles-by-id/{role}', { ...data, role });
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    }),
  );
  return roles.filter((role) => role !== undefined);
}

export const groupRoles = roleMappings('groups', 'group_id');
export const userRoles = roleMappings('users', 'user_id');
