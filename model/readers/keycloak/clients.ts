import { readAcrLoaMap } from '../../keycloak/acr-loa-map';
import {
  builtInClientScopes,
  builtInClients,
  isBuiltInClient,
  SERVICE_ACCOUNT_SCOPE,
} from '../../keycloak/built-in-realm';
import { readDefaultAcrValues } from '../../keycloak/client-attributes';
import { parseJavaBoolean } from '../../keycloak/java';
import { type Client, type ClientScope, type FlowOverride, isUnknown, type ProtocolMapper } from '../../realm-model';
import type {
  ClientRepresentation,
  MapperRepresentation,
  RealmRepresentation,
  ScopeRepresentation,
} from './representation';
import { namesOf, type Roles } from './roles';

const OIDC = 'openid-connect';
const OFFLINE_ACCESS = 'offline_access';

/** The client scopes of a representation; an import file without any gets Keycloak's own, one with some only `offline_access`. */
export function clientScopesOf(realm: RealmRepresentation, imported: boolean, roles: Roles): ClientScope[] {
  const builtIn = builtInClientScopes().map((scope) => {
    const mapped = roles.mappedTo(({ clientScope }) => clientScope === scope.name);
    return mapped.length === 0 ? scope : { ...scope, roles: [...new Set([...builtInRolesOf(scope), ...mapped])] };
  });
  if (!realm.clientScopes) return builtIn;
  const listed = realm.clientScopes.map((scope) => scopeOf(scope, realm, roles));
  const added = imported && !listed.some(({ name }) => name === OFFLINE_ACCESS);
  return added ? [...listed, ...builtIn.filter(({ name }) => name === OFFLINE_ACCESS)] : listed;
}

function builtInRolesOf({ roles }: ClientScope): readonly string[] {
  return roles === undefined || isUnknown(roles) ? [] : roles;
}

function scopeOf(scope: ScopeRepresentation, realm: RealmRepresentation, roles: Roles): ClientScope {
  const name = scope.name ?? '';
  const realmDefault = realm.defaultDefaultClientScopes?.includes(name)
    ? 'default'
    : realm.defaultOptionalClientScopes?.includes(name)
      ? 'optional'
      : undefined;
  const mapped = roles.mappedTo(({ clientScope }) => clientScope === name);
  return {
    name,
    protocol: scope.protocol ?? OIDC,
    mappers: (scope.protocolMappers ?? []).map(mapperOf),
    // Keycloak shows a scope that doesn't say.
    onConsentScreen: scope.attributes?.['display.on.consent.screen'] !== 'false',
    ...(realmDefault && { realmDefault }),
    ...(mapped.length > 0 && { roles: mapped }),
  };
}

/** The clients of a representation, and of an import file those that Keycloak makes. */
export function clientsOf(
  realm: RealmRepresentation,
  imported: boolean,
  scopes: readonly ClientScope[],
  roles: Roles,
): Client[] {
  const own = (realm.clients ?? []).map((client) => clientOf(client, realm, imported, scopes, roles));
  if (!imported) return own;
  const added = builtInClients().filter(({ clientId }) => !own.some((client) => client.clientId === clientId));
  // Scopes of the file come after Keycloak's clients, which then have none of them.
  const without = { defaultScopes: [], optionalScopes: [] };
  return [...own, ...(realm.clientScopes ? added.map((client) => ({ ...client, ...without })) : added)];
}

function clientOf(
  client: ClientRepresentation,
  realm: RealmRepresentation,
  imported: boolean,
  scopes: readonly ClientScope[],
  roles: Roles,
): Client {
  const { attributes = {}, clientId = '', protocol = OIDC } = client;
  const minimum = attributes['minimum.acr.value'];
  const consentRequired = client.consentRequired ?? false;
  const accessType = client.publicClient ? 'public' : client.bearerOnly ? 'bearer-only' : 'confidential';
  const serviceAccount = accessType !== 'public' && (client.serviceAccountsEnabled ?? false);
  const ownRoles = namesOf(realm.roles?.client?.[clientId]);
  const mapped = roles.mappedTo((mapping) => mapping.client === clientId);
  return {
    clientId,
    builtIn: isBuiltInClient(clientId),
    protocol,
    enabled: client.enabled ?? true,
    accessType,
    consentRequired,
    flowOverrides: overridesOf(client, realm),
    ...(attributes['acr.loa.map'] !== undefined && { acrLoaMap: readAcrLoaMap(attributes['acr.loa.map']) }),
    defaultAcrValues: readDefaultAcrValues(attributes['default.acr.values'] ?? ''),
    ...(minimum && { minimumAcr: minimum }),
    grants: {
      authorizationCode: client.standardFlowEnabled ?? true,
      implicit: client.implicitFlowEnabled ?? false,
      password: client.directAccessGrantsEnabled ?? false,
      device: attributes['oauth2.device.authorization.grant.enabled'] === 'true',
      ciba: attributes['oidc.ciba.grant.enabled'] === 'true',
      tokenExchange: attributes['standard.token.exchange.enabled'] === 'true',
      serviceAccount,
      jwtAuthorization:
        accessType !== 'public' && parseJavaBoolean(attributes['oauth2.jwt.authorization.grant.enabled']),
      ...(client.authorizationServicesEnabled && { authorizationServices: true }),
    },
    ...scopesOf(client, realm, imported, { protocol, serviceAccount }, scopes),
    roles: ownRoles,
    // `RepresentationToModel.defaultFullScopeAllowed`.
    fullScope: client.fullScopeAllowed ?? !consentRequired,
    scopeRoles: [...new Set([...roles.expand(ownRoles.map((role) => `${clientId}.${role}`)), ...mapped])],
    mappers: (client.protocolMappers ?? []).map(mapperOf),
    attributes,
  };
}

function overridesOf(client: ClientRepresentation, realm: RealmRepresentation): Client['flowOverrides'] {
  const override = (binding: string): FlowOverride | undefined => {
    const id = client.authenticationFlowBindingOverrides?.[binding];
    if (!id?.trim()) return undefined;
    // A subflow counts, too: Keycloak runs it by itself.
    const alias = realm.authenticationFlows?.find((each) => each.id === id)?.alias;
    return alias === undefined ? { dangling: id } : { alias };
  };
  const browser = override('browser');
  const directGrant = override('direct_grant');
  return { ...(browser && { browser }), ...(directGrant && { directGrant }) };
}

/**
 * A client that names no scopes at all has the realm's of its protocol; one that names some has no others, and a name that is no
 * scope is left out.
 *
 * Source: `AbstractLoginProtocolFactory.addDefaultClientScopes`, `RepresentationToModel.updateClientScopes`.
 */
function scopesOf(
  { clientId, defaultClientScopes, optionalClientScopes }: ClientRepresentation,
  { clientScopes, defaultDefaultClientScopes, defaultOptionalClientScopes }: RealmRepresentation,
  imported: boolean,
  { protocol, serviceAccount }: { readonly protocol: string; readonly serviceAccount: boolean },
  scopes: readonly ClientScope[],
): Pick<Client, 'defaultScopes' | 'optionalScopes'> {
  if (defaultClientScopes || optionalClientScopes) {
    const existing = (names: readonly string[] = []) =>
      names.filter((name) => (!imported && !clientScopes) || scopes.some((scope) => scope.name === name));
    return { defaultScopes: existing(defaultClientScopes), optionalScopes: existing(optionalClientScopes) };
  }
  const ofRealm = (kind: 'default' | 'optional') =>
    scopes.filter((scope) => scope.realmDefault === kind && scope.protocol === protocol).map(({ name }) => name);
  const unsaid = (kind: string) => ({ unknown: `the representation says no ${kind} client scopes of ${clientId}` });
  const own =
    serviceAccount && scopes.some(({ name }) => name === SERVICE_ACCOUNT_SCOPE) ? [SERVICE_ACCOUNT_SCOPE] : [];
  return {
    defaultScopes: imported || defaultDefaultClientScopes ? [...ofRealm('default'), ...own] : unsaid('default'),
    optionalScopes: imported || defaultOptionalClientScopes ? ofRealm('optional') : unsaid('optional'),
  };
}

function mapperOf({ name, protocolMapper, config }: MapperRepresentation): ProtocolMapper {
  return { name: name ?? '', mapper: protocolMapper ?? '', config: config ?? {} };
}
