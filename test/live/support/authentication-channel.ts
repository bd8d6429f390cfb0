import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { decodeJwt } from 'jose';

/** What Keycloak tells the authentication channel of a backchannel authentication request. */
export interface AskedOnDevice {
  readonly login_hint: string;
  readonly scope: string;
  readonly acr_values?: string;
  readonly is_consent_required: boolean;
}

/**
 * The HTTP server that Keycloak asks to authenticate users on their devices (CIBA). This one asks nobody for anything: it tells Keycloak
 * what the test wants.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/index.html#_client_initiated_backchannel_authentication_grant
 */
export interface AuthenticationChannel {
  /** Runtime options of the Keycloak that uses it. */
  runtimeArguments(): readonly string[];
  /** What it was asked last. */
  asked(): AskedOnDevice | undefined;
  /** Answers what it was asked last. @returns the status of Keycloak's answer */
  answer(status: 'SUCCEED' | 'UNAUTHORIZED' | 'CANCELLED'): Promise<number>;
}

/** Opens a channel for the tests of this block. Call it before the Keycloak that uses it. */
export function withAuthenticationChannel(): AuthenticationChannel {
  let server: Server;
  let last: { readonly token: string; readonly request: AskedOnDevice } | undefined;
  beforeAll(async () => {
    const receive = async (request: IncomingMessage) => {
      const token = String(request.headers.authorization).replace(/^Bearer /, '');
      last = { token, request: (await json(request)) as AskedOnDevice };
    };
    server = createServer((request, response) => {
      receive(request).then(
        () => response.writeHead(201).end(),
        () => response.writeHead(400).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise<void>((resolve) => void server?.close(() => resolve())));
  return {
    runtimeArguments() {
      const { port } = server.address() as AddressInfo;
      const option = '--spi-ciba-auth-channel--ciba-http-auth-channel--http-authentication-channel-uri';
      return [`${option}=http://127.0.0.1:${port}/`];
    },
    asked: () => last?.request,
    async answer(status) {
      if (!last) throw new Error('Keycloak has asked for nothing');
      const { iss } = decodeJwt(last.token);
      const response = await fetch(`${iss}/protocol/openid-connect/ext/ciba/auth/callback`, {
        method: 'POST',
        headers: { authorization: `Bearer ${last.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ status }),
      });
      return response.status;
    },
  };
}
