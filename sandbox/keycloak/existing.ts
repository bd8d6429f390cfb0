import { CannotRun } from '../cannot-run';
import { during, silent } from '../progress';
import { adminClient } from './admin';
import type { KeycloakOptions, KeycloakServer } from './options';

/**
 * The server that the user names by KEYCLOAK_URL, with the service account KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET of its
 * realm `master`, which needs the realm role `admin`. It is left running.
 *
 * @throws CannotRun if a variable is missing, nothing answers there or the service account is refused
 */
export async function existing(options: KeycloakOptions): Promise<KeycloakServer> {
  const env = options.env ?? process.env;
  const clientId = env.KEYCLOAK_CLIENT_ID;
  const clientSecret = env.KEYCLOAK_CLIENT_SECRET;
  const url = (env.KEYCLOAK_URL ?? '').replace(/\/+$/, '');
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new CannotRun(
      `KEYCLOAK_URL is ${url.replace(/\/\/.*@/, '//…@')}: give the base URL of a Keycloak, for example http://localhost:8080`,
    );
  }
  if (new URL(url).username || new URL(url).password) {
    throw new CannotRun(
      'KEYCLOAK_URL has a user name or password in it, which messages would show: leave them out, and set KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET',
    );
  }
  if (!clientId || !clientSecret) {
    throw new CannotRun(
      'KEYCLOAK_URL is set without KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET: set both to a service account of the realm master with the role admin',
    );
  }
  const server = { url, clientId, clientSecret };
  const version = await during(options.progress ?? silent, `Connecting to Keycloak at ${url}`, () => connect(server));
  const wanted = options.version ?? env.KEYCLOAK_VERSION;
  if (wanted && wanted !== version) {
    throw new CannotRun(`Keycloak at ${url} is ${version}, not ${wanted}: unset KEYCLOAK_URL to have that one started`);
  }
  return { ...server, version, origin: 'existing', stop: async () => {} };
}

/** @returns the release */
async function connect(server: Pick<KeycloakServer, 'url' | 'clientId' | 'clientSecret'>): Promise<string> {
  const discovery = `${server.url}/realms/master/.well-known/openid-configuration`;
  const answer = await fetch(discovery, { signal: AbortSignal.timeout(15_000) }).catch((error: Error) => {
    const cause = error.cause as NodeJS.ErrnoException | undefined;
    const reason = cause?.code ?? cause?.message ?? error.message;
    throw new CannotRun(`No server answers at KEYCLOAK_URL ${server.url} (${reason}): start it, or unset KEYCLOAK_URL`);
  });
  if (!answer.ok) {
    throw new CannotRun(
      `KEYCLOAK_URL ${server.url} answers, but not as a Keycloak (status ${answer.status}): give its base URL, with its path if it has one`,
    );
  }
  const admin = await adminClient(server).catch(() => {
    throw new CannotRun(
      `Keycloak at ${server.url} refuses KEYCLOAK_CLIENT_ID ${server.clientId}: check its secret, and that it has a service account with the role admin of the realm master`,
    );
  });
  const { systemInfo } = await admin.serverInfo.find().catch(() => ({ systemInfo: undefined }));
  return systemInfo?.version ?? 'of an unknown release';
}
