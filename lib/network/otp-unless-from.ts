import type { NetworkRule } from '../../resource-server/networks';
import type { SingleFactor } from '../assurance/factor';
import { conditionalOtp } from '../flow/conditional-otp';
import { nameProblem } from '../flow/header-pattern';
import type { Problem } from '../support/configuration-error';
import { addressPattern } from './address-pattern';

export interface TrustedHeader {
  /**
   * Name of the request header in which the proxy in front of Keycloak tells the client's address: exactly that, one address
   * alone, written as the proxy sends the name (`X-Client-Address`).
   *
   * The proxy must *replace* the header on every request, and Keycloak must be reached through it alone: a header that a
   * client sends itself is believed, and of several lines of one name any is enough.
   */
  readonly header: string;
}

/**
 * A one-time password, which is not asked for when the login comes from one of the networks
 * (`auth-conditional-otp-form` with `noOtpRequiredForHeaderPattern`, and `force` as the default).
 *
 * A level that is proved by this factor is reached from those networks without a one-time password, and its acr does not
 * tell; `amr` is `otp-or-network` either way. The session keeps the level wherever the user goes then. To bind a request
 * itself to a network, use `from` of the resource server.
 *
 * Source: Server Administration Guide, "Conditional OTP form" of "Authentication flows".
 *
 * The level that is proved by it refuses a header that is no name, and `Forwarded`, whose value is more than an address.
 */
export function otpUnlessFrom(networks: NetworkRule, { header }: TrustedHeader): SingleFactor {
  return conditionalOtp({
    maker: 'otpUnlessFrom',
    name: 'otp-unless-from',
    amr: 'otp-or-network',
    problem: nameProblem(header, 'X-Client-Address') ?? listProblem(header),
    config: () => ({
      noOtpRequiredForHeaderPattern: `${header}: ${addressPattern(networks)}`,
      defaultOtpOutcome: 'force',
    }),
  });
}

function listProblem(header: string): Problem | undefined {
  if (header.toLowerCase() !== 'forwarded') return undefined;
  return {
    value: `header "${header}"`,
    why: 'its value is a list of parameters (RFC 7239), not an address',
    instead: 'Let your proxy set a header of its own, for example "X-Client-Address"',
  };
}
