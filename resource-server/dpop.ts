import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, errors, type JWTVerifyResult, jwtVerify } from 'jose';
import { ALGORITHMS } from './algorithms';
import { InvalidProof, NonceWanted } from './invalid';
import type { Nonces } from './nonces';
import { inMemoryReplayGuard, type ReplayGuard } from './replay-guard';

/** How tokens that are bound to a key (DPoP, RFC 9449) are taken. */
export interface DpopOptions {
  /**
   * The URL under which clients reach this server, up to where its own paths begin: `https://orders.example.com`. A proof is for
   * one URL, and what a request says of its own host is the sender's word.
   */
  readonly url: string;
  /**
   * Whether tokens that are bound to no key are refused.
   * @default false: both kinds are taken, each in its own scheme
   */
  readonly required?: boolean;
  /**
   * Seconds after its time of issue that a proof is good for, from 1 to 300; the clock tolerance comes on top.
   * @default 60
   */
  readonly lifetime?: number;
  /** @default of this process: see {@link inMemoryReplayGuard} */
  readonly replayGuard?: ReplayGuard;
  /** @default none: proofs need no nonce */
  readonly nonces?: Nonces;
}

/** A request, in the parts that a proof is about. */
export interface ProvenRequest {
  /** The DPoP header; several lines of it joined by commas, as Node does, are no proof. */
  readonly dpop?: string;
  /** The method, as in the request line. */
  readonly method?: string;
  /** The path and query, as in the request line. */
  readonly target?: string;
}

/** Verifies the proof of a request that shows a token which is bound to the key of that thumbprint. */
export type VerifyProof = (request: ProvenRequest, token: string, boundTo: string) => Promise<void>;

/** Longer than any client needs. */
const LONGEST_JTI = 512;

/** Members of a JWK that only its owner may know. Source: RFC 7518, section 6. */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Makes a function that verifies the proof beside a bound token, and notes it as used.
 *
 * Source: RFC 9449, sections 4.3 and 7.
 *
 * The function rejects with InvalidProof or NonceWanted, or as the replay guard does.
 *
 * @throws TypeError on options that can't be used
 */
export function proofVerifier(options: DpopOptions, clockTolerance: number): VerifyProof {
  const { lifetime = 60, replayGuard = inMemoryReplayGuard(), nonces } = options;
  const base = baseOf(options.url);
  if (!Number.isInteger(lifetime) || lifetime < 1 || lifetime > 300) {
    throw new TypeError(
      `dpop.lifetime ${lifetime}: a stolen proof would be good for long, or none for any time. Write whole seconds from 1 to 300.`,
    );
  }
  return async (request, token, boundTo) => {
    const { payload, protectedHeader } = await verified(request.dpop, clockTolerance);
    const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk as object);
    if (thumbprint !== boundTo) throw new InvalidProof('The DPoP proof is of another key than the access token');
    const { htm, htu, ath, iat, jti, nonce } = payload;
    if (request.method === undefined || htm !== request.method) {
      throw new InvalidProof('The DPoP proof is for another method');
    }
    const target = targetOf(base, request.target);
    if (target === undefined || target !== uriOf(htu)) throw new InvalidProof('The DPoP proof is for another URL');
    if (ath !== createHash('sha256').update(token).digest('base64url')) {
      throw new InvalidProof('The DPoP proof is for another access token');
    }
    const age = Math.floor(Date.now() / 1000) - Number(iat);
    if (!(age <= lifetime + clockTolerance && age >= -clockTolerance)) {
      throw new InvalidProof('The DPoP proof is too old, or of the future');
    }
    if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) {
      throw new InvalidProof('The DPoP proof has no usable jti');
    }
    if (nonces && !(typeof nonce === 'string' && nonces.accepts(nonce))) throw new NonceWanted(nonces.issue());
    const id = createHash('sha256').update(`${thumbprint} ${jti}`).digest('base64url');
    const until = (Number(iat) + lifetime + clockTolerance + 1) * 1000;
    if ((await replayGuard.firstUse(id, until)) !== true) throw new InvalidProof('The DPoP proof was used before');
  };
}

async function verified(proof: string | undefined, clockTolerance: number): Promise<JWTVerifyResult> {
  if (proof === undefined) throw new InvalidProof('The access token is bound to a key, and no DPoP proof was sent');
  const result = await jwtVerify(proof, EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ALGORITHMS,
    requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
    clockTolerance,
  }).catch((error: unknown) => {
    // A key that Web Crypto can't read is an error of its own kind.
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException) {
      throw new InvalidProof('The DPoP proof is invalid');
    }
    throw error;
  });
  const key = Object.keys(Object(result.protectedHeader.jwk));
  if (PRIVATE.some((member) => key.includes(member))) throw new InvalidProof('The DPoP proof shows a private key');
  return result;
}

function baseOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || /[?#]/.test(url) || parsed.username || parsed.password) {
    throw new TypeError(
      `dpop.url ${JSON.stringify(url)}: no proof could be for it. Write the URL under which clients reach this server, for example "https://orders.example.com".`,
    );
  }
  return parsed.href.replace(/\/+$/, '');
}

/**
 * The URL that a request is for, without its query.
 *
 * @returns undefined for a path that can be read in two ways, such as `/public/../payments`: the proof would be for the one and the
 * handler for the other
 */
function targetOf(base: string, target: string | undefined): string | undefined {
  const [path] = target?.split(/[?#]/, 1) ?? [];
  if (!path?.startsWith('/') || !URL.canParse(`${base}${path}`)) return undefined;
  const url = new URL(`${base}${path}`);
  return url.href === `${base}${path}` ? withUpperCase(url.href) : undefined;
}

/** The URL of a proof, without query and fragment. Source: RFC 9449, section 4.3; RFC 3986, sections 6.2.2 and 6.2.3. */
function uriOf(htu: unknown): string | undefined {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return undefined;
  const url = new URL(htu);
  url.search = '';
  url.hash = '';
  return withUpperCase(url.href);
}

function withUpperCase(url: string): string {
  return url.replace(/%[0-9a-f]{2}/gi, (encoded) => encoded.toUpperCase());
}
