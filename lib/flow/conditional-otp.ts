import { Factor, type SingleFactor } from '../assurance/factor';
import { ConfigurationError, type Problem } from '../support/configuration-error';
import type { ExecutionConfig } from './flow-node';

export interface ConditionalOtp extends Pick<SingleFactor, 'name' | 'amr' | 'skippable'> {
  /** The function that makes it, for a message to somebody who takes its executions out of it. */
  readonly maker: string;
  /** What is wrong with what the function was given. */
  readonly problem?: Problem;
  /** Called unless there is a problem. */
  readonly config: () => ExecutionConfig;
}

/** A one-time password that is asked for by the conditions of `auth-conditional-otp-form`. */
export function conditionalOtp({ maker, problem, config, ...rest }: ConditionalOtp): SingleFactor {
  return {
    ...Factor.otp(),
    ...rest,
    problem,
    // The level that takes the factor names itself in the message; who takes the executions alone comes by here.
    get steps() {
      if (problem) throw new ConfigurationError(maker, problem);
      return [{ authenticator: 'auth-conditional-otp-form', config: config() }];
    },
  };
}
