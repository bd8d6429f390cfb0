import type { CredentialType } from '../../model/keycloak/authenticators';
import { plainClient } from '../../model/keycloak/plain-client';
import type { Client, Flow, RealmModel } from '../../model/realm-model';
import {
  type Actor,
  type LoginRequest,
  type LoginResult,
  type Proof,
  type Session,
  type SimulatedUser,
  simulate,
} from '../../model/simulate';
import type { Location } from '../rule';
import type { Inspection } from './inspection';

/** Owns a credential of each type. */
export const OWNER_OF_ALL: SimulatedUser = {
  credentials: ['password', 'otp', 'webauthn', 'webauthn-passwordless', 'recovery-authn-codes'],
};

/** Owns a password only. */
export const PASSWORD_ONLY: SimulatedUser = { credentials: ['password'] };

/** The time of every trial: levels are proven a moment ago, or never. */
const NOW = 1_000_000;

export interface Trial {
  readonly user?: SimulatedUser;
  readonly session?: Session;
  /** @default an honest owner of the user's credentials */
  readonly actor?: Actor;
  /** Seconds after the first trial. @default 0 */
  readonly after?: number;
}

/** Tries a login; undefined if the model doesn't say what would come of it, which is then told. */
export function attempt(
  inspection: Inspection,
  model: RealmModel,
  request: LoginRequest,
  at: Location,
  { user = OWNER_OF_ALL, session, actor, after = 0 }: Trial = {},
): LoginResult | undefined {
  const result = simulate(model, request, user, session, { now: NOW + after, ...(actor && { actor }) });
  if (result.outcome.kind !== 'cannot-tell') return result;
  inspection.cannotTell(at, result.outcome.because);
  return undefined;
}

export const PROBE = 'probe';

/** The realm with one plain client, `probe`, that logs in by `flow`, and without client policies. */
export function withProbe(model: RealmModel, flow: Flow, client: Partial<Client> = {}): RealmModel {
  const probe = plainClient(PROBE, { flowOverrides: { browser: { alias: flow.alias } }, ...client });
  return { ...model, clients: [probe], clientPolicies: [] };
}

/** A request of the probe for a level by its number, which no acr map stands in the way of. */
export function probeFor(
  model: RealmModel,
  loa: number,
): { readonly model: RealmModel; readonly request: LoginRequest } {
  return {
    model: { ...model, acrLoaMap: { levels: [{ acr: 'wanted', loa }] } },
    request: { clientId: PROBE, acrValues: ['wanted'] },
  };
}

/** The proofs that a login was given, without the user name. */
export function proofsGiven(result: Pick<LoginResult, 'asked'>): ReadonlySet<Proof> {
  return new Set(everyProofGiven(result));
}

/** The same in order, each as often as it was given. */
export function everyProofGiven({ asked }: Pick<LoginResult, 'asked'>): Proof[] {
  const proofs = asked.flatMap(({ page, answer }) =>
    page.kind === 'form' && 'give' in answer ? (page.accepts[answer.give] ?? []) : [],
  );
  return proofs.filter((proof) => proof !== 'username');
}

/** The credentials that a login enrolled. */
export function enrolled({ asked }: Pick<LoginResult, 'asked'>): CredentialType[] {
  return asked.flatMap(({ page, answer }) =>
    page.kind === 'action' && page.enrols && 'give' in answer ? [page.enrols] : [],
  );
}

/** The level that a login ended with; undefined if it was refused. */
export function reached({ outcome }: LoginResult): number | undefined {
  return outcome.kind === 'granted' ? outcome.loa : undefined;
}

/** Someone who gives the user's name and no proof. */
export const knowsTheNameOnly: Actor = (page) => {
  if (page.kind !== 'form') return page.kind === 'consent' ? { give: 0 } : { stop: true };
  const set = page.accepts.findIndex((proofs) => proofs.every((proof) => proof === 'username'));
  return set >= 0 ? { give: set } : { stop: true };
};
