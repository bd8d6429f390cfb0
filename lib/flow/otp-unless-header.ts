import type { SingleFactor } from '../assurance/factor';
import type { Problem } from '../support/configuration-error';
import { conditionalOtp } from './conditional-otp';
import { type HeaderValue, headerProblem, valuePattern } from './header-pattern';

export interface TrustedHeaderValue {
  /**
   * Name of a request header that the proxy in front of Keycloak sets, written as the proxy sends it (`X-Device-Trust`).
   *
   * The proxy must *replace* the header on every request, and Keycloak must be reached through it alone: a header that a
   * client sends itself is believed.
   */
  readonly header: string;
  /**
   * The value that must be equal, or a regular expression (of Java too, without flags) that must match the whole value.
   * Neither looks at upper and lower case.
   */
  readonly value: string | RegExp;
}

/**
 * A one-time password, which is not asked for when the request has a header with the value (`auth-conditional-otp-form`
 * with `noOtpRequiredForHeaderPattern`, and `force` as the default). For addresses use `otpUnlessFrom`.
 *
 * A level that is proved by this factor is reached with such a header without a one-time password, and its acr does not
 * tell; `amr` is `otp-or-header` either way.
 *
 * Source: Server Administration Guide, "Conditional OTP form" of "Authentication flows".
 *
 * The level that is proved by it refuses a header that is no name or tells addresses, and a value that is empty, matches
 * the empty one or has flags.
 */
export function otpUnlessHeader(trusted: TrustedHeaderValue): SingleFactor {
  return conditionalOtp({
    maker: 'otpUnlessHeader',
    name: 'otp-unless-header',
    amr: 'otp-or-header',
    problem: headerProblem(trusted, 'X-Device-Trust') ?? emptyProblem(trusted),
    config: () => ({
      noOtpRequiredForHeaderPattern: `${trusted.header}: ${valuePattern(trusted)}`,
      defaultOtpOutcome: 'force',
    }),
  });
}

function emptyProblem(trusted: HeaderValue): Problem | undefined {
  if (!new RegExp(`^${valuePattern(trusted)}$`).test('')) return undefined;
  return {
    value: `value ${trusted.value}`,
    why: 'it is matched by a header without a value, so it says nothing',
    instead: 'Match the exact values that your proxy sends',
  };
}
