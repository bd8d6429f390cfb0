import KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { RealmModel } from '../../model';
import { readRealmRepresentation } from '../../model/readers';
import { fetchRealm } from '../../model/readers/keycloak/live';
import { CouldNotRun } from '../could-not-run';
import { shownSource } from './shown';

const REALM_PATH = /^(.*)\/(?:admin\/)?realms\/([^/]+)\/?$/;

/**
 * Reads a live realm through the Admin REST API.
 *
 * Signs in to the realm `KEYCLOAK_REALM` (default `master`) as the client `KEYCLOAK_CLIENT_ID` with `KEYCLOAK_CLIENT_SECRET`, the
 * variables of the Terraform provider. The client needs the right to manage the realm, which Keycloak demands for an export;
 * nothing is changed. User info in the URL is neither used nor printed.
 *
 * @throws CouldNotRun if the URL names no realm, credentials are missing, or the server refuses
 */
export async function readLiveRealm(source: string): Promise<RealmModel> {
  const shown = shownSource(source);
  const url = URL.canParse(source) ? new URL(source) : undefined;
  const [, base = '', realm] = REALM_PATH.exec(url?.pathname ?? '') ?? [];
  if (!url || realm === undefined) {
    throw new CouldNotRun(`${shown}: write the URL of a realm, such as https://host/realms/acme`);
  }
  const { KEYCLOAK_CLIENT_ID: clientId, KEYCLOAK_CLIENT_SECRET: clientSecret } = process.env;
  if (!clientId || !clientSecret) {
    throw new CouldNotRun('Set KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET to a client that may manage the realm');
  }
  const admin = new KeycloakAdminClient({
    baseUrl: `${url.origin}${base}`,
    realmName: process.env.KEYCLOAK_REALM ?? 'master',
  });
  try {
    await admin.auth({ grantType: 'client_credentials', clientId, clientSecret });
    return readRealmRepresentation(await fetchRealm(admin, decodeURIComponent(realm)), 'live');
  } catch (error) {
    throw new CouldNotRun(`${shown}: ${reasonOf(error)}`);
  }
}

/** Node's "fetch failed" hides its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
