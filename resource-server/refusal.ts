import { ALGORITHMS } from './algorithms';

/** An answer to a request that is not let through: ready to be sent. */
export interface Refusal {
  readonly granted: false;
  readonly status: 400 | 401 | 403;
  readonly headers: Readonly<Record<string, string>>;
  /** The same error as in the header, for clients that can't read that one (CORS). Sent as JSON. */
  readonly body: Readonly<Record<string, string | number>>;
}

type Parameters = Readonly<Record<string, string | number | undefined>>;

/** The scheme in which a token is shown. */
export type Scheme = 'Bearer' | 'DPoP';

/** The answers of one resource server. */
export class Refusals {
  /**
   * @param realm name of the resource server
   * @param schemes those in which it takes tokens
   */
  constructor(
    private readonly realm: string,
    private readonly schemes: readonly Scheme[],
  ) {}

  /** No credentials, or those of another scheme: says which schemes are wanted, and no error. Source: RFC 6750, section 3.1. */
  missingToken(): Refusal {
    const body = { error_description: 'An access token is required' };
    return answer(
      401,
      this.schemes.map((scheme) => challenge(scheme, { realm: this.realm })),
      body,
    );
  }

  /** The Authorization header is malformed. Source: RFC 6750, section 3.1. */
  malformedRequest(scheme: Scheme): Refusal {
    const error = { error: 'invalid_request', error_description: 'The Authorization header is malformed' };
    return answer(400, [challenge(scheme, error)], error);
  }

  /**
   * The token is expired, forged, for somebody else, no access token, or shown in the wrong scheme. Source: RFC 6750, section 3.1;
   * RFC 9449, section 7.1, which wants the other scheme named too.
   */
  invalidToken(scheme: Scheme, description: string): Refusal {
    const error = { error: 'invalid_token', error_description: description };
    const named = this.schemes.includes(scheme) ? scheme : (this.schemes[0] as Scheme);
    const others = this.schemes.filter((one) => one !== named);
    const challenges = [challenge(named, error), ...others.map((one) => challenge(one, { realm: this.realm }))];
    return answer(401, challenges, error);
  }

  /** The proof beside the token is not sound. Source: RFC 9449, section 7.1. */
  invalidProof(description: string): Refusal {
    const error = { error: 'invalid_dpop_proof', error_description: description };
    return answer(401, [challenge('DPoP', error)], error);
  }

  /** The proof lacks a nonce that is good. Source: RFC 9449, section 9. */
  nonceWanted(description: string, nonce: string): Refusal {
    const error = { error: 'use_dpop_nonce', error_description: description };
    const refusal = answer(401, [challenge('DPoP', error)], error);
    return { ...refusal, headers: { ...refusal.headers, 'DPoP-Nonce': nonce } };
  }

  /** The login behind the token is too weak or too old. Source: RFC 9470, section 3. */
  insufficientAuthentication(scheme: Scheme, description: string, acr: string, maxAge?: number): Refusal {
    const error = {
      error: 'insufficient_user_authentication',
      error_description: description,
      acr_values: acr,
      max_age: maxAge,
    };
    return answer(401, [challenge(scheme, error)], error);
  }
}

/** The request comes from outside the networks. No login helps, so there is no challenge. */
export function outsideNetworks(): Refusal {
  return {
    granted: false,
    status: 403,
    headers: { 'Cache-Control': 'no-store' },
    body: { error: 'access_denied', error_description: 'Not allowed from this network' },
  };
}

function answer(status: 400 | 401, challenges: readonly string[], body: Parameters): Refusal {
  return {
    granted: false,
    status,
    headers: { 'WWW-Authenticate': challenges.join(', '), 'Cache-Control': 'no-store' },
    body: Object.fromEntries(present(body)),
  };
}

/** Source: RFC 9110, section 11.6.1; of `algs`: RFC 9449, section 7.1. */
function challenge(scheme: Scheme, parameters: Parameters): string {
  const all = { ...parameters, ...(scheme === 'DPoP' && { algs: ALGORITHMS.join(' ') }) };
  const written = present(all).map(([name, value]) => `${name}="${String(value).replaceAll(/["\\]/g, '\\$&')}"`);
  return [scheme, written.join(', ')].filter(Boolean).join(' ');
}

function present(parameters: Parameters): [string, string | number][] {
  return Object.entries(parameters).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
}
