import { type Client, isUnknown, type Known, type RealmModel } from '../realm-model';
import { attributesInAcr } from '../simulate/acr-claim';
import type { LoginRequest, SimulatedUser } from '../simulate/types';
import { acrKey, acrOf } from './acr-of';
import { loginKey } from './login-key';
import type { ProofMask } from './proofs';
import { type CandidateRequest, candidateRequests, type RequestSpace } from './requests';
import { normalized } from './scope-space';

/** Representatives of clients that behave alike. */
export interface ClientClass {
  readonly representative: Client;
  readonly requests: readonly ClassRequest[];
}

export interface ClassRequest extends CandidateRequest {
  /** The same for requests, of other clients too, whose logins differ in the acr of the token at most. */
  readonly loginKey: string;
  /** The acr of the token, by what a granted login reaches. */
  readonly acr: (loa: number, sso: boolean, user: SimulatedUser) => string | undefined;
}

/**
 * Groups clients that no login can tell apart. Client-specific names that conditions look at, such as roles and attributes, are
 * part of what is compared.
 */
export function clientClasses(model: RealmModel, space: RequestSpace): Map<string, ClientClass> {
  const classes = new Map<string, ClientClass>();
  const byKey = new Map<string, ClientClass>();
  for (const client of model.clients) {
    if (client.enabled === false) continue;
    const key = classKey(client, space);
    const ofClass = byKey.get(key) ?? { representative: client, requests: classRequests(model, client, space) };
    byKey.set(key, ofClass);
    classes.set(client.clientId, ofClass);
  }
  return classes;
}

function classKey(client: Client, { scopes, exchanged }: RequestSpace): string {
  const { clientId: _, address: __, builtIn: ___, defaultScopes, optionalScopes, ...rest } = client;
  const looked = (names: Known<readonly string[]>) => (isUnknown(names) ? names : normalized(names, scopes));
  // Mappers of a scope decide on the token, wherever the scope comes from.
  const mapping = isUnknown(defaultScopes) ? [] : defaultScopes.toSorted();
  const name = exchanged.has(client.clientId) ? client.clientId : '';
  return JSON.stringify([rest, looked(defaultScopes), looked(optionalScopes), mapping, name]);
}

function classRequests(model: RealmModel, client: Client, space: RequestSpace): ClassRequest[] {
  const requests: ClassRequest[] = [];
  const masks = new Map<string, ProofMask[]>();
  for (const { request, mask, usesSession } of candidateRequests(model, client, space)) {
    const shared = loginKey(model, client, request, space);
    const key = shared ?? JSON.stringify(request);
    const scopes = request.scope?.join(' ');
    const effect = shared === undefined ? key : `${shared} ${scopes} ${acrKey(model, client, request)}`;
    const before = masks.get(effect) ?? [];
    // A request that takes more than one of the same effect reaches nothing by it.
    if (before.some((other) => (other & ~mask) === 0)) continue;
    masks.set(effect, [...before, mask]);
    requests.push({ request, mask, usesSession, loginKey: key, acr: acrByLevel(model, client, request) });
  }
  return requests;
}

function acrByLevel(model: RealmModel, client: Client, request: LoginRequest): ClassRequest['acr'] {
  if (client.protocol !== 'openid-connect') return () => undefined;
  const known = new Map<string, string | undefined>();
  const attributes = attributesInAcr(model, client);
  return (loa, sso, user) => {
    const ofUser = attributes.length > 0 ? JSON.stringify(user.attributes) : '';
    const key = `${loa} ${sso} ${ofUser}`;
    if (!known.has(key)) known.set(key, acrOf(model, client, request, { loa, sso }, user));
    return known.get(key);
  };
}
