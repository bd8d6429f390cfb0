import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type {
  ExecutionRepresentation,
  FlowRepresentation,
  RealmRepresentation,
  UserProfileRepresentation,
} from './representation';

/**
 * Fetches what the model needs of a live realm: one partial export, without users, groups' members or secrets; which config or
 * subflow each execution has, where several share an alias; the user profile, where the export has none; and the features that the server has
 * switched off, if it tells.
 *
 * @param admin signed in with the right to manage the realm, which Keycloak demands for an export
 * @throws Error if there is no such realm or the right is missing
 */
export async function fetchRealm(admin: KeycloakAdminClient, realm: string): Promise<RealmRepresentation> {
  const exported = await admin.realms.export({ realm, exportClients: true, exportGroupsAndRoles: true });
  const representation = exported as RealmRepresentation;
  const [authenticationFlows, userProfile, features] = await Promise.all([
    withIds(admin, realm, representation),
    userProfileOf(admin, realm),
    serverFeatures(admin),
  ]);
  return { ...representation, ...authenticationFlows, ...userProfile, ...features };
}

/**
 * Exports name configs and subflows by alias, which several may share: configs once one is renamed, subflows once an import has one of
 * a name of Keycloak's own. There, the server is asked which each execution has.
 */
async function withIds(
  admin: KeycloakAdminClient,
  realm: string,
  { authenticationFlows: flows = [], authenticatorConfig: configs = [] }: RealmRepresentation,
): Promise<Pick<RealmRepresentation, 'authenticationFlows'>> {
  if (!haveTwins(flows) && !haveTwins(configs)) return {};
  const byId = new Map(flows.map((flow) => [flow.id, flow]));
  const told = new Map<string | undefined, FlowRepresentation>();
  const tell = (flow: FlowRepresentation, listed: readonly Listed[]) => {
    // Those of a subflow are listed after the execution that has it, a level deeper.
    const level = listed[0]?.level;
    const starts = listed.flatMap((each, index) => (each.level === level ? [index] : []));
    const executions = (flow.authenticationExecutions ?? []).map((execution, position) => {
      const start = starts[position];
      const found = start === undefined ? undefined : listed[start];
      if (start === undefined || !found || !isOf(found, execution)) return execution;
      const subflow = byId.get(found.flowId);
      if (subflow) tell(subflow, listed.slice(start + 1, starts[position + 1]));
      return {
        ...execution,
        ...(found.flowId !== undefined && { flowId: found.flowId }),
        ...(found.authenticationConfig !== undefined && { authenticatorConfigId: found.authenticationConfig }),
      };
    });
    told.set(flow.id, { ...flow, authenticationExecutions: executions });
  };
  await Promise.all(
    flows.map(async (flow) => {
      if (!flow.topLevel || flow.alias === undefined) return;
      tell(flow, await admin.authenticationManagement.getExecutions({ realm, flow: flow.alias }));
    }),
  );
  return { authenticationFlows: flows.map((flow) => told.get(flow.id) ?? flow) };
}

type Listed = Awaited<ReturnType<KeycloakAdminClient['authenticationManagement']['getExecutions']>>[number];

function haveTwins(named: readonly { readonly alias?: string }[]): boolean {
  return new Set(named.map(({ alias }) => alias)).size < named.length;
}

function isOf(listed: Listed, { flowAlias, authenticator }: ExecutionRepresentation): boolean {
  return flowAlias === undefined ? listed.providerId === authenticator : listed.authenticationFlow === true;
}

async function userProfileOf(
  admin: KeycloakAdminClient,
  realm: string,
): Promise<Pick<RealmRepresentation, 'userProfile'>> {
  // Who may manage a realm need not be allowed to see its users' profile.
  const userProfile = await admin.users.getProfile({ realm }).catch(() => undefined);
  return userProfile ? { userProfile: userProfile as UserProfileRepresentation } : {};
}

async function serverFeatures(
  admin: KeycloakAdminClient,
): Promise<Pick<RealmRepresentation, 'disabledFeatures' | 'legacyTokenExchange'>> {
  // Who may manage a realm need not be allowed to see the server.
  const info = await admin.serverInfo.find().catch(() => undefined);
  if (!info?.features) return {};
  const off = info.features.filter(({ enabled, type }) => !enabled && type === 'DEFAULT');
  const legacyTokenExchange = info.features.some(({ name, enabled }) => name === 'TOKEN_EXCHANGE' && enabled);
  return {
    disabledFeatures: off.flatMap(({ name }) => name ?? []),
    ...(legacyTokenExchange && { legacyTokenExchange }),
  };
}
