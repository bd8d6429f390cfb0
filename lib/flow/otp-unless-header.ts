import { Factor, type SingleFactor } from '../assurance/factor';
import { ConfigurationError } from '../support/configuration-error';

export interface TrustedHeaderValue {
  /**
   * Name of a request header that the proxy in front of Keycloak sets, written as the proxy sends it (`X-Device-Trust`).
   *
   * The proxy must *replace* the header on every request, and Keycloak must be reached through it alone: a header that a
   * client sends itself is believed.
   */
  readonly header: string;
  /** The value that must be equal, or a regular expression (of Java too, without flags) that must match the whole value. */
  readonly value: string | RegExp;
}

const HEADER = /^[A-Za-z][A-Za-z0-9-]*$/;

/**
 * A one-time password, which is not asked for when the request has a header with the value (`auth-conditional-otp-form`
 * with `noOtpRequiredForHeaderPattern`, and `force` as the default). For addresses use `otpUnlessFrom`.
 *
 * A level that is proved by this factor is reached with such a header without a one-time password, and its acr does not
 * tell; `amr` is `otp-or-header` either way.
 *
 * Source: Server Administration Guide, "Conditional OTP form" of "Authentication flows".
 *
 * @throws ConfigurationError on a header that is no name, a value that is empty or matches the empty one, and flags
 */
export function otpUnlessHeader({ header, value }: TrustedHeaderValue): SingleFactor {
  refuseUnless(HEADER.test(header), `header ${JSON.stringify(header)}`, {
    why: 'it is no name of a header',
    instead: 'Name the header that your proxy sets, for example "X-Device-Trust"',
  });
  refuseUnless(typeof value === 'string' || value.flags === '', `value ${value}`, {
    why: 'Keycloak takes a Java regular expression without flags',
    instead: 'Leave the flags out, and write [Yy]es for /yes/i',
  });
  const pattern = typeof value === 'string' ? value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&') : value.source;
  refuseUnless(!new RegExp(`^(?:${pattern})$`).test(''), `value ${value}`, {
    why: 'it is matched by a header without a value, so it says nothing',
    instead: 'Match the exact values that your proxy sends',
  });
  return {
    ...Factor.otp(),
    name: 'otp-unless-header',
    amr: 'otp-or-header',
    steps: [
      {
        authenticator: 'auth-conditional-otp-form',
        config: { noOtpRequiredForHeaderPattern: `${header}: (?:${pattern})`, defaultOtpOutcome: 'force' },
      },
    ],
  };
}

function refuseUnless(condition: boolean, value: string, reason: { why: string; instead: string }): void {
  if (!condition) throw new ConfigurationError('otpUnlessHeader', { value, ...reason });
}
