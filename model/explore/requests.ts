import { type CredentialType, ENROLMENTS } from '../keycloak/authenticators';
import { parseJavaInt } from '../keycloak/java';
import { type Client, isUnknown, type RealmModel } from '../realm-model';
import { REQUESTED_CLAIM_MAPPER } from '../simulate/acr-claim';
import { LOA_CONDITION } from '../simulate/acr-store';
import { allExecutions } from '../simulate/flow-index';
import { acrLoaMap } from '../simulate/requested-level';
import { CannotTell } from '../simulate/signals';
import type { LoginRequest } from '../simulate/types';
import { type Door, doorsOf, exchangedClients } from './doors';
import { browserFlows, type Features, loginFlows } from './features';
import type { ProofMask, ProofTable } from './proofs';
import { type ScopeSpace, scopeSets, scopeSpace } from './scope-space';

/** A request, and what sending it takes. */
export interface CandidateRequest {
  readonly request: LoginRequest;
  readonly mask: ProofMask;
  /** Whether the browser's session can make a difference. */
  readonly usesSession: boolean;
}

/** Facts of the realm that decide which requests can differ in effect. */
export interface RequestSpace {
  readonly proofs: ProofTable;
  /** Client scopes that conditions look at. */
  readonly scopes: ScopeSpace;
  /** Header patterns that spare the OTP. */
  readonly headerPatterns: readonly string[];
  /** Whether client policies look at the requested acr. */
  readonly acrPolicies: boolean;
  /** Whether client policies choose flows, which a login that begins anew forgets. */
  readonly enforcers: boolean;
  /** What users can start by `kc_action`. */
  readonly actions: readonly string[];
  /** Clients whose tokens other clients may exchange. */
  readonly exchanged: ReadonlySet<string>;
}

export function requestSpace(model: RealmModel, proofs: ProofTable, { credentials, demands }: Features): RequestSpace {
  const headerPatterns = new Set<string>();
  for (const flow of loginFlows(model)) {
    for (const { execution } of allExecutions(flow)) {
      if (execution.kind !== 'authenticator') continue;
      const { noOtpRequiredForHeaderPattern: pattern } = execution.config?.values ?? {};
      if (typeof pattern === 'string') headerPatterns.add(pattern);
    }
  }
  const conditions = model.clientPolicies.flatMap((policy) => policy.conditions);
  return {
    proofs,
    scopes: scopeSpace(model, demands),
    headerPatterns: [...headerPatterns],
    acrPolicies: conditions.some(({ provider }) => provider === 'acr-condition' || isUnknown(provider)),
    enforcers: model.clientProfiles.some(({ executors }) =>
      executors.some(({ provider }) => provider === 'auth-flow-enforcer' || isUnknown(provider)),
    ),
    actions: startableActions(model, credentials, proofs),
    exchanged: exchangedClients(model),
  };
}

/** Actions of a user's own that change what the account, or whoever is at the browser, can prove. */
function startableActions(model: RealmModel, used: ReadonlySet<CredentialType>, proofs: ProofTable): string[] {
  const enabled = (alias: string) =>
    model.requiredActions.some((action) => action.alias === alias && action.enabled !== false);
  const deletions = enabled('delete_credential') ? Object.values(ENROLMENTS) : [];
  const links = enabled('idp_link')
    ? model.identityProviders.filter(({ alias }) => proofs.knows(`identity-provider:${alias}`))
    : [];
  return [
    ...[...Object.keys(ENROLMENTS), 'UPDATE_PASSWORD', 'UPDATE_PROFILE', 'UPDATE_EMAIL', 'delete_account'].filter(
      enabled,
    ),
    ...deletions.filter((type) => used.has(type)).map((type) => `delete_credential:${type}`),
    ...links.map(({ alias }) => `idp_link:${alias}`),
  ];
}

/** Requests to a client that can differ in what they reach. */
export function candidateRequests(model: RealmModel, client: Client, space: RequestSpace): CandidateRequest[] {
  return doorsOf(model, client, space.proofs).flatMap((door) => throughDoor(model, client, space, door));
}

function throughDoor(model: RealmModel, client: Client, space: RequestSpace, door: Door): CandidateRequest[] {
  const { clientId } = client;
  const candidates: CandidateRequest[] = [];
  const add = (request: LoginRequest, mask: ProofMask = 0) =>
    candidates.push({ request, mask, usesSession: door.usesSession });
  const scopes = scopeSets(client, space.scopes).map((set) => (set.length > 0 ? { scope: ['openid', ...set] } : {}));
  const { proofs, headerPatterns, enforcers } = space;
  for (const { acr, mask, plain } of door.asksForLevels ? acrRequests(model, client, space) : [NO_ACR]) {
    if (!plain && !door.browser) continue;
    for (const scope of scopes) {
      const request: LoginRequest = { clientId, ...door.request, ...acr, ...scope };
      add(request, mask);
      if (!door.browser) continue;
      if (enforcers) add({ ...request, restarted: true }, mask);
      if (headerPatterns.length > 0) {
        add({ ...request, matchedHeaderPatterns: headerPatterns }, mask | proofs.maskOf('header'));
      }
    }
  }
  if (door.startsActions) for (const action of space.actions) add({ clientId, ...door.request, action });
  return candidates;
}

interface AcrRequest {
  readonly acr: Pick<LoginRequest, 'acrValues' | 'acrClaim'>;
  readonly mask: ProofMask;
  /** Whether it asks for one level, without insisting. */
  readonly plain?: boolean;
}

const NO_ACR: AcrRequest = { acr: {}, mask: 0, plain: true };

function acrRequests(model: RealmModel, client: Client, { acrPolicies, proofs }: RequestSpace): AcrRequest[] {
  const names = requestableNames(model, client);
  const each = names.flatMap((name): AcrRequest[] => [
    { acr: { acrValues: [name] }, mask: 0, plain: true },
    { acr: { acrClaim: { essential: true, values: [name] } }, mask: 0 },
  ]);
  // A value that no map has asks for no level; a client doesn't send it by itself.
  const unknown = { acr: { acrValues: ['0'] }, mask: proofs.maskOf('request') };
  const pairs = acrPolicies
    ? names.flatMap((low, index) =>
        names.slice(index + 1).map((high) => ({ acr: { acrValues: [low, high] }, mask: proofs.maskOf('request') })),
      )
    : [];
  return [NO_ACR, ...each, unknown, ...pairs, ...forged(model, names, proofs.maskOf('request'))];
}

/** Where a mapper writes the value that the request names, another one may decide the level. */
function forged({ clients, clientScopes }: RealmModel, names: readonly string[], mask: ProofMask): AcrRequest[] {
  const writes = [...clients, ...clientScopes].some(({ mappers }) =>
    mappers.some(({ mapper }) => mapper === REQUESTED_CLAIM_MAPPER),
  );
  const [lowest, ...higher] = names;
  if (!writes || lowest === undefined) return [];
  return higher.map((value) => ({ acr: { acrClaim: { essential: true, values: [lowest], value } }, mask }));
}

/** What a client can ask for: the acr names, of a SAML client the context classes. */
function requestableNames(model: RealmModel, client: Client): string[] {
  if (client.protocol === 'openid-connect') return acrNames(model, client);
  const { acrUriMap } = model;
  return acrUriMap === undefined || isUnknown(acrUriMap) ? [] : acrUriMap.classes.map(({ uri }) => uri);
}

/** The acr names that mean something to a client, lowest first; where nothing is named, applications ask for numbers. */
export function acrNames(model: RealmModel, client: Client): string[] {
  try {
    const { levels } = acrLoaMap(model, client);
    if (levels.length === 0) return levelNumbers(model).map(String);
    return [...levels].sort((a, b) => a.loa - b.loa).map(({ acr }) => acr);
  } catch (error) {
    if (error instanceof CannotTell) return [];
    throw error;
  }
}

/** The levels that flows of logins in a browser ask for, lowest first. */
function levelNumbers(model: RealmModel): number[] {
  const levels = browserFlows(model).flatMap((flow) =>
    [...allExecutions(flow)].flatMap(({ execution }) => {
      if (execution.kind !== 'authenticator' || execution.authenticator !== LOA_CONDITION) return [];
      const level = execution.config?.values['loa-condition-level'];
      return (typeof level === 'string' && parseJavaInt(level)) || [];
    }),
  );
  return [...new Set(levels)].filter((level) => level > 0).sort((a, b) => a - b);
}
