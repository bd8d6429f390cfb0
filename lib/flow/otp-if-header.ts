import type { SingleFactor } from '../assurance/factor';
import type { Problem } from '../support/configuration-error';
import { conditionalOtp } from './conditional-otp';
import type { ExecutionConfig } from './flow-node';
import { headerProblem, valuePattern } from './header-pattern';

export interface WatchedHeaderValue {
  /**
   * Name of a request header that the proxy in front of Keycloak sets (`X-Risk`).
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
  /**
   * What happens to a request without the header; one with another value is not asked. `skip` lets in without a one-time
   * password whoever gets a request to Keycloak that lacks the header, so no level may rest on the factor alone.
   * @default 'force'
   */
  readonly defaultOtpOutcome?: 'force' | 'skip';
}

/**
 * A one-time password, which is asked for when the request has a header with the value, such as a proxy's verdict on the
 * risk (`auth-conditional-otp-form`).
 *
 * Who attacks would leave the header out. So a request without it is asked too, unless `defaultOtpOutcome` is `skip`: then
 * the password is asked for only by what the proxy adds (`forceOtpForHeaderPattern`), and the factor is one more beside
 * others, as in `Factor.allOf(Factor.password(), otpIfHeader(…))`. To force it always, write `Factor.otp()`.
 *
 * The acr does not tell whether the one-time password was asked for; `amr` is `otp-if-header` either way. At a level that
 * denies users without the credential they are refused whatever the header says.
 *
 * Source: Server Administration Guide, "Conditional OTP form" of "Authentication flows".
 *
 * The level that is proved by it refuses a header that is no name or tells addresses, a value that is empty or has flags,
 * and with `skip`, to rest on it alone and to let users enrol.
 */
export function otpIfHeader({ header, value, defaultOtpOutcome = 'force' }: WatchedHeaderValue): SingleFactor {
  return conditionalOtp({
    maker: 'otpIfHeader',
    name: 'otp-if-header',
    amr: 'otp-if-header',
    skippable: defaultOtpOutcome !== 'force',
    problem: headerProblem({ header, value }, 'X-Risk') ?? outcomeProblem(defaultOtpOutcome),
    config: (): ExecutionConfig => {
      const pattern = valuePattern({ header, value });
      return defaultOtpOutcome === 'skip'
        ? { forceOtpForHeaderPattern: `${header}: ${pattern}`, defaultOtpOutcome }
        : // A header without a value is as good as none.
          { noOtpRequiredForHeaderPattern: `${header}: (?!${pattern}$).+`, defaultOtpOutcome };
    },
  });
}

function outcomeProblem(outcome: string): Problem | undefined {
  if (outcome === 'force' || outcome === 'skip') return undefined;
  return {
    value: `defaultOtpOutcome ${JSON.stringify(outcome)}`,
    why: 'Keycloak knows two outcomes',
    instead: "Write 'force' or 'skip'",
  };
}
