import { parseJavaInt } from '../keycloak/java';
import type { AuthenticatorExecution } from '../realm-model';
import { setting } from './conditions';
import { FlowError, ServerError } from './signals';
import type { Authenticator } from './step';

/**
 * A limit to the sessions of a user. Below it the step succeeds without a proof. Beyond it either the oldest sessions end and it
 * succeeds just so, or the login is refused: nothing more is had by it, so logins are simulated below the limit.
 *
 * Source: `UserSessionLimitsAuthenticator.authenticate`.
 */
export const SESSION_LIMITS: Authenticator = {
  begin: (login, execution) => {
    if (!execution.config) throw new FlowError('unexpected-error', `${execution.id} has no config`);
    const limits = ['userRealmLimit', 'userClientLimit'].map((key) => limitOf(execution, key));
    const refuses = setting(execution.config, 'behavior', execution) !== 'Terminate oldest session';
    if (refuses && limits.some((limit) => limit > 0)) {
      login.assumptions.add(
        `${execution.id}: the user has fewer sessions than the limit; with more, the login is refused`,
      );
    }
    return 'success';
  },
};

/** No limit if it isn't set. */
function limitOf(execution: AuthenticatorExecution, key: string): number {
  const configured = setting(execution.config, key, execution) ?? '';
  if (configured.trim() === '') return -1;
  const limit = parseJavaInt(configured);
  if (limit === undefined) throw new ServerError(`${key} of ${execution.id} is no number`);
  return limit;
}
