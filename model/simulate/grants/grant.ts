import type { Client, RealmModel } from '../../realm-model';
import { scopesToConsentTo } from '../consent';
import { NO_LOA } from '../login';
import type { RuleId } from '../rules';
import type { ClientSession, LoginRequest, Proof, RefusalReason, Session, SimulatedUser } from '../types';

/** A grant without a browser: what it takes, and whose token comes of it. */
export interface TokenRequest {
  readonly rule: RuleId;
  /** Sets of proofs, any of which will do. */
  readonly accepts: readonly (readonly Proof[])[];
  readonly user: SimulatedUser;
  /** Whether the token is the client's own account's. */
  readonly ofService?: true;
  /** The client's part of the session by which the token gets its acr. */
  readonly reached: ClientSession;
  /** The browser's session afterwards, if the grant changes it. */
  readonly session?: Session;
}

export type TokenRequestRefusal = { readonly refused: RefusalReason };

export interface TokenRequestContext {
  readonly model: RealmModel;
  readonly client: Client;
  readonly request: LoginRequest;
  readonly user: SimulatedUser;
  readonly session: Session | undefined;
}

/** Without a login there is no level, and no note of an earlier one. */
export const NOTHING_REACHED: ClientSession = { loa: NO_LOA, sso: false };

/** Whether the user has consented to all that is asked for; a token request can't ask (`verifyConsentStillAvailable`). */
export function lacksConsent({ model, client, request, user }: TokenRequestContext): boolean {
  return scopesToConsentTo({ model, client, request, user }).length > 0;
}
