import type { Representation } from '../engine/api';
import { listOf, multivalued } from '../engine/codecs';
import { collection } from '../engine/collection';
import { at, held, type ResourceTable, realmId } from '../engine/table';

export const RESOURCE_SERVER = '/admin/realms/{realm_id}/clients/{resource_server_id}/authz/resource-server';

export const authorizationImports = ['{realm_id}/{resource_server_id}/{id}'];

const resourceServerId = held({ forceNew: true });

/** A protected resource of a client: its paths and scopes. */
export const authorizationResource: ResourceTable = {
  fields: {
    realm_id: realmId,
    resource_server_id: resourceServerId,
    name: at('name'),
    display_name: at('displayName'),
    uris: at('uris'),
    icon_uri: at('icon_uri'),
    owner_managed_access: at('ownerManagedAccess', { default: false }),
    scopes: at('scopes', { codec: listOf('name') }),
    type: at('type'),
    attributes: at('attributes', { codec: multivalued(',') }),
  },
  imports: authorizationImports,
  ...collection(`${RESOURCE_SERVER}/resource`, { idIn: '_id' }),
};

/** A scope, such as "view", that permissions are given for. */
export const authorizationScope: ResourceTable = {
  fields: {
    realm_id: realmId,
    resource_server_id: resourceServerId,
    name: at('name'),
    display_name: at('displayName'),
    icon_uri: at('iconUri'),
  },
  imports: authorizationImports,
  ...collection(`${RESOURCE_SERVER}/scope`, { idIn: 'id' }),
};

/** Ties resources, or scopes, to the policies that decide about them. */
export const authorizationPermission: ResourceTable = {
  fields: {
    realm_id: realmId,
    resource_server_id: resourceServerId,
    name: at('name'),
    description: at('description'),
    decision_strategy: at('decisionStrategy', {
      default: 'UNANIMOUS',
      oneOf: ['UNANIMOUS', 'AFFIRMATIVE', 'CONSENSUS'],
    }),
    policies: at('policies'),
    resources: at('resources', { conflictsWith: ['resource_type'] }),
    resource_type: at('resourceType', { omitZero: true }),
    scopes: at('scopes'),
    type: at('type', { default: 'resource', oneOf: ['resource', 'scope'] }),
  },
  imports: authorizationImports,
  create: async ({ api, data, representation }) =>
    String((await api.post(`${RESOURCE_SERVER}/permission/{type}`, data, representation)).id),
  read: async ({ api, data }) => {
    const permission = await api.get(`${RESOURCE_SERVER}/permission/{id}`, data);
    const related = async (path: string, property: string) =>
      (await api.get<Representation[]>(`${RESOURCE_SERVER}/${path}`, data)).map((item) => item[property]);
    return {
      ...permission,
      policies: await related('policy/{id}/associatedPolicies', 'id'),
      resources: await related('permission/{id}/resources', '_id'),
      scopes: await related('permission/{id}/scopes', 'id'),
    };
  },
  update: ({ api, data, representation, id }) =>
    api.put(`${RESOURCE_SERVER}/permission/{type}/{id}`, data, { ...representation, id }),
  delete: ({ api, data }) => api.delete(`${RESOURCE_SERVER}/permission/{id}`, data),
};
