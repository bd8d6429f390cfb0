import type { Representation } from '../engine/api';
import { isNotFound } from '../engine/api';
import type { Change } from '../engine/change';
import { multivalued, sameUnordered } from '../engine/codecs';
import { mergeMissing } from '../engine/merge';
import { at, block, held, type ResourceTable, realmId } from '../engine/table';
import { UserError } from '../protocol/diagnostics';

const USERS = '/admin/realms/{realm_id}/users';
const USER = `${USERS}/{id}`;

/** A user. The initial password is set at creation alone. With `import` an existing user is taken over and kept. */
export const user: ResourceTable = {
  fields: {
    realm_id: realmId,
    username: at('username', { forceNew: true }),
    email: at('email'),
    email_verified: at('emailVerified', { default: false }),
    first_name: at('firstName'),
    last_name: at('lastName'),
    enabled: at('enabled', { default: true }),
    attributes: at('attributes', { codec: multivalued('##'), same: sameUnordered('##') }),
    // An empty list is not sent, so the last action cannot be taken away: neither can it in the official provider.
    required_actions: at('requiredActions', { omitZero: true }),
    federated_identity: block(
      { identity_provider: at('identityProvider'), user_id: at('userId'), user_name: at('userName') },
      {},
      'federatedIdentities',
    ),
    initial_password: {
      block: { value: held(), temporary: held({ default: false }) },
      createOnly: true,
      write: () => undefined,
      read: (_user, change) => change.data.initial_password ?? [],
    },
    import: held({ default: false, forceNew: true }),
  },
  imports: ['{realm_id}/{id}'],
  resolveImport: async (change) => {
    const { api, data } = change;
    try {
      await api.get(USER, data);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      change.created(String((await findByName(change, change.id)).id));
    }
  },
  validate: ({ username }) =>
    typeof username === 'string' && username !== username.toLowerCase()
      ? `username is "${username}"; Keycloak keeps user names in lower case, so write it so`
      : undefined,
  create: async (change) => {
    const { api, data } = change;
    const { federatedIdentities, ...rest } = change.representation;
    if (data.import === true) {
      const existing = await findByName(change, change.text('username'));
      const id = String(existing.id);
      await api.put(USER, { ...data, id }, { ...mergeMissing(change.representation, existing), id });
      change.created(id);
      return id;
    }
    const id = await api.create(USERS, data, rest);
    await addIdentities(change, id, federatedIdentities as Representation[]);
    const password = change.block('initial_password');
    if (password) {
      const credential = { type: 'password', value: password.value, temporary: password.temporary === true };
      await api.put(`${USER}/reset-password`, { ...data, id }, credential);
    }
    return id;
  },
  read: ({ api, data }) => api.get(USER, data),
  update: async (change) => {
    const { api, data, representation, id } = change;
    await api.put(USER, data, { ...representation, id });
    const before = await api.get<Representation[]>(`${USER}/federated-identity`, data);
    for (const { identityProvider } of before) {
      await api.delete(`${USER}/federated-identity/{identityProvider}`, { ...data, identityProvider });
    }
    await addIdentities(change, id, representation.federatedIdentities as Representation[]);
  },
  delete: async ({ api, data }) => {
    if (data.import !== true) await api.delete(USER, data);
  },
};

async function addIdentities({ api, data }: Change, id: string, identities: Representation[]): Promise<void> {
  for (const identity of identities) {
    const parameters = { ...data, id, identityProvider: identity.identityProvider };
    await api.post(`${USER}/federated-identity/{identityProvider}`, parameters, identity);
  }
}

async function findByName({ api, data }: Change, username: string): Promise<Representation> {
  const found = await api.get<Representation[]>(USERS, data, { username, exact: 'true' });
  const [first] = found.filter((candidate) => candidate.username === username);
  if (!first) throw new UserError(`the realm has no user ${username}`);
  return first;
}
