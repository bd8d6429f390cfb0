import { type KeycloakOptions, type KeycloakServer, startKeycloak } from '../../../sandbox/keycloak';
import { publishedKeycloak, publishKeycloak } from '../support/shared';

/**
 * What the run lacks for a Keycloak of a test's own.
 *
 * @param extra what that one is to have
 */
export function missingForOwnKeycloak(extra?: string): string | undefined {
  const keycloak = publishedKeycloak();
  if ('missing' in keycloak) return keycloak.missing;
  const needed = `KEYCLOAK_URL is set: this needs a Keycloak of its own${extra === undefined ? '' : `, with ${extra}`}`;
  return process.env.KEYCLOAK_URL ? needed : undefined;
}

/**
 * Starts a Keycloak for the tests of this block alone, in place of the run's: `testKeycloak` and what rests on it then mean
 * this one. Call it before anything that makes realms in the block.
 *
 * @param options called before the start
 */
export function withOwnKeycloak(options: () => Promise<KeycloakOptions>): () => KeycloakServer {
  let server: KeycloakServer | undefined;
  beforeAll(async () => {
    server = await startKeycloak(await options());
    // Jest gives each test file an environment of its own, so no other file sees this.
    publishKeycloak({ url: server.url, clientId: server.clientId, clientSecret: server.clientSecret });
  }, 240_000);
  afterAll(() => server?.stop());
  return () => {
    if (!server) throw new Error('Keycloak is not started yet');
    return server;
  };
}
