import { FlowEngine } from './flow-engine';
import type { Login } from './login';
import { FlowError, ServerError } from './signals';
import type { Actor, Asked, Outcome } from './types';

/**
 * The password grant: the direct grant flow in one request, with no page to ask on.
 *
 * The credentials in the request are asked from the actor as a form would. Source:
 * `ResourceOwnerPasswordCredentialsGrantType.process`.
 *
 * @returns how it was refused, or undefined if it passes
 */
export function passwordGrant(login: Login, actor: Actor, asked: Asked[]): Outcome | undefined {
  try {
    const engine = new FlowEngine(login);
    let response = engine.begin();
    while (response) {
      if (response.kind === 'error') return { kind: 'refused', status: response.status, reason: response.reason };
      // A token request has no browser that could go to a provider.
      if (response.kind === 'provider') return { kind: 'refused', status: 400, reason: 'interaction-needed' };
      const answer = actor(response);
      asked.push({ page: response, answer });
      if ('stop' in answer) return { kind: 'abandoned' };
      if (!('give' in answer))
        return { kind: 'refused', status: 400, reason: 'invalid-credentials', error: 'invalid_grant' };
      response = engine.submit(response, answer);
    }
  } catch (error) {
    if (error instanceof FlowError) return { kind: 'refused', status: 400, reason: error.reason };
    if (error instanceof ServerError) return { kind: 'refused', status: 500, reason: 'unexpected-error' };
    throw error;
  }
  // Disabled actions count here, too.
  if ((login.user.requiredActions ?? []).length > 0 || login.actions.size > 0) {
    return { kind: 'refused', status: 400, reason: 'account-not-set-up', error: 'invalid_grant' };
  }
  return undefined;
}
