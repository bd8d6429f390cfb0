import { collection } from '../engine/collection';
import { at, type ResourceTable, realmId } from '../engine/table';

const FLOWS = '/admin/realms/{realm_id}/authentication/flows';

/** A top-level flow. Keycloak refuses to delete one that is bound to the realm or overrides a client's flow. */
export const authenticationFlow: ResourceTable = {
  fields: {
    realm_id: realmId,
    alias: at('alias'),
    provider_id: at('providerId', { default: 'basic-flow', oneOf: ['basic-flow', 'client-flow'] }),
    description: at('description', { keepUnset: true }),
  },
  constants: { topLevel: true, builtIn: false },
  imports: ['{realm_id}/{id}'],
  ...collection(FLOWS),
  delete: ({ api, data }) => api.deleteTwice(`${FLOWS}/{id}`, data),
};
