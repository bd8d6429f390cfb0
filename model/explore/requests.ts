import { ENROLMENTS } from '../keycloak/authenticators';
import { type Client, isUnknown, type RealmModel } from '../realm-model';
import { allExecutions } from '../simulate/flow-index';
import { acrLoaMap } from '../simulate/requested-level';
import { CannotTell } from '../simulate/signals';
import type { LoginRequest } from '../simulate/types';
import { loginFlows } from './features';
import { maskOf, type ProofMask } from './proofs';

/** A request, and what sending it takes. */
export interface CandidateRequest {
  readonly request: LoginRequest;
  readonly mask: ProofMask;
}

/** Facts of the realm that decide which requests can differ in effect. */
export interface RequestSpace {
  /** Client scopes that conditions look at. */
  readonly scopes: readonly string[];
  /** Header patterns that spare the OTP. */
  readonly headerPatterns: readonly string[];
  /** Whether client policies look at the requested acr. */
  readonly acrPolicies: boolean;
  /** Required actions that a user can start and that leave them with a credential. */
  readonly actions: readonly string[];
}

export function requestSpace(model: RealmModel): RequestSpace {
  const scopes = new Set<string>();
  const headerPatterns = new Set<string>();
  for (const flow of loginFlows(model)) {
    for (const { execution } of allExecutions(flow)) {
      if (execution.kind !== 'authenticator') continue;
      const { client_scope: scope, noOtpRequiredForHeaderPattern: pattern } = execution.config?.values ?? {};
      if (typeof scope === 'string') scopes.add(scope);
      if (typeof pattern === 'string') headerPatterns.add(pattern);
    }
  }
  const conditions = model.clientPolicies.flatMap((policy) => policy.conditions);
  for (const { provider, config } of conditions) {
    if (provider !== 'client-scopes' || isUnknown(config) || !Array.isArray(config.scopes)) continue;
    for (const scope of config.scopes) scopes.add(String(scope));
  }
  const enabled = (alias: string) =>
    model.requiredActions.some((action) => action.alias === alias && action.enabled !== false);
  return {
    scopes: [...scopes],
    headerPatterns: [...headerPatterns],
    acrPolicies: conditions.some(({ provider }) => provider === 'acr-condition' || isUnknown(provider)),
    actions: [...Object.keys(ENROLMENTS), 'UPDATE_PASSWORD'].filter(enabled),
  };
}

/** Requests to a client that can differ in what they reach. */
export function candidateRequests(model: RealmModel, client: Client, space: RequestSpace): CandidateRequest[] {
  const { clientId, grants } = client;
  const candidates: CandidateRequest[] = [];
  const add = (request: LoginRequest, mask: ProofMask = 0) => candidates.push({ request, mask });
  if (grants.authorizationCode !== false || grants.implicit === true) {
    for (const { acr, mask } of acrRequests(model, client, space)) {
      for (const scope of scopeRequests(client, space)) {
        const request: LoginRequest = { clientId, ...acr, ...scope };
        add(request, mask);
        if (space.headerPatterns.length > 0) {
          add({ ...request, matchedHeaderPatterns: space.headerPatterns }, mask | maskOf('header'));
        }
      }
    }
    for (const action of space.actions) add({ clientId, action });
  }
  if (grants.device !== false) add({ clientId, grant: 'device' });
  if (grants.password !== false) add({ clientId, grant: 'password' });
  return candidates;
}

function acrRequests(
  model: RealmModel,
  client: Client,
  { acrPolicies }: RequestSpace,
): { readonly acr: Pick<LoginRequest, 'acrValues' | 'acrClaim'>; readonly mask: ProofMask }[] {
  const names = acrNames(model, client);
  const plain = { acr: {}, mask: 0 };
  const each = names.flatMap((name) => [
    { acr: { acrValues: [name] }, mask: 0 },
    { acr: { acrClaim: { essential: true, values: [name] } }, mask: 0 },
  ]);
  // A value that no map has asks for no level; a client doesn't send it by itself.
  const unknown = { acr: { acrValues: ['0'] }, mask: maskOf('request') };
  const pairs = acrPolicies
    ? names.flatMap((low, index) =>
        names.slice(index + 1).map((high) => ({ acr: { acrValues: [low, high] }, mask: maskOf('request') })),
      )
    : [];
  return [plain, ...each, unknown, ...pairs];
}

/** The acr names that mean something to a client, lowest first. */
export function acrNames(model: RealmModel, client: Client): string[] {
  try {
    const { levels } = acrLoaMap(model, client);
    return [...levels].sort((a, b) => a.loa - b.loa).map(({ acr }) => acr);
  } catch (error) {
    if (error instanceof CannotTell) return [];
    throw error;
  }
}

function scopeRequests(client: Client, { scopes }: RequestSpace): Pick<LoginRequest, 'scope'>[] {
  const optional = isUnknown(client.optionalScopes) ? [] : client.optionalScopes;
  const relevant = scopes.filter((scope) => optional.includes(scope));
  return [{}, ...relevant.map((scope) => ({ scope: ['openid', scope] }))];
}
