/** An answer to a request that is not let through: ready to be sent. */
export interface Refusal {
  readonly granted: false;
  readonly status: 400 | 401 | 403;
  readonly headers: Readonly<Record<string, string>>;
  /** The same error as in the header, for clients that can't read that one (CORS). Sent as JSON. */
  readonly body: Readonly<Record<string, string | number>>;
}

type Parameters = Readonly<Record<string, string | number | undefined>>;

/** No credentials, or those of another scheme: says which scheme is wanted, and no error. Source: RFC 6750, section 3.1. */
export function missingToken(realm: string): Refusal {
  return challenge(401, { realm }, { error_description: 'An access token is required' });
}

/** The Authorization header is malformed. Source: RFC 6750, section 3.1. */
export function malformedRequest(): Refusal {
  return challenge(400, { error: 'invalid_request', error_description: 'The Authorization header is malformed' });
}

/** The token is expired, forged, for somebody else, or no access token. Source: RFC 6750, section 3.1. */
export function invalidToken(description: string): Refusal {
  return challenge(401, { error: 'invalid_token', error_description: description });
}

/** The login behind the token is too weak or too old. Source: RFC 9470, section 3. */
export function insufficientAuthentication(description: string, acr: string, maxAge?: number): Refusal {
  return challenge(401, {
    error: 'insufficient_user_authentication',
    error_description: description,
    acr_values: acr,
    max_age: maxAge,
  });
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

function challenge(status: 400 | 401, parameters: Parameters, body: Parameters = parameters): Refusal {
  return {
    granted: false,
    status,
    headers: {
      'WWW-Authenticate': `Bearer ${present(parameters)
        .map(([name, value]) => `${name}="${String(value).replaceAll(/["\\]/g, '\\$&')}"`)
        .join(', ')}`,
      'Cache-Control': 'no-store',
    },
    body: Object.fromEntries(present(body)),
  };
}

function present(parameters: Parameters): [string, string | number][] {
  return Object.entries(parameters).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
}
