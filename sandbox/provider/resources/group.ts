import type { Change } from '../engine/change';
import { multivalued, sameUnordered } from '../engine/codecs';
import { at, type ResourceTable, realmId } from '../engine/table';

/** A group of the realm or of an organization; with `parent_id` a child of another group. */
export const group: ResourceTable = {
  fields: {
    realm_id: realmId,
    organization_id: { forceNew: true, read: (_group, change) => change.text('organization_id') },
    parent_id: {
      forceNew: true,
      read: ({ parentId }, change) => (parentId ? String(parentId) : (change.data.parent_id ?? null)),
    },
    name: at('name'),
    description: at('description', { keepUnset: true, omitZero: true }),
    path: { read: ({ path }) => String(path ?? '') },
    attributes: at('attributes', { codec: multivalued('##'), same: sameUnordered('##') }),
  },
  imports: ['{realm_id}/{id}', '{realm_id}/{organization_id}/{id}'],
  create: (change) => {
    const parent = change.text('parent_id') === '' ? '' : '/{parent_id}/children';
    return change.api.create(`${groups(change)}${parent}`, change.data, change.representation);
  },
  read: (change) => change.api.get(`${groups(change)}/{id}`, change.data),
  update: (change) => {
    const body = { ...change.representation, id: change.id };
    return change.api.put(`${groups(change)}/{id}`, change.data, body);
  },
  delete: (change) => change.api.delete(`${groups(change)}/{id}`, change.data),
};

function groups(change: Change): string {
  const organization = change.text('organization_id') === '' ? '' : '/organizations/{organization_id}';
  return `/admin/realms/{realm_id}${organization}/groups`;
}
