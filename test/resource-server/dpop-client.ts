import { createHash, randomUUID } from 'node:crypto';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { seconds } from './issuer';

/** What a proof says otherwise than a sound one. */
export interface ProofChanges {
  readonly claims?: JWTPayload;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: CryptoKey | Uint8Array;
}

/** A client with a key of its own, which proves to have it with each request (RFC 9449, section 4.2). */
export class DpopClient {
  private constructor(
    readonly alg: string,
    readonly privateKey: CryptoKey,
    readonly jwk: JWK,
    /** What the issuer writes into `cnf.jkt`. */
    readonly thumbprint: string,
  ) {}

  static async create(alg = 'ES256'): Promise<DpopClient> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(publicKey);
    return new DpopClient(alg, privateKey, jwk, await calculateJwkThumbprint(jwk));
  }

  /** The value of the header DPoP for a request with this access token, if any. */
  proof(method: string, url: string, token?: string, changes: ProofChanges = {}): Promise<string> {
    const ath = token && { ath: createHash('sha256').update(token).digest('base64url') };
    return new SignJWT({ jti: randomUUID(), htm: method, htu: url, iat: seconds(), ...ath, ...changes.claims })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: this.alg, jwk: this.jwk, ...changes.header })
      .sign(changes.key ?? this.privateKey);
  }
}
