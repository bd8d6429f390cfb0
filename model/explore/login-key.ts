import type { Client, RealmModel } from '../realm-model';
import { boundFlow, chooseFlow } from '../simulate/choose-flow';
import { applyClientPolicies } from '../simulate/client-policies';
import { acrValues, resolveRequestedLevel } from '../simulate/requested-level';
import { requestedScopes } from '../simulate/scopes';
import { CannotTell, FlowError, ServerError } from '../simulate/signals';
import type { LoginRequest } from '../simulate/types';
import type { RequestSpace } from './requests';

/**
 * A key that is the same for logins which run alike: through the same flow, for the same level, with all else equal that steps
 * look at. Clients that differ in their default acr, for example, share most of their logins.
 */
export function loginKey(model: RealmModel, client: Client, request: LoginRequest, space: RequestSpace): string {
  const { clientId: _, acrValues: __, acrClaim: ___, scope: ____, ...rest } = request;
  const browserFlow = () => boundFlow(model, 'browser');
  try {
    const scopes = requestedScopes(client, request);
    const relevant = client.consentRequired === false ? scopes.filter((name) => space.scopes.includes(name)) : scopes;
    const context = { model, client, request, acrValues: () => acrValues(model, client, request, browserFlow) };
    const policy = applyClientPolicies(context);
    const asks = request.grant === undefined || request.grant === 'code';
    const requested = asks ? resolveRequestedLevel(model, client, request, browserFlow, () => {}) : undefined;
    const binding = request.grant === 'password' ? 'directGrant' : 'browser';
    const flow = chooseFlow(model, client, binding, policy.flow, () => {});
    return JSON.stringify([
      rest,
      relevant,
      policy,
      requested,
      flow.alias,
      client.consentRequired,
      client.grants,
      client.enabled,
    ]);
  } catch (error) {
    if (!(error instanceof CannotTell) && !(error instanceof FlowError) && !(error instanceof ServerError)) throw error;
    return JSON.stringify([client.clientId, request]);
  }
}
