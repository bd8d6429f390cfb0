import type { Representation } from './api';
import type { Change } from './change';
import type { ResourceTable } from './table';

interface CollectionOptions {
  /** The property of the answer that holds the new id; without it the id ends the Location header. */
  idIn?: string;
  /** Values for the path beyond the attributes of the same name. */
  parameters?: (change: Change) => Record<string, string>;
}

/** Create, read, update and delete of an object that lives at `<path>/{id}`. Names in the path are attributes. */
export function collection(
  path: string | ((change: Change) => string),
  options: CollectionOptions = {},
): Required<Pick<ResourceTable, 'create' | 'read' | 'update' | 'delete'>> {
  const list = (change: Change) => (typeof path === 'string' ? path : path(change));
  const item = (change: Change) => `${list(change)}/{id}`;
  const parameters = (change: Change) => ({ ...change.data, ...options.parameters?.(change) });
  return {
    create: async (change) => {
      const { api, representation } = change;
      if (!options.idIn) return api.create(list(change), parameters(change), representation);
      const created = await api.post(list(change), parameters(change), representation);
      return String(created[options.idIn]);
    },
    read: (change) => change.api.get<Representation>(item(change), parameters(change)),
    update: (change) =>
      change.api.put(item(change), parameters(change), { ...change.representation, [options.idIn ?? 'id']: change.id }),
    delete: (change) => change.api.delete(item(change), parameters(change)),
  };
}
