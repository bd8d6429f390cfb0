import { type Codec, multivalued } from '../engine/codecs';
import { requireComponent } from '../engine/server-info';
import { at, type Field, type ResourceTable, realmId } from '../engine/table';
import type { Value } from '../protocol/values';

const COMPONENTS = '/admin/realms/{realm_id}/components';
const PROVIDER_TYPE = 'org.keycloak.storage.UserStorageProvider';

/** A component's config holds lists of texts, and attributes of Terraform beside the ones of the map `config`. */
const listOf = (decode: (text: string | undefined) => Value): Codec => ({
  encode: (value) => [String(value)],
  decode: (raw) => decode(Array.isArray(raw) ? raw[0] : undefined),
});
const text = listOf((value) => value ?? '');
const flag = listOf((value) => value === 'true');
const number = listOf((value) => Number(value ?? 0));

const OWN_KEYS = ['enabled', 'priority', 'cachePolicy', 'fullSyncPeriod', 'changedSyncPeriod'];

const config: Field = at('config', {
  codec: {
    encode: multivalued('##').encode,
    decode: (raw) => {
      const entries = Object.entries((raw ?? {}) as Record<string, string[]>);
      return multivalued('##').decode(Object.fromEntries(entries.filter(([key]) => !OWN_KEYS.includes(key))));
    },
  },
});

/** Users of a provider of user storage, such as `kerberos`. */
export const customUserFederation: ResourceTable = {
  fields: {
    realm_id: realmId,
    name: at('name'),
    provider_id: at('providerId', { forceNew: true }),
    parent_id: at('parentId', { forceNew: true, omitZero: true }),
    // The map comes first: the attributes after it are put into the same config.
    config,
    enabled: at(['config', 'enabled'], { codec: flag, default: true }),
    priority: at(['config', 'priority'], { codec: number, default: 0 }),
    cache_policy: at(['config', 'cachePolicy'], {
      codec: text,
      default: 'DEFAULT',
      oneOf: ['DEFAULT', 'EVICT_DAILY', 'EVICT_WEEKLY', 'MAX_LIFESPAN', 'NO_CACHE'],
    }),
    full_sync_period: at(['config', 'fullSyncPeriod'], { codec: number, default: -1 }),
    changed_sync_period: at(['config', 'changedSyncPeriod'], { codec: number, default: -1 }),
  },
  constants: { providerType: PROVIDER_TYPE },
  imports: ['{realm_id}/{id}'],
  check: (change) => requireComponent(change.api, PROVIDER_TYPE, change.text('provider_id')),
  create: (change) => change.api.create(COMPONENTS, change.data, change.representation),
  read: (change) => change.api.get(`${COMPONENTS}/{id}`, change.data),
  update: (change) => change.api.put(`${COMPONENTS}/{id}`, change.data, { ...change.representation, id: change.id }),
  delete: (change) => change.api.delete(`${COMPONENTS}/{id}`, change.data),
};
