import { randomBytes } from 'node:crypto';
import KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { startWays } from './version';

/** The administrative service account of a server that is being started. */
export interface Bootstrap {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the server must find in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes the service account on a server that could not make it at its start. */
  finish(url: string): Promise<void>;
}

/** An administrative service account with a random secret, made in the way that the release has for it. */
export function bootstrap(version: string): Bootstrap {
  const clientId = 'step-up-sandbox';
  const clientSecret = randomBytes(24).toString('base64url');
  if (startWays(version).bootstrapClient) {
    const env = { KC_BOOTSTRAP_ADMIN_CLIENT_ID: clientId, KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: clientSecret };
    return { clientId, clientSecret, env, finish: async () => {} };
  }
  const password = randomBytes(24).toString('base64url');
  return {
    clientId,
    clientSecret,
    env: { KEYCLOAK_ADMIN: clientId, KEYCLOAK_ADMIN_PASSWORD: password },
    finish: (url) => addServiceAccount(url, clientId, clientSecret, password),
  };
}

async function addServiceAccount(url: string, name: string, secret: string, password: string): Promise<void> {
  const admin = new KeycloakAdminClient({ baseUrl: url, realmName: 'master' });
  await admin.auth({ grantType: 'password', clientId: 'admin-cli', username: name, password });
  const { id } = await admin.clients.create({
    clientId: name,
    secret,
    publicClient: false,
    standardFlowEnabled: false,
    serviceAccountsEnabled: true,
  });
  const account = await admin.clients.getServiceAccountUser({ id });
  const role = await admin.roles.findOneByName({ name: 'admin' });
  const roles = [{ id: role?.id as string, name: 'admin' }];
  await admin.users.addRealmRoleMappings({ id: account.id as string, roles });
}
