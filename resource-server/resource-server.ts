import { type AccessToken, verifier } from './access-token';
import { clientAddress, type Peer } from './client-address';
import { type DpopOptions, type ProvenRequest, proofVerifier, type VerifyProof } from './dpop';
import { InvalidProof, InvalidToken, NonceWanted } from './invalid';
import { type Levels, satisfying } from './levels';
import { fromNetworks, type NetworkRule } from './networks';
import { outsideNetworks, type Refusal, Refusals, type Scheme } from './refusal';

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
   * Seconds by which the clocks of Keycloak and this server may differ, from 0 to 300. An expired token is good for as long.
   * @default 5
   */
  readonly clockTolerance?: number;
  /**
   * How tokens that are bound to a key (DPoP, RFC 9449) are taken.
   * @default they are refused
   */
  readonly dpop?: DpopOptions;
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
export interface ProtectedRequest extends Peer, ProvenRequest {
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

/** Source: RFC 6750, section 2.1; RFC 9449, section 7.1. */
const CREDENTIALS = /^(Bearer|DPoP)\b(?: +([A-Za-z0-9._~+/-]+=*) *$)?/i;

/** Five minutes: a clock that is off by more is broken, and should be set. */
const MOST_TOLERANCE = 300;

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
  private readonly verifyProof?: VerifyProof;
  private readonly refusals: Refusals;
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
    if (!Number.isInteger(clockTolerance) || clockTolerance < 0 || clockTolerance > MOST_TOLERANCE) {
      throw new TypeError(
        `clockTolerance ${clockTolerance}: expired tokens are taken for as long. Write whole seconds from 0 to ${MOST_TOLERANCE}.`,
      );
    }
    this.verify = verifier({ issuer, audience, jwksUri, clockTolerance });
    if (options.dpop) this.verifyProof = proofVerifier(options.dpop, clockTolerance);
    this.refusals = new Refusals(audience, schemesOf(options.dpop));
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
      const [, written, presented] = CREDENTIALS.exec(request.authorization ?? '') ?? [];
      const scheme: Scheme = /^DPoP$/i.test(written ?? '') ? 'DPoP' : 'Bearer';
      if (written === undefined || (scheme === 'DPoP' && !this.verifyProof)) return this.refusals.missingToken();
      if (presented === undefined) return this.refusals.malformedRequest(scheme);
      try {
        const token = await this.verified(presented, scheme, request);
        if (!enough.has(token.acr ?? '')) {
          const description = 'A different authentication level is required';
          return this.refusals.insufficientAuthentication(scheme, description, acr, maxAge);
        }
        if (!this.isFresh(token, maxAge) || !(amr?.some((one) => token.amr.includes(one)) ?? true)) {
          const description = 'More recent authentication is required';
          return this.refusals.insufficientAuthentication(scheme, description, acr, maxAge);
        }
        return { granted: true, token };
      } catch (error) {
        if (error instanceof InvalidToken) return this.refusals.invalidToken(scheme, error.message);
        if (error instanceof InvalidProof) return this.refusals.invalidProof(error.message);
        if (error instanceof NonceWanted) return this.refusals.nonceWanted(error.message, error.nonce);
        throw error;
      }
    };
  }

  /** The token, if whoever sent it may use it. */
  private async verified(presented: string, scheme: Scheme, request: ProtectedRequest): Promise<AccessToken> {
    const token = await this.verify(presented);
    if (token.boundTo === undefined) {
      if (scheme === 'DPoP') throw new InvalidToken('The access token is bound to no key');
      if (this.options.dpop?.required) throw new InvalidToken('The access token must be bound to a key');
      return token;
    }
    if (scheme === 'Bearer' || !this.verifyProof) {
      throw new InvalidToken('The access token is bound to a key that was not shown');
    }
    await this.verifyProof(request, presented, token.boundTo);
    return token;
  }

  private isFresh({ authTime }: AccessToken, maxAge?: number): boolean {
    if (maxAge === undefined) return true;
    if (authTime === undefined) return false;
    return Math.floor(Date.now() / 1000) - authTime <= maxAge;
  }
}

function schemesOf(dpop: DpopOptions | undefined): readonly Scheme[] {
  if (!dpop) return ['Bearer'];
  return dpop.required ? ['DPoP'] : ['Bearer', 'DPoP'];
}

function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}
