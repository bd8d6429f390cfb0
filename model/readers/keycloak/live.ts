import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { RealmRepresentation } from './representation';

/**
 * Fetches what the model needs of a live realm: one partial export, without users, groups' members or secrets.
 *
 * @param admin signed in with the right to manage the realm, which Keycloak demands for an export
 * @throws Error if there is no such realm or the right is missing
 */
export async function fetchRealm(admin: KeycloakAdminClient, realm: string): Promise<RealmRepresentation> {
  const representation = await admin.realms.export({ realm, exportClients: true, exportGroupsAndRoles: true });
  return representation as RealmRepresentation;
}
