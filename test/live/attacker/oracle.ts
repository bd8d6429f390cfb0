import type { Goal, GoalExplanation, HeldProof, RealmModel, SimulatedUser, Way } from '../../../model';
import { parseJavaInt } from '../../../model/keycloak/java';
import { isUnknown } from '../../../model/realm-model';
import { acrLoaMap, loaOf } from '../../../model/simulate/requested-level';

/** What an attacker begins with. What anybody can do, such as to register or to ask for any scope, is left out. */
export interface Holding {
  readonly proofs: readonly HeldProof[];
  /** A live session of the user: the highest level that was proven in it, if any was. */
  readonly session?: { readonly level?: number };
}

/** Something that was had. */
export type Gain =
  | {
      readonly kind: 'token';
      readonly clientId: string;
      /** Of the ID and the access token. */
      readonly acrs: readonly string[];
      readonly scopes: readonly string[];
      /** As conditions name them. */
      readonly roles: readonly string[];
    }
  /** A change of the user's account by a required action. */
  | { readonly kind: 'action'; readonly name: string };

/** Always open to who stands before the server. */
const FREE: ReadonlySet<HeldProof> = new Set<HeldProof>(['request', 'registration']);

/** What the explorer says is not to be had with these; what it can't tell is left out. */
export function guardedFrom(
  model: RealmModel,
  explained: readonly GoalExplanation[],
  holding: Holding,
  account: SimulatedUser,
): GoalExplanation[] {
  return explained.filter(
    ({ ways, cannotTell }) => cannotTell.length === 0 && !ways.some((way) => isOpen(model, way, holding, account)),
  );
}

/** Whether who holds these can go the way; where that is not sure, they can. */
export function isOpen(model: RealmModel, { proofs, when }: Way, holding: Holding, account: SimulatedUser): boolean {
  return proofs.every((proof) => holds(model, proof, holding)) && when.every((fact) => mayBeTrue(fact, account));
}

function holds(model: RealmModel, proof: HeldProof, { proofs, session }: Holding): boolean {
  if (FREE.has(proof) || proofs.includes(proof)) return true;
  const [kind, acr] = proof.split(/:(.*)/);
  if (kind !== 'session' || !session) return false;
  if (acr === undefined) return true;
  // A session's age is some seconds at most here, so that it is young enough for any way.
  return levelsNamed(model, acr).some((level) => (session.level ?? -1) >= level);
}

/** Clients name levels each in their own way. */
function levelsNamed(model: RealmModel, acr: string): number[] {
  const named = model.clients.flatMap((client) => loaOf(acrLoaMap(model, client), acr) ?? []);
  return named.length > 0 ? named : [parseJavaInt(acr) ?? 0];
}

function mayBeTrue(fact: string, { credentials, roles = [] }: SimulatedUser): boolean {
  const [, not, kind, name = ''] = /^(not )?(has|role):(.*)$/.exec(fact) ?? [];
  if (kind === undefined) return true;
  const holds = kind === 'has' ? credentials.some((type) => type === name) : roles.includes(name);
  return holds === (not === undefined);
}

/** Whether what was had is the goal. */
export function isReached(model: RealmModel, { clientId, goal }: GoalExplanation, gain: Gain): boolean {
  if (gain.kind === 'action') return goal.kind === 'action' && goal.name === gain.name;
  if (clientId !== gain.clientId) return false;
  switch (goal.kind) {
    case 'token':
      return true;
    case 'acr':
      return gain.acrs.some((acr) => isAtLeast(model, clientId, acr, goal.name));
    case 'scope':
      return gain.scopes.includes(goal.name);
    case 'role':
      return gain.roles.includes(goal.name);
    case 'action':
      return false;
  }
}

function isAtLeast(model: RealmModel, clientId: string, acr: string, wanted: string): boolean {
  const client = model.clients.find((each) => each.clientId === clientId);
  if (!client || isUnknown(model.acrLoaMap)) return false;
  const map = acrLoaMap(model, client);
  const level = (name: string) => loaOf(map, name) ?? parseJavaInt(name) ?? -1;
  return level(acr) >= level(wanted);
}

export function goalText({ clientId, goal }: { readonly clientId?: string; readonly goal: Goal }): string {
  const what = goal.kind === 'token' ? 'token' : `${goal.kind} ${goal.name}`;
  return clientId === undefined ? what : `${clientId}: ${what}`;
}
