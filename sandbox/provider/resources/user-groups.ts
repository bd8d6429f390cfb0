import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { held, type ResourceTable, realmId } from '../engine/table';

const GROUPS = '/admin/realms/{realm_id}/users/{user_id}/groups';

/** The groups of a user. `exhaustive` takes the user out of every group that the configuration does not name. */
export const userGroups: ResourceTable = {
  fields: {
    realm_id: realmId,
    user_id: held({ forceNew: true }),
    group_ids: { read: ({ ids }) => ids as string[] },
    exhaustive: held({ default: true }),
  },
  imports: ['{realm_id}/{user_id}'],
  create: async (change) => {
    await write(change);
    return `${change.text('realm_id')}/${change.text('user_id')}`;
  },
  read: async (change) => {
    const ids = await joined(change);
    const managed = change.list('group_ids');
    const isExhaustive = (change.data.exhaustive ?? true) === true;
    return { ids: isExhaustive ? ids : ids.filter((id) => managed.includes(id)) };
  },
  update: write,
  goneIsDeleted: true,
  delete: (change) => leave(change, change.list('group_ids')),
};

async function write(change: Change): Promise<void> {
  const wanted = change.list('group_ids');
  const existing = await joined(change);
  for (const group of wanted.filter((id) => !existing.includes(id))) {
    await change.api.put(`${GROUPS}/{group}`, { ...change.data, group });
  }
  const dropped = change.priorList('group_ids').filter((id) => !wanted.includes(id));
  const surplus = existing.filter((id) => !wanted.includes(id));
  await leave(
    change,
    surplus.filter((id) => change.flag('exhaustive') || dropped.includes(id)),
  );
}

async function leave({ api, data }: Change, groups: string[]): Promise<void> {
  for (const group of groups) await api.delete(`${GROUPS}/{group}`, { ...data, group });
}

async function joined({ api, data }: Change): Promise<string[]> {
  const groups = await api.get<Representation[]>(GROUPS, data, { max: '-1' });
  return groups.map(({ id }) => String(id));
}
