import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { embeddedJson } from '../engine/codecs';
import { at, type Field, type Fields, held, type ResourceTable } from '../engine/table';
import { isObject, type Obj, type Value } from '../protocol/values';

const configuration = embeddedJson('{[');

/** Executors or conditions: a provider's name, and its configuration, in which JSON objects and lists are written as text. */
function providers(property: string, nameProperty: string, keepsText: (name: string) => boolean = () => false): Field {
  return {
    block: { name: held(), configuration: held() },
    write: (value, representation) => {
      representation[property] = (value as Obj[]).map(({ name, configuration: config }) => ({
        [nameProperty]: name,
        configuration: keepsText(String(name)) ? (config ?? {}) : configuration.encode(config ?? {}),
      }));
    },
    read: (representation) =>
      ((representation[property] ?? []) as Representation[]).map((provider) => ({
        name: String(provider[nameProperty]),
        configuration: isObject(provider.configuration as Value) ? configuration.decode(provider.configuration) : {},
      })),
  };
}

/**
 * Keycloak keeps all profiles, or all policies, of a realm in one document: one entry of it is read and written here. As in the
 * official provider, an entry that is gone stays in the state, and a creation waits for creations alone: a deletion beside it may
 * write the document without the new entry.
 */
function entryOf(document: 'profiles' | 'policies', idPart: string, fields: Fields): ResourceTable {
  const path = `/admin/realms/{realm_id}/client-policies/${document}`;

  const entries = async ({ api, data }: Change): Promise<Representation[]> =>
    ((await api.get(path, data))[document] ?? []) as Representation[];

  const rewrite = (
    change: Change,
    operation: 'create' | 'update' | 'delete',
    edit: (entries: Representation[]) => Representation[],
  ): Promise<void> =>
    change.api.exclusive(`${operation} ${document} of ${change.text('realm_id')}`, async () => {
      const edited = edit(await entries(change));
      await change.api.put(path, change.data, { [document]: edited });
    });

  const isSame = (change: Change) => (entry: Representation) => entry.name === change.text('name');

  return {
    fields: { name: at('name', { forceNew: true }), realm_id: held(), description: at('description'), ...fields },
    create: async (change) => {
      change.created(`${change.text('realm_id')}/${idPart}/${change.text('name')}`);
      await rewrite(change, 'create', (all) => [...all, change.representation]);
      return change.id;
    },
    read: async (change) => (await entries(change)).find(isSame(change)),
    update: (change) =>
      rewrite(change, 'update', (all) => all.map((entry) => (isSame(change)(entry) ? change.representation : entry))),
    delete: (change) => rewrite(change, 'delete', (all) => all.filter((entry) => !isSame(change)(entry))),
    keepsGone: true,
  };
}

/** A client profile: the executors that a client policy applies. */
export const realmClientPolicyProfile = entryOf('profiles', 'realm-client-policy-profiles', {
  executor: providers('executors', 'executor'),
});

/** A client policy: to which requests its profiles apply. The condition client-attributes wants its attributes as text. */
export const realmClientPolicyProfilePolicy = entryOf('policies', 'realm-client-policy-profile-policies', {
  enabled: at('enabled', { default: true }),
  profiles: at('profiles', { forceNew: true }),
  condition: providers('conditions', 'condition', (name) => name === 'client-attributes'),
});
