import { at, held, type ResourceTable, realmId } from '../engine/table';

const CONFIG = '/admin/realms/{realm_id}/authentication/config/{id}';

/** The configuration of one execution, such as the level of a LoA condition. */
export const authenticationExecutionConfig: ResourceTable = {
  fields: {
    realm_id: realmId,
    execution_id: held({ forceNew: true }),
    alias: at('alias', { forceNew: true }),
    config: at('config'),
  },
  imports: ['{realm_id}/{execution_id}/{id}'],
  create: ({ api, data, representation }) =>
    api.create('/admin/realms/{realm_id}/authentication/executions/{execution_id}/config', data, representation),
  read: ({ api, data }) => api.get(CONFIG, data),
  update: ({ api, data, representation, id }) => api.put(CONFIG, data, { ...representation, id }),
  delete: ({ api, data }) => api.delete(CONFIG, data),
};
