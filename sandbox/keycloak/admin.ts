import KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { KeycloakServer } from './options';

/** Of an access token's life of 60 s, the default of the realm master, some is left for the request under way. */
const RENEW_MS = 40_000;

/**
 * An Admin REST API client that is signed in as the server's service account and renews its token when needed.
 *
 * @throws if the server refuses the service account
 */
export async function adminClient(
  server: Pick<KeycloakServer, 'url' | 'clientId' | 'clientSecret'>,
): Promise<KeycloakAdminClient> {
  const client = new KeycloakAdminClient({ baseUrl: server.url, realmName: 'master' });
  const signIn = async () => {
    await client.auth({
      grantType: 'client_credentials',
      clientId: server.clientId,
      clientSecret: server.clientSecret,
    });
    const token = client.accessToken as string;
    return { token, since: namesRoles(token) ? Number.NEGATIVE_INFINITY : Date.now() };
  };
  let current = signIn();
  await current;
  client.registerTokenProvider({
    async getAccessToken() {
      if (Date.now() - (await current).since > RENEW_MS) current = signIn();
      return (await current).token;
    },
  });
  return client;
}

/**
 * Whether the token itself says which realms it may manage, as those of releases before 26 do: it then doesn't know of a realm that
 * was made after it, so that each request needs a new one.
 */
function namesRoles(token: string): boolean {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return claims.resource_access !== undefined;
}
