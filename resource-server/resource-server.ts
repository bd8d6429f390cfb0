import { type AccessToken, InvalidToken, verifier } from './access-token';
import { clientAddress, type Peer } from './client-address';
import { type Levels, satisfying } from './levels';
import { fromNetworks, type NetworkRule } from './networks';
import {
  insufficientAuthentication,
  invalidToken,
  malformedRequest,
  missingToken,
  outsideNetworks,
  type Refusal,
} from './refusal';

export interface ResourceServerOptions {
  /** The realm's base URL, as the tokens' `iss` has it: `https://keycloak.example.com/realms/acme`. */
  readonly issuer: string;
  /** Name of this resource server, which must be in the tokens' `aud`. */
  readonly audience: string;
  /** The realm's levels, to know which acr is enough: names from the lowest up, or the acr map `{ silver: 1, gold: 2 }`. */
  readonly levels: Levels;
  /**
   * Where the issuer's keys are fetched, should this server reach Keycloak by another name than its users do.
   * @default Keycloak's: `<issuer>/protocol/openid-connect/certs`
   */
  readonly jwksUri?: string;
  /**
   * Proxies in front of this server, in CIDR notation. Each must append the address of its peer to X-Forwarded-For. Name them
   * exactly: an address in here is never taken for a client.
   * @default none: X-Forwarded-For is ignored
   */
  readonly trustedProxies?: readonly string[];
  /**
   * Seconds by which the clocks of Keycloak and this server may differ.
   * @default 5
   */
  readonly clockTolerance?: number;
}

/** What a request needs. */
export interface Requirement {
  /** The level: this one or a higher one. */
  readonly acr: string;
  /**
   * Seconds since the user last proved anything (`auth_time`), a whole number from 1. In Keycloak a password counts for it
   * too: together with {@link amr} it says that the proof of the level is fresh.
   * @default as old as Keycloak's sessions get
   */
  readonly maxAge?: number;
  /**
   * Ways by which the level can have been proved (claim `amr`), of which the token must have one. Keycloak leaves a value out
   * of tokens that it issues after the value's max age, refreshed ones included, which it does not do with `acr`.
   * @default not looked at
   */
  readonly amr?: readonly [string, ...string[]];
  /**
   * Networks from which the request must come.
   * @default anywhere
   */
  readonly from?: NetworkRule;
}

/** A request, in the parts that are looked at. */
export interface ProtectedRequest extends Peer {
  /** The Authorization header. */
  readonly authorization?: string;
}

/** A request that is let through. */
export interface Grant {
  readonly granted: true;
  readonly token: AccessToken;
}

/** Decides about requests for one thing. */
export type Guard = (request: ProtectedRequest) => Promise<Grant | Refusal>;

/** Source: RFC 6750, section 2.1. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Decides, for any HTTP framework, whether the login behind an access token is strong and fresh enough, and answers as RFC
 * 9470 says if it is not.
 *
 * Only tokens in the Authorization header are taken. Tokens are verified here, without a call to Keycloak: one that was
 * revoked is let through until it expires.
 *
 * @throws TypeError on options that can't be used
 */
export class ResourceServer {
  private readonly verify: (token: string) => Promise<AccessToken>;
  private readonly trustedProxies?: NetworkRule;

  constructor(private readonly options: ResourceServerOptions) {
    const { issuer, audience, clockTolerance = 5 } = options;
    const jwksUri = options.jwksUri ?? `${issuer}/protocol/openid-connect/certs`;
    if (!isSafe(issuer) || !isSafe(jwksUri)) {
      throw new TypeError(
        `issuer ${JSON.stringify(issuer)}, keys at ${JSON.stringify(jwksUri)}: keys that come without TLS can be anybody's. Write https URLs; http is for loopback only.`,
      );
    }
    if (!audience) {
      throw new TypeError(
        'audience "": tokens for other services would be taken. Write the name of this resource server.',
      );
    }
    this.verify = verifier({ issuer, audience, jwksUri, clockTolerance });
    if (options.trustedProxies) this.trustedProxies = fromNetworks(options.trustedProxies);
  }

  /**
   * Makes the decision for one requirement, which is checked now, at the server's start.
   *
   * The guard rejects with IssuerUnavailable (status 503) if Keycloak's keys can't be had.
   *
   * @throws TypeError on an acr that is none of the levels, and on a max age that is no whole number from 1
   */
  requires(requirement: Requirement): Guard {
    const { acr, maxAge, amr, from } = requirement;
    const enough = satisfying(this.options.levels, acr);
    if (maxAge !== undefined && !(Number.isInteger(maxAge) && maxAge >= 1)) {
      throw new TypeError(`maxAge ${maxAge}: no login can be that fresh. Write whole seconds from 1, or leave it out.`);
    }
    return async (request) => {
      const address = from && clientAddress(request, this.trustedProxies);
      if (from && !(address && from.contains(address))) return outsideNetworks();
      if (!/^Bearer\b/i.test(request.authorization ?? '')) return missingToken(this.options.audience);
      const [, presented] = BEARER.exec(request.authorization ?? '') ?? [];
      if (presented === undefined) return malformedRequest();
      try {
        const token = await this.verify(presented);
        if (!enough.has(token.acr ?? '')) {
          return insufficientAuthentication('A different authentication level is required', acr, maxAge);
        }
        if (!this.isFresh(token, maxAge) || !(amr?.some((one) => token.amr.includes(one)) ?? true)) {
          return insufficientAuthentication('More recent authentication is required', acr, maxAge);
        }
        return { granted: true, token };
      } catch (error) {
        if (error instanceof InvalidToken) return invalidToken(error.message);
        throw error;
      }
    };
  }

  private isFresh({ authTime }: AccessToken, maxAge?: number): boolean {
    if (maxAge === undefined) return true;
    if (authTime === undefined) return false;
    const age = Math.floor(Date.now() / 1000) - authTime;
    return age <= maxAge && age >= -(this.options.clockTolerance ?? 5);
  }
}

function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}
