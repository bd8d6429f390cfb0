import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { hashed, quotedFlag } from '../engine/codecs';
import { extraConfig, refuseKeys } from '../engine/extra-config';
import { mergeMissing } from '../engine/merge';
import { requireTheme } from '../engine/server-info';
import { at, type Field, held, type ResourceTable, realmId } from '../engine/table';
import { UserError } from '../protocol/diagnostics';
import type { Value } from '../protocol/values';
import { authorization, flowOverrides } from './openid-client-blocks';

const CLIENTS = '/admin/realms/{realm_id}/clients';
const CLIENT = `${CLIENTS}/{id}`;

const text = (name: string, options: Partial<Field> = {}) => at(['attributes', name], options);
const flag = (name: string, options: Partial<Field> = {}) => text(name, { codec: quotedFlag, ...options });

/** The official provider sends these two and never reads them back, so what the console changes is not seen. */
function unread(_client: Representation, { data }: Change, name: string): Value {
  return data[name] ?? null;
}

/** Attributes that Keycloak keeps in the client's map of texts. */
const attributes: Record<string, Field> = {
  pkce_code_challenge_method: text('pkce.code.challenge.method', { oneOf: ['', 'plain', 'S256'] }),
  require_dpop_bound_tokens: flag('dpop.bound.access.tokens'),
  exclude_session_state_from_auth_response: flag('exclude.session.state.from.auth.response', { read: unread }),
  exclude_issuer_from_auth_response: flag('exclude.issuer.from.auth.response', { read: unread }),
  access_token_lifespan: text('access.token.lifespan'),
  login_theme: text('login_theme', { keepUnset: true }),
  client_offline_session_idle_timeout: text('client.offline.session.idle.timeout'),
  client_offline_session_max_lifespan: text('client.offline.session.max.lifespan'),
  client_session_idle_timeout: text('client.session.idle.timeout'),
  client_session_max_lifespan: text('client.session.max.lifespan'),
  display_on_consent_screen: flag('display.on.consent.screen'),
  consent_screen_text: text('consent.screen.text', { keepUnset: true }),
  use_refresh_tokens: flag('use.refresh.tokens', { default: true }),
  use_refresh_tokens_client_credentials: flag('client_credentials.use_refresh_token', { default: false }),
  backchannel_logout_url: text('backchannel.logout.url', { keepUnset: true }),
  frontchannel_logout_url: text('frontchannel.logout.url', { keepUnset: true }),
  backchannel_logout_revoke_offline_sessions: flag('backchannel.logout.revoke.offline.tokens'),
  backchannel_logout_session_required: flag('backchannel.logout.session.required', { default: true }),
  oauth2_device_authorization_grant_enabled: flag('oauth2.device.authorization.grant.enabled', { default: false }),
  oauth2_device_code_lifespan: text('oauth2.device.code.lifespan'),
  oauth2_device_polling_interval: text('oauth2.device.polling.interval'),
  oauth2_jwt_authorization_grant_enabled: flag('oauth2.jwt.authorization.grant.enabled', { default: false }),
  oauth2_jwt_authorization_grant_idp: text('oauth2.jwt.authorization.grant.idp'),
  valid_post_logout_redirect_uris: text('post.logout.redirect.uris', { codec: hashed }),
  standard_token_exchange_enabled: flag('standard.token.exchange.enabled', { default: false }),
  allow_refresh_token_in_standard_token_exchange: text('standard.token.exchange.enableRefreshRequestedTokenType'),
};

/** A client of OpenID Connect. With `import` an existing client is taken over, and kept when the resource is destroyed. */
export const openidClient: ResourceTable = {
  fields: {
    realm_id: realmId,
    client_id: at('clientId'),
    name: at('name', { keepUnset: true }),
    enabled: at('enabled', { default: true }),
    description: at('description', { keepUnset: true }),
    access_type: {
      oneOf: ['CONFIDENTIAL', 'PUBLIC', 'BEARER-ONLY'],
      write: (value, client) => {
        client.publicClient = value === 'PUBLIC';
        client.bearerOnly = value === 'BEARER-ONLY';
      },
      read: ({ publicClient, bearerOnly }) => (publicClient ? 'PUBLIC' : bearerOnly ? 'BEARER-ONLY' : 'CONFIDENTIAL'),
    },
    client_secret: {
      conflictsWith: ['client_secret_wo', 'client_secret_wo_version', 'client_secret_regenerate_when_changed'],
      write: (_value, client, change) => {
        const secret = secretOf(change);
        if (secret !== '') client.secret = secret;
      },
      read: ({ secret }, change) =>
        change.text('client_secret_wo_version') ? (change.data.client_secret ?? null) : String(secret ?? ''),
    },
    client_secret_wo: held({
      conflictsWith: ['client_secret', 'client_secret_regenerate_when_changed'],
      requires: ['client_secret_wo_version'],
    }),
    client_secret_wo_version: held({
      conflictsWith: ['client_secret', 'client_secret_regenerate_when_changed'],
      requires: ['client_secret_wo'],
    }),
    client_secret_regenerate_when_changed: held({
      conflictsWith: ['client_secret', 'client_secret_wo', 'client_secret_wo_version'],
    }),
    client_authenticator_type: at('clientAuthenticatorType', { default: 'client-secret' }),
    standard_flow_enabled: at('standardFlowEnabled'),
    implicit_flow_enabled: at('implicitFlowEnabled'),
    direct_access_grants_enabled: at('directAccessGrantsEnabled'),
    service_accounts_enabled: at('serviceAccountsEnabled'),
    frontchannel_logout_enabled: at('frontchannelLogout'),
    valid_redirect_uris: at('redirectUris'),
    web_origins: at('webOrigins'),
    root_url: at('rootUrl', {
      keepUnset: true,
      write: (value, client, change) => {
        if ((change.data.root_url ?? null) !== null) client.rootUrl = value;
      },
    }),
    admin_url: at('adminUrl', { keepUnset: true }),
    base_url: at('baseUrl', { keepUnset: true }),
    full_scope_allowed: at('fullScopeAllowed', { default: true }),
    consent_required: at('consentRequired'),
    always_display_in_console: at('alwaysDisplayInConsole', { default: false }),
    service_account_user_id: { read: ({ serviceAccountUserId }) => String(serviceAccountUserId ?? '') },
    resource_server_id: {
      read: ({ authorizationServicesEnabled }, change) =>
        authorizationServicesEnabled ? change.id : (change.data.resource_server_id ?? null),
    },
    import: held({ default: false, forceNew: true }),
    ...attributes,
    extra_config: extraConfig,
    authorization,
    authentication_flow_binding_overrides: flowOverrides,
  },
  constants: { protocol: 'openid-connect' },
  imports: ['{realm_id}/{id}'],
  validate: refuseKeys(Object.values(attributes).map(({ at: path }) => path?.[1] ?? '')),
  recompute: (_planned, _prior, changed) => [
    ...(changed('service_accounts_enabled') ? ['service_account_user_id'] : []),
    ...(changed('client_secret_regenerate_when_changed') ? ['client_secret'] : []),
  ],
  check: checkClient,
  create: async (change) => {
    if (change.flag('import')) return takeOver(change);
    const id = await change.api.create(CLIENTS, change.data, change.representation);
    if (change.block('authorization')?.keep_defaults === false) await dropDefaultResource(change, id);
    return id;
  },
  read: readClient,
  update: async (change) => {
    const { api, data, representation, id } = change;
    if (isRegenerationAsked(change)) {
      const { value } = await api.post(`${CLIENT}/client-secret`, data);
      representation.secret = value;
    }
    await api.put(CLIENT, data, { ...representation, id });
  },
  delete: async ({ api, data }) => {
    if (data.import !== true) await api.delete(CLIENT, data);
  },
};

async function readClient({ api, data }: Change): Promise<Representation> {
  const client = await api.get(CLIENT, data);
  const read: Representation = { ...client, secret: (await api.get(`${CLIENT}/client-secret`, data)).value };
  if (client.serviceAccountsEnabled) {
    read.serviceAccountUserId = (await api.get(`${CLIENT}/service-account-user`, data)).id;
  }
  if (client.authorizationServicesEnabled) {
    read.authorizationSettings = await api.get(`${CLIENT}/authz/resource-server`, data);
  }
  return read;
}

async function checkClient(change: Change): Promise<void> {
  const usesRedirects = change.flag('standard_flow_enabled') || change.flag('implicit_flow_enabled');
  const usesGrants = change.flag('direct_access_grants_enabled');
  const hasServiceAccount = change.flag('service_accounts_enabled');
  const accessType = change.text('access_type');
  const hasRedirects = change.list('valid_redirect_uris').length > 0;
  if (hasRedirects && !usesRedirects) {
    throw new UserError('valid_redirect_uris needs standard_flow_enabled or implicit_flow_enabled');
  }
  if (change.list('web_origins').length > 0 && !usesRedirects && !usesGrants) {
    throw new UserError('web_origins needs standard_flow_enabled or implicit_flow_enabled');
  }
  if (accessType === 'BEARER-ONLY' && (usesRedirects || usesGrants || hasServiceAccount)) {
    throw new UserError('a BEARER-ONLY client gets no tokens: no flow and no service account can be enabled on it');
  }
  if (usesRedirects && !hasRedirects) {
    throw new UserError('the standard and the implicit flow need at least one of valid_redirect_uris');
  }
  if (accessType === 'PUBLIC' && (hasServiceAccount || change.flag('standard_token_exchange_enabled'))) {
    throw new UserError('a PUBLIC client can have neither a service account nor the standard token exchange');
  }
  await requireTheme(change.api, 'login', change.text('login_theme'));
}

/** The secret to send: a write-only one when its version changes, else the one in the configuration or the state. */
function secretOf(change: Change): string {
  const version = change.text('client_secret_wo_version');
  if (version === '') return change.text('client_secret');
  if (version === (change.prior?.client_secret_wo_version ?? '')) return '';
  return String(change.config?.client_secret_wo ?? '');
}

function isRegenerationAsked({ data, prior }: Change): boolean {
  const name = 'client_secret_regenerate_when_changed';
  return JSON.stringify(data[name] ?? {}) !== JSON.stringify(prior?.[name] ?? {});
}

async function takeOver(change: Change): Promise<string> {
  const { api, data, representation } = change;
  const [existing] = await api.get<Representation[]>(CLIENTS, data, { clientId: change.text('client_id') });
  if (!existing) throw new UserError(`import: the realm has no client ${change.text('client_id')}`);
  const id = String(existing.id);
  await api.put(CLIENT, { ...data, id }, { ...mergeMissing(representation, existing), id });
  change.created(id);
  return id;
}

/** Keycloak up to 26.4 gives a new resource server a resource of its own, open to all. */
async function dropDefaultResource({ api, data }: Change, id: string): Promise<void> {
  const resources = `${CLIENT}/authz/resource-server/resource`;
  const [resource] = await api.get<{ _id: string }[]>(resources, { ...data, id }, { name: 'Default Resource' });
  if (resource) await api.delete(`${resources}/{resource}`, { ...data, id, resource: resource._id });
}
