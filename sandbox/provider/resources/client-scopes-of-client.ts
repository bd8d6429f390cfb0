import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { held, type ResourceTable, realmId } from '../engine/table';
import { UserError } from '../protocol/diagnostics';

type Kind = 'default' | 'optional';

/** The exhaustive list of a client's default or optional client scopes, by name. Destroying detaches them. */
function clientScopes(kind: Kind): ResourceTable {
  const attribute = `${kind}_scopes`;
  const attached = `/admin/realms/{realm_id}/clients/{client_id}/${kind}-client-scopes`;
  const other: Kind = kind === 'default' ? 'optional' : 'default';

  const reconcile = async (change: Change): Promise<void> => {
    const { api, data } = change;
    const wanted = change.list(attribute);
    const existing = (await api.get<Representation[]>(attached, data)).map(({ name }) => String(name));
    const scopes = await scopesByName(change);
    const missing = wanted.filter((name) => !existing.includes(name));
    const unknown = missing.filter((name) => !scopes.has(name));
    if (unknown.length > 0) throw new UserError(`the realm has no client scope ${unknown.join(', ')}`);
    await detach(
      change,
      existing.filter((name) => !wanted.includes(name)),
    );
    const elsewhere = await api.get<Representation[]>(attached.replace(`${kind}-client`, `${other}-client`), data);
    const taken = elsewhere.map(({ name }) => String(name)).filter((name) => missing.includes(name));
    if (taken.length > 0) {
      throw new UserError(`${taken.join(', ')}: already attached to the client, in its ${other} scopes`);
    }
    for (const name of missing) await api.put(`${attached}/{scope}`, { ...data, scope: scopes.get(name) });
  };

  const detach = async (change: Change, names: string[]): Promise<void> => {
    if (names.length === 0) return;
    const scopes = await scopesByName(change);
    for (const scope of names.map((name) => scopes.get(name)).filter(Boolean)) {
      await change.api.delete(`${attached}/{scope}`, { ...change.data, scope });
    }
  };

  return {
    fields: {
      realm_id: realmId,
      client_id: held({ forceNew: true }),
      [attribute]: { read: ({ names }) => names as string[] },
    },
    check: async ({ api, data }) => {
      const client = await api.get('/admin/realms/{realm_id}/clients/{client_id}', data);
      if (client.bearerOnly)
        throw new UserError(`client ${client.clientId} is BEARER-ONLY, which has no client scopes`);
    },
    create: async (change) => {
      await reconcile(change);
      return `${change.text('realm_id')}/${change.text('client_id')}`;
    },
    read: async ({ api, data }) => ({
      names: (await api.get<Representation[]>(attached, data)).map(({ name }) => name),
    }),
    update: reconcile,
    delete: (change) => detach(change, change.list(attribute)),
  };
}

/** Ids of the realm's OpenID Connect client scopes by name. */
async function scopesByName({ api, data }: Change): Promise<Map<string, string>> {
  const scopes = await api.get<Representation[]>('/admin/realms/{realm_id}/client-scopes', data);
  const own = scopes.filter(({ protocol }) => protocol === 'openid-connect');
  return new Map(own.map(({ name, id }) => [String(name), String(id)]));
}

export const openidClientDefaultScopes = clientScopes('default');
export const openidClientOptionalScopes = clientScopes('optional');
