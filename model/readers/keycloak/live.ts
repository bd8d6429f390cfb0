import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { RealmRepresentation } from './representation';

/**
 * Fetches what the model needs of a live realm: one partial export, without users, groups' members or secrets, and the features
 * that the server has switched off, if it tells.
 *
 * @param admin signed in with the right to manage the realm, which Keycloak demands for an export
 * @throws Error if there is no such realm or the right is missing
 */
export async function fetchRealm(admin: KeycloakAdminClient, realm: string): Promise<RealmRepresentation> {
  const representation = await admin.realms.export({ realm, exportClients: true, exportGroupsAndRoles: true });
  return { ...representation, ...(await disabledFeatures(admin)) } as RealmRepresentation;
}

async function disabledFeatures(admin: KeycloakAdminClient): Promise<Pick<RealmRepresentation, 'disabledFeatures'>> {
  // Who may manage a realm need not be allowed to see the server.
  const info = await admin.serverInfo.find().catch(() => undefined);
  if (!info?.features) return {};
  const off = info.features.filter(({ enabled, type }) => !enabled && type === 'DEFAULT');
  return { disabledFeatures: off.flatMap(({ name }) => name ?? []) };
}
