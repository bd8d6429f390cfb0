import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { type ResourceTable, realmId } from '../engine/table';
import { UserError } from '../protocol/diagnostics';

type Kind = 'default' | 'optional';

/** The exhaustive list of client scopes, by name, that new clients of the realm get. Destroying empties it. */
function realmScopes(kind: Kind): ResourceTable {
  const attribute = `${kind}_scopes`;
  const path = `/admin/realms/{realm_id}/default-${kind}-client-scopes`;

  const write = async (change: Change, wanted: string[]): Promise<void> => {
    const { api, data } = change;
    const existing = await api.get<Representation[]>(path, data);
    const surplus = existing.filter(({ name }) => !wanted.includes(String(name)));
    for (const { id } of surplus) await api.delete(`${path}/{scope}`, { ...data, scope: id });
    const missing = wanted.filter((name) => !existing.some((scope) => scope.name === name));
    if (missing.length === 0) return;
    const all = await api.get<Representation[]>('/admin/realms/{realm_id}/client-scopes', data);
    for (const name of missing) {
      const scope = all.find((found) => found.name === name);
      if (!scope) throw new UserError(`the realm has no client scope ${name}`);
      await api.put(`${path}/{scope}`, { ...data, scope: scope.id });
    }
  };

  return {
    fields: { realm_id: realmId, [attribute]: { read: ({ names }) => names as string[] } },
    imports: ['{realm_id}'],
    create: async (change) => {
      await write(change, change.list(attribute));
      return change.text('realm_id');
    },
    read: async ({ api, data }) => ({
      names: (await api.get<Representation[]>(path, data)).map(({ name }) => name),
    }),
    update: (change) => write(change, change.list(attribute)),
    delete: async (change) => {
      const { api, data } = change;
      const named = (await api.get<Representation[]>(path, data)).filter(({ name }) =>
        change.list(attribute).includes(String(name)),
      );
      for (const { id } of named) await api.delete(`${path}/{scope}`, { ...data, scope: id });
    },
  };
}

export const realmDefaultClientScopes = realmScopes('default');
export const realmOptionalClientScopes = realmScopes('optional');
