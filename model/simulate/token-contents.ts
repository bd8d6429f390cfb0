import type { Client, ClientScope, ProtocolMapper, RealmModel } from '../realm-model';
import { known } from './login';
import { requestedScopes } from './scopes';
import { CannotTell } from './signals';
import type { LoginRequest, SimulatedUser } from './types';

/** What a token holds beside its acr. */
export interface TokenContents {
  /** Client scopes in effect: those that the claim `scope` may name. */
  readonly scopes: readonly string[];
  /** Roles that the access token names: `role` of the realm, `client.role` of a client. */
  readonly roles: readonly string[];
}

/** What is in the tokens that a granted request ends with. */
export function tokenContents(
  model: RealmModel,
  client: Client,
  request: Pick<LoginRequest, 'scope'>,
  user: SimulatedUser,
): TokenContents {
  return {
    scopes: tokenScopes(model, client, request, user),
    roles: tokenRoles(model, client, request, user),
  };
}

/**
 * The client scopes in effect in a token. Unlike in the login, a scope that names roles counts for users alone who have one of
 * them (`DefaultClientSessionContext.isClientScopePermittedForUser`).
 */
export function tokenScopes(
  model: RealmModel,
  client: Client,
  request: Pick<LoginRequest, 'scope'>,
  user: SimulatedUser,
): string[] {
  return requestedScopes(client, request).filter((name) => {
    const roles = known(scopeOf(model, name)?.roles ?? [], `roles of client scope ${name}`);
    return roles.length === 0 || roles.some((role) => user.roles?.includes(role));
  });
}

/** The mappers in effect: the client's own and those of its scopes, in no order (`loadProtocolMappers`). */
export function mappersInEffect(
  model: RealmModel,
  client: Client,
  request: Pick<LoginRequest, 'scope'>,
  user: SimulatedUser,
): ProtocolMapper[] {
  const ofScopes = tokenScopes(model, client, request, user).flatMap((name) => {
    const scope = scopeOf(model, name);
    if (!scope && !model.complete) throw new CannotTell(`The client scope ${name} is not in this source`);
    return scope && scope.protocol === client.protocol ? scope.mappers : [];
  });
  return [...client.mappers, ...ofScopes];
}

const ROLE_MAPPERS: Readonly<Record<string, 'realm' | 'client'>> = {
  'oidc-usermodel-realm-role-mapper': 'realm',
  'oidc-usermodel-client-role-mapper': 'client',
};

/** The roles that mappers write, of those that the client's tokens may have (`TokenManager.getAccess`). */
function tokenRoles(
  model: RealmModel,
  client: Client,
  request: Pick<LoginRequest, 'scope'>,
  user: SimulatedUser,
): string[] {
  const mappers = mappersInEffect(model, client, request, user);
  const config = (mapper: ProtocolMapper, key: string) =>
    known(mapper.config[key] ?? '', `${key} of mapper ${mapper.name}`);
  const permitted = (user.roles ?? []).filter(permission(model, client, request, user));
  const written = new Set<string>();
  for (const mapper of mappers) {
    if (mapper.mapper === 'oidc-hardcoded-role-mapper') {
      const role = config(mapper, 'role');
      if (role) written.add(role);
      continue;
    }
    const kind = ROLE_MAPPERS[mapper.mapper];
    if (kind === undefined || config(mapper, 'access.token.claim') !== 'true') continue;
    const only = config(mapper, 'usermodel.clientRoleMapping.clientId');
    for (const role of permitted) {
      const of = clientOfRole(model, role);
      const matches = kind === 'realm' ? of === undefined : of !== undefined && (only === '' || only === of);
      if (matches) written.add(role);
    }
  }
  for (const mapper of mappers) {
    if (mapper.mapper !== 'oidc-role-name-mapper' || !written.delete(config(mapper, 'role'))) continue;
    written.add(config(mapper, 'new.role.name'));
  }
  return [...written];
}

/** Clients of which the user's token may have a role, with or without a mapper that writes it (`getRolesStream`). */
export function tokenRolesByClient(
  model: RealmModel,
  client: Client,
  request: Pick<LoginRequest, 'scope'>,
  user: SimulatedUser,
): ReadonlySet<string> {
  const roles = (user.roles ?? []).filter(permission(model, client, request, user));
  return new Set(roles.flatMap((role) => clientOfRole(model, role) ?? []));
}

function permission(
  model: RealmModel,
  client: Client,
  request: Pick<LoginRequest, 'scope'>,
  user: SimulatedUser,
): (role: string) => boolean {
  if (known(client.fullScope ?? true, `full scope of client ${client.clientId}`)) return () => true;
  const allowed = new Set([
    ...client.roles.map((role) => `${client.clientId}.${role}`),
    ...known(client.scopeRoles ?? [], `scope roles of client ${client.clientId}`),
    ...tokenScopes(model, client, request, user).flatMap((name) =>
      known(scopeOf(model, name)?.roles ?? [], `roles of client scope ${name}`),
    ),
  ]);
  return (role) => allowed.has(role);
}

function scopeOf(model: RealmModel, name: string): ClientScope | undefined {
  return model.clientScopes.find((scope) => scope.name === name);
}

/** The client that a role belongs to, the longest of those whose names fit; undefined for a role of the realm. */
function clientOfRole(model: RealmModel, role: string): string | undefined {
  const fitting = model.clients.filter(
    ({ clientId, roles }) => role.startsWith(`${clientId}.`) && roles.includes(role.slice(clientId.length + 1)),
  );
  return fitting.sort((a, b) => b.clientId.length - a.clientId.length)[0]?.clientId;
}
