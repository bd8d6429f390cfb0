import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** An issuer of tokens with a key set that it serves, as Keycloak does. */
export class Issuer {
  readonly url: string;
  /** How often the key set was fetched. */
  fetches = 0;

  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
  ) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/acme`;
  }

  static async start(): Promise<Issuer> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', use: 'sig', alg: 'RS256' }] });
    let issuer: Issuer;
    const server = createServer((request, response) => {
      const known = request.url === '/realms/acme/protocol/openid-connect/certs';
      issuer.fetches++;
      response.writeHead(known ? 200 : 404, { 'Content-Type': 'application/json' }).end(known ? jwks : '{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = new Issuer(server, privateKey);
    return issuer;
  }

  /** An access token as Keycloak issues it: of a gold login just now, by password and one-time password. */
  token(
    claims: JWTPayload = {},
    header: { typ?: string; key?: CryptoKey | Uint8Array; alg?: string } = {},
  ): Promise<string> {
    const now = seconds();
    return new SignJWT({
      iss: this.url,
      aud: ['orders-api', 'account'],
      sub: 'bob',
      typ: 'Bearer',
      azp: 'shop',
      iat: now,
      exp: now + 300,
      auth_time: now,
      acr: 'gold',
      amr: ['pwd', 'otp'],
      ...claims,
    })
      .setProtectedHeader({ alg: header.alg ?? 'RS256', typ: header.typ ?? 'JWT', kid: 'one' })
      .sign(header.key ?? this.key);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
