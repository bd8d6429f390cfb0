import type { Client, RealmModel } from '../realm-model';
import { boundFlow } from '../simulate/choose-flow';
import { acrClaimFor, acrValues, essentialAcrValues, hasAcrMapper } from '../simulate/requested-level';
import { requestedScopes } from '../simulate/scopes';
import type { LoginRequest } from '../simulate/types';

/** What a token's acr is chosen by, of the request: other grants than that of the code send nothing of it. */
export function acrRequestOf(request: LoginRequest): Pick<LoginRequest, 'acrValues' | 'acrClaim'> {
  return request.grant === 'password' || request.grant === 'device' ? {} : request;
}

/** Whether the client's tokens have an acr; undefined if that can't be told. */
export function hasAcr(model: RealmModel, client: Client, request: LoginRequest): boolean | undefined {
  return hasAcrMapper(model, client, requestedScopes(client, request));
}

/** The acr of the token that a granted login ends with. */
export function acrOf(
  model: RealmModel,
  client: Client,
  request: LoginRequest,
  reached: { readonly loa: number; readonly sso: boolean },
): string | undefined {
  if (!hasAcr(model, client, request)) return undefined;
  return acrClaimFor(model, client, acrRequestOf(request), reached, () => boundFlow(model, 'browser'));
}

/** The same for requests of one client whose tokens have the same acr at any level. */
export function acrKey(model: RealmModel, client: Client, request: LoginRequest): string {
  const sent = acrRequestOf(request);
  const values = acrValues(model, client, sent, () => boundFlow(model, 'browser'));
  return JSON.stringify([hasAcr(model, client, request), essentialAcrValues(sent), values]);
}
