import type { Client, RealmModel } from '../realm-model';
import { boundFlow, chooseFlow } from '../simulate/choose-flow';
import { applyClientPolicies } from '../simulate/client-policies';
import { known } from '../simulate/login';
import { acrValues, resolveRequestedLevel } from '../simulate/requested-level';
import { requestedScopes } from '../simulate/scopes';
import { CannotTell, FlowError, ServerError } from '../simulate/signals';
import type { LoginRequest } from '../simulate/types';
import { acrRequestOf, hasAcr } from './acr-of';
import type { RequestSpace } from './requests';
import { normalized } from './scope-space';

/**
 * A key that is the same for requests, of whatever clients, whose logins ask the same and end at the same level: through the
 * same flow, for the same level, with all else equal that steps look at. Only the acr of the token may differ.
 *
 * A login that fails or can't be told may say so in the client's name, and consents are kept by client: those have no key.
 */
export function loginKey(
  model: RealmModel,
  client: Client,
  request: LoginRequest,
  space: RequestSpace,
): string | undefined {
  if (client.consentRequired !== false || client.protocol !== 'openid-connect') return undefined;
  // Its part of the session is named by it.
  if (space.exchanged.has(client.clientId)) return undefined;
  const { clientId: _, acrValues: __, acrClaim: ___, scope: ____, ...rest } = request;
  const browserFlow = () => boundFlow(model, 'browser');
  try {
    const scopes = normalized(requestedScopes(client, request), space.scopes);
    const policy = applyClientPolicies({
      model,
      client,
      request,
      acrValues: () => acrValues(model, client, request, browserFlow),
    });
    const asks = request.grant === undefined || request.grant === 'code';
    const requested = asks ? resolveRequestedLevel(model, client, request, browserFlow, () => {}) : undefined;
    const binding = request.grant === 'password' ? 'directGrant' : 'browser';
    const flow = chooseFlow(model, client, binding, policy.flow, () => {});
    // Of these the token is made; where they can't be told, nor can the login.
    acrValues(model, client, acrRequestOf(request), browserFlow);
    if (hasAcr(model, client, request) === undefined || !mayLogIn(client, request)) return undefined;
    return JSON.stringify([rest, scopes, policy, requested, flow.alias]);
  } catch (error) {
    if (!(error instanceof CannotTell) && !(error instanceof FlowError) && !(error instanceof ServerError)) throw error;
    return undefined;
  }
}

function mayLogIn({ clientId, enabled, grants }: Client, { grant }: LoginRequest): boolean {
  const is = (value: Client['enabled']) => known(value, clientId);
  if (!is(enabled)) return false;
  if (grant === 'password') return is(grants.password);
  if (grant === 'device') return is(grants.device);
  if (grant !== undefined && grant !== 'code') return false;
  return is(grants.authorizationCode) || is(grants.implicit);
}
