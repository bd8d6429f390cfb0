import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { quotedFlag } from '../engine/codecs';
import { collection } from '../engine/collection';
import { at, type Fields, held, type ResourceTable, realmId } from '../engine/table';
import { UserError } from '../protocol/diagnostics';
import type { Obj } from '../protocol/values';

const onClientOrScope: Fields = {
  realm_id: realmId,
  client_id: held({ forceNew: true }),
  client_scope_id: held({ forceNew: true }),
};

const importable: Pick<ResourceTable, 'imports' | 'resolveImport' | 'validate'> = {
  imports: ['client', 'client-scope'].flatMap((kind) => {
    const parent = `{realm_id}/${kind}/{${kind === 'client' ? 'client_id' : 'client_scope_id'}}`;
    return [`${parent}/{id}`, `${parent}/name/{name}`];
  }),
  resolveImport: async (change) => {
    if (change.text('name') === '') return;
    const name = decodeURIComponent(change.text('name'));
    const mappers = await change.api.get<Representation[]>(models(change), change.data);
    const found = mappers.filter((mapper) => mapper.name === name);
    if (found.length !== 1) throw new UserError(`there are ${found.length} protocol mappers with the name ${name}`);
    change.created(String(found[0]?.id));
  },
  validate: ({ client_id, client_scope_id }: Obj) =>
    (client_id === null) === (client_scope_id === null)
      ? 'exactly one of client_id and client_scope_id must be set'
      : undefined,
};

function models(change: Change): string {
  const parent = change.text('client_scope_id') === '' ? 'clients/{client_id}' : 'client-scopes/{client_scope_id}';
  return `/admin/realms/{realm_id}/${parent}/protocol-mappers/models`;
}

/** Any protocol mapper, of a client or of a client scope, by its provider and configuration. */
export const genericProtocolMapper: ResourceTable = {
  fields: {
    ...onClientOrScope,
    name: at('name', { forceNew: true }),
    protocol: at('protocol', { forceNew: true, oneOf: ['openid-connect', 'saml'] }),
    protocol_mapper: at('protocolMapper', { forceNew: true }),
    config: at('config'),
  },
  ...importable,
  ...collection(models),
};

const config = (key: string) => at(['config', key]);
const switchedOn = (key: string) => at(['config', key], { codec: quotedFlag, default: true });

/** Puts a client or a text of one's own into the `aud` claim. */
export const openidAudienceProtocolMapper: ResourceTable = {
  fields: {
    ...onClientOrScope,
    name: at('name'),
    included_client_audience: { ...config('included.client.audience'), conflictsWith: ['included_custom_audience'] },
    included_custom_audience: config('included.custom.audience'),
    add_to_id_token: switchedOn('id.token.claim'),
    add_to_access_token: switchedOn('access.token.claim'),
    add_to_token_introspection: switchedOn('introspection.token.claim'),
  },
  constants: { protocol: 'openid-connect', protocolMapper: 'oidc-audience-mapper' },
  ...importable,
  check: async (change) => {
    const client = change.text('included_client_audience');
    if (client === '' && change.text('included_custom_audience') === '') {
      throw new UserError('one of included_client_audience and included_custom_audience must be set');
    }
    if (client === '') return;
    const query = { clientId: client };
    const clients = await change.api.get<unknown[]>('/admin/realms/{realm_id}/clients', change.data, query);
    if (clients.length === 0) throw new UserError(`included_client_audience: the realm has no client ${client}`);
  },
  ...collection(models),
};
