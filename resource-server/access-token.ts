// jose is an ES module, whose types a CommonJS program can name in this way alone.
import type { JWTPayload } from 'jose' with { 'resolution-mode': 'import' };
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

/** What a verified access token says. */
export interface AccessToken {
  /** All its claims. */
  readonly claims: JWTPayload;
  /** The level that the login reached. */
  readonly acr?: string;
  /** How: the reference values of what the user proved, each counted for as long as its own max age says. */
  readonly amr: readonly string[];
  /** When the user last proved anything in this session, in seconds since 1970. */
  readonly authTime?: number;
}

/** The token was refused; the message is fit for the client. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken';
}

/** The issuer's keys can't be had now, so nothing can be said of any token. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
  /** Express and others answer with this status. */
  readonly status = 503;
}

export interface VerifierOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri: string;
  /** Seconds. */
  readonly clockTolerance: number;
}

/** Signatures by a key pair. A symmetric one would be made with a secret that the resource server knows too. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Errors of jose that say something of the token; all others are about the issuer's keys. */
const TOKEN_ERRORS = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
];

/**
 * Makes a function that verifies access tokens in JWT form: signature, issuer, audience, lifetime, and that it is an
 * access token which whoever holds it may use. The issuer's keys are fetched when needed and kept.
 *
 * Source: RFC 9068, section 4; RFC 9700, section 2.3.
 *
 * The function rejects with InvalidToken or IssuerUnavailable.
 */
export function verifier({ jwksUri, ...options }: VerifierOptions): (token: string) => Promise<AccessToken> {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  return async (token) => {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      ...options,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'iat'],
    }).catch((error: unknown) => {
      if (error instanceof errors.JWTExpired) throw new InvalidToken('The access token expired');
      if (TOKEN_ERRORS.some((type) => error instanceof type)) throw new InvalidToken('The access token is invalid');
      throw new IssuerUnavailable(`The keys at ${jwksUri} can't be had`, { cause: error });
    });
    if (!isAccessToken(protectedHeader.typ, payload.typ)) throw new InvalidToken('The token is not an access token');
    if (payload.cnf !== undefined) throw new InvalidToken('The access token is bound to a key that was not shown');
    return {
      claims: payload,
      amr: Array.isArray(payload.amr) ? payload.amr.map(String) : [],
      ...(typeof payload.acr === 'string' && { acr: payload.acr }),
      ...(typeof payload.auth_time === 'number' && { authTime: payload.auth_time }),
    };
  };
}

/**
 * An ID token or a logout token is signed with the same keys. Keycloak tells them apart by the claim `typ`; the header is
 * RFC 9068's way, which a client of Keycloak can be set to.
 */
function isAccessToken(headerType: unknown, claimedType: unknown): boolean {
  return claimedType === 'Bearer' || /^(application\/)?at\+jwt$/i.test(String(headerType));
}
