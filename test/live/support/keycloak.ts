import { randomBytes } from 'node:crypto';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation';
import { adminClient } from '../../../sandbox/keycloak';
import { publishedKeycloak } from './shared';

/** The Keycloak of the run, as a test uses it. */
export interface TestKeycloak {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly admin: KeycloakAdminClient;
}

/** `describe` for tests that need the run's Keycloak; without one they are skipped and their title says why. */
export function describeWithKeycloak(title: string, tests: () => void): void {
  const keycloak = publishedKeycloak();
  if ('missing' in keycloak) describe.skip(`${title} [${keycloak.missing}]`, tests);
  else describe(title, tests);
}

/** The run's Keycloak with an Admin REST API client that is signed in to it. */
export async function testKeycloak(): Promise<TestKeycloak> {
  const keycloak = publishedKeycloak();
  if ('missing' in keycloak) throw new Error(`Use describeWithKeycloak: ${keycloak.missing}`);
  return { ...keycloak, admin: await adminClient(keycloak) };
}

/** A realm name that no other test file has. */
export function uniqueRealmName(prefix = 'test'): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}

/**
 * Registers the removal of a realm after the tests of this block, whoever creates it: Terraform, or a test itself.
 *
 * @returns the realm's unique name
 */
export function withRealmName(prefix = 'test'): string {
  const realm = uniqueRealmName(prefix);
  afterAll(async () => {
    const { admin } = await testKeycloak();
    if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
  });
  return realm;
}

/**
 * Creates a realm before the tests of this block and removes it after them.
 *
 * @param representation what the realm holds beside its name
 * @returns the realm's unique name
 */
export function withRealm(representation: Omit<RealmRepresentation, 'id' | 'realm'> = {}, prefix = 'test'): string {
  const realm = withRealmName(prefix);
  beforeAll(async () => {
    const { admin } = await testKeycloak();
    await admin.realms.create({ enabled: true, ...representation, realm });
  });
  return realm;
}
