import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { embeddedJson } from '../engine/codecs';
import { at, block, type Field, held, type ResourceTable, realmId } from '../engine/table';
import type { Obj, Value } from '../protocol/values';

const PROFILE = '/admin/realms/{realm_id}/users/profile';
const DISABLED = 'DISABLED';

const annotations = at('annotations', { codec: embeddedJson('{'), omitZero: true });
const validatorConfig = embeddedJson('[');

/** Keycloak keeps validators as a map from the validator's name to its configuration. */
const validator: Field = {
  block: { name: held(), config: held() },
  write: (value, attribute) => {
    const named = (value as Obj[]).map(({ name, config }) => [name, validatorConfig.encode(config ?? {})]);
    if (named.length > 0) attribute.validations = Object.fromEntries(named);
  },
  read: ({ validations }) =>
    Object.entries((validations ?? {}) as Representation).map(([name, config]) => ({
      name,
      config: validatorConfig.decode(config),
    })),
};

/** The declarative user profile. Destroying leaves username and email alone, as the official provider does. */
export const realmUserProfile: ResourceTable = {
  fields: {
    realm_id: realmId,
    attribute: block(
      {
        name: at('name'),
        display_name: at('displayName', { omitZero: true }),
        default_value: at('defaultValue', { omitZero: true }),
        multi_valued: at('multivalued', { default: false, omitZero: true }),
        group: at('group', { omitZero: true }),
        enabled_when_scope: at(['selector', 'scopes'], { omitZero: true }),
        required_for_roles: at(['required', 'roles'], { omitZero: true }),
        required_for_scopes: at(['required', 'scopes'], { omitZero: true }),
        permissions: block({ view: at('view'), edit: at('edit') }, { single: true }, 'permissions'),
        validator,
        annotations,
      },
      {},
      'attributes',
    ),
    group: block(
      {
        name: at('name'),
        display_header: at('displayHeader', { omitZero: true }),
        display_description: at('displayDescription', { omitZero: true }),
        annotations,
      },
      {},
      'groups',
    ),
    unmanaged_attribute_policy: at('unmanagedAttributePolicy', {
      default: DISABLED,
      oneOf: [DISABLED, 'ENABLED', 'ADMIN_VIEW', 'ADMIN_EDIT'],
      codec: {
        encode: (policy: Value) => (policy === DISABLED ? undefined : policy),
        decode: (policy) => String(policy ?? DISABLED),
      },
    }),
  },
  create: async (change) => {
    change.created(change.text('realm_id'));
    await write(change);
    return change.id;
  },
  read: ({ api, data }) => api.get(PROFILE, data),
  update: write,
  delete: ({ api, data }) => api.put(PROFILE, data, { attributes: [{ name: 'username' }, { name: 'email' }] }),
};

async function write({ api, data, representation }: Change): Promise<void> {
  await api.put(PROFILE, data, representation);
}
