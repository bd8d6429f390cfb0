import type { Client, RealmModel } from '../realm-model';
import { acrClaims, acrSources } from '../simulate/acr-claim';
import { boundFlow } from '../simulate/choose-flow';
import { acrValues, essentialAcrValues } from '../simulate/requested-level';
import { CannotTell } from '../simulate/signals';
import type { LoginRequest, SimulatedUser } from '../simulate/types';

/** An account of which nothing is known. */
const ANYBODY: SimulatedUser = { credentials: [] };

/** What a token's acr is chosen by, of the request: other grants than that of the code send nothing of it. */
export function acrRequestOf(request: LoginRequest): Pick<LoginRequest, 'acrValues' | 'acrClaim'> {
  return request.grant === undefined || request.grant === 'code' ? request : {};
}

/** Whether it can be told which acr the client's tokens have: undefined if not, else whether they may have one. */
export function hasAcr(
  model: RealmModel,
  client: Client,
  request: LoginRequest,
  user: SimulatedUser = ANYBODY,
): boolean | undefined {
  try {
    const reached = { ...acrRequestOf(request), loa: 0, sso: false };
    const { possible, because } = acrClaims(model, client, request, reached, user);
    return because === undefined ? possible.some((acr) => acr !== undefined) : undefined;
  } catch (error) {
    if (error instanceof CannotTell) return undefined;
    throw error;
  }
}

/** The highest acr that the tokens of a granted login may have. */
export function acrOf(
  model: RealmModel,
  client: Client,
  request: LoginRequest,
  reached: { readonly loa: number; readonly sso: boolean },
  user: SimulatedUser = ANYBODY,
): string | undefined {
  return acrClaims(model, client, request, { ...acrRequestOf(request), ...reached }, user).possible[0];
}

/** The same for requests of one client whose tokens have the same acr at any level. */
export function acrKey(model: RealmModel, client: Client, request: LoginRequest): string {
  const sent = acrRequestOf(request);
  const values = acrValues(model, client, sent, () => boundFlow(model, 'browser'));
  return JSON.stringify([
    acrSources(model, client, request, ANYBODY),
    essentialAcrValues(sent),
    values,
    sent.acrClaim?.value,
  ]);
}
