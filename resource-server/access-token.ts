// jose is an ES module, whose types a CommonJS program can name in this way alone.
import type { JWTPayload } from 'jose' with { 'resolution-mode': 'import' };
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { ALGORITHMS } from './algorithms';
import { InvalidToken } from './invalid';

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
  /** Thumbprint of the key that the token is bound to (`cnf.jkt`, RFC 9449, section 6.1). Whoever uses the token must prove to have it. */
  readonly boundTo?: string;
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
 * Makes a function that verifies access tokens in JWT form: signature, issuer, audience, times, and that it is an access token.
 * Of a token that is bound to a key it says which; whether the sender has that key is for the caller to find out. The issuer's
 * keys are fetched when needed and kept.
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
    const boundTo = keyOf(payload.cnf);
    if (!isAccessToken(protectedHeader.typ, payload.typ, boundTo !== undefined)) {
      throw new InvalidToken('The token is not an access token');
    }
    insistOnTimes(payload, options.clockTolerance);
    return {
      claims: payload,
      amr: Array.isArray(payload.amr) ? payload.amr.map(String) : [],
      ...(typeof payload.acr === 'string' && { acr: payload.acr }),
      ...(typeof payload.auth_time === 'number' && { authTime: payload.auth_time }),
      ...(boundTo !== undefined && { boundTo }),
    };
  };
}

/**
 * An ID token, a refresh token and a logout token are signed with the same keys. Keycloak tells them apart by the claim `typ`,
 * RFC 9068 by the header, which a client of Keycloak can be set to: each of the two that is there must say "access token", and
 * one must be there.
 */
function isAccessToken(header: unknown, claim: unknown, bound: boolean): boolean {
  const isTyped = typeof header === 'string' && /^(application\/)?at\+jwt$/i.test(header);
  if (!isTyped && header !== undefined && !/^JWT$/i.test(String(header))) return false;
  if (claim === undefined) return isTyped;
  return claim === 'Bearer' || (bound && claim === 'DPoP');
}

/**
 * The thumbprint in `cnf`. There are other ways to bind a token (a client certificate, RFC 8705), which are not known here: what
 * is bound in such a way is nobody's.
 */
function keyOf(cnf: unknown): string | undefined {
  if (cnf === undefined) return undefined;
  // Keycloak says with a member of its own what the thumbprint is for.
  const { jkt, 'kc-jkt-type': use = 'DPoP', ...others } = Object(cnf) as Record<string, unknown>;
  if (typeof jkt === 'string' && use === 'DPoP' && Object.keys(others).length === 0) return jkt;
  throw new InvalidToken('The access token is bound to a key in a way that is not known here');
}

/** What says that it is of the future, or ended before it began, was not made by an issuer whose clock can be believed. */
function insistOnTimes({ iat, exp, auth_time: authTime }: JWTPayload, tolerance: number): void {
  const now = Math.floor(Date.now() / 1000);
  const [issued, ends] = [Number(iat), Number(exp)];
  if (!Number.isFinite(ends) || ends < issued) throw new InvalidToken('The access token is invalid');
  const latest = Math.max(issued, typeof authTime === 'number' ? authTime : 0);
  if (latest > now + tolerance) throw new InvalidToken('The access token is of the future');
}
