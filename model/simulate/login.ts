import type { CredentialType } from '../keycloak/authenticators';
import { type Client, type Flow, isUnknown, type Known, type RealmModel } from '../realm-model';
import type { FirstLogin } from './doors/broker';
import type { FlowIndex } from './flow-index';
import type { RuleId } from './rules';
import { CannotTell } from './signals';
import type { LoginRequest, Session, SimulatedUser, TraceEntry } from './types';

/** Keycloak's `Constants.NO_LOA`: no level at all. */
export const NO_LOA = -1;
/** Keycloak's `Constants.MINIMUM_LOA`. */
export const MINIMUM_LOA = 0;

/** States of an execution in `CommonClientSessionModel.ExecutionStatus` that can arise here. */
export type Status =
  | 'SUCCESS'
  | 'FAILED'
  | 'CHALLENGED'
  | 'ATTEMPTED'
  | 'SETUP_REQUIRED'
  | 'EVALUATED_TRUE'
  | 'EVALUATED_FALSE';

/** What a login asks for, worked out from the request and the client (client notes of the authentication session). */
export interface RequestedLevel {
  /** Undefined if no level is asked for. */
  readonly loa: number | undefined;
  /** Whether the acr is essential. */
  readonly essential: boolean;
}

/** One login in progress: what Keycloak keeps in its authentication session. */
export class Login {
  readonly status = new Map<string, Status>();
  /** Whether a step has identified the user (`AuthenticationSessionModel.getAuthenticatedUser`). */
  userKnown = false;
  /** Note `level-of-authentication`. */
  level = NO_LOA;
  /** Note `loa-map`: levels proven, by when. */
  levels: Map<number, number> | undefined;
  /** Whether {@link levels} goes to the session: a level condition has taken part and the flow has succeeded. */
  levelsKept = false;
  forcedReauthentication = false;
  /** Whether the cookie alone sufficed. */
  sso = false;
  /** Whether the user was known before the user name and password form, which then asks the password only. */
  userKnownBeforeForm = false;
  /** Types of the credentials used in this login (note `authn.credentials`). */
  readonly credentialsUsed: string[] = [];
  /** Whether the callback of the level conditions is registered. */
  levelCallback = false;
  /** The top-level flow in which a level was reached last. */
  levelReachedIn: Flow | undefined;
  /** Required actions that steps have added. */
  readonly actions = new Set<string>();
  /** Whether the login ends without tokens once its required actions are done (note `END_AFTER_REQUIRED_ACTIONS`). */
  endsAfterActions = false;
  /** Whether the account was made in this login (note `NEW_USER_REGISTERED`). */
  registered = false;
  /** Whether the account's address is not verified: Keycloak asks for that where the realm says so. */
  emailUnverified = false;
  /** The first login of a provider's identity, while its flow runs. */
  firstLogin: FirstLogin | undefined;
  /** Whether it goes on after a login at an identity provider. */
  brokered = false;
  /** Level that a client policy stamps. */
  stampedLevel: number | undefined;
  readonly trace: TraceEntry[] = [];
  readonly assumptions = new Set<string>();
  user: SimulatedUser;

  constructor(
    readonly model: RealmModel,
    readonly client: Client,
    readonly request: LoginRequest,
    readonly requested: RequestedLevel,
    /** The flow that is run now. */
    public flow: FlowIndex,
    user: SimulatedUser,
    readonly session: Session | undefined,
    readonly now: number,
  ) {
    this.user = user;
  }

  note(rule: RuleId, at?: string, detail?: string): void {
    this.trace.push({ rule, ...(at !== undefined && { at }), ...(detail !== undefined && { detail }) });
  }

  /** The same login in another flow: what it has reached stays. */
  goingOnWith(flow: FlowIndex): Login {
    const { model, client, request, requested, user, session, now } = this;
    const next = new Login(model, client, request, requested, flow, user, session, now);
    next.userKnown = this.userKnown;
    next.level = this.level;
    next.levels = this.levels && new Map(this.levels);
    next.levelsKept = this.levelsKept;
    next.forcedReauthentication = this.forcedReauthentication;
    next.registered = this.registered;
    next.emailUnverified = this.emailUnverified;
    next.credentialsUsed.push(...this.credentialsUsed);
    next.trace.push(...this.trace);
    for (const action of this.actions) next.actions.add(action);
    for (const assumption of this.assumptions) next.assumptions.add(assumption);
    return next;
  }

  has(credential: CredentialType): boolean {
    return this.user.credentials.includes(credential);
  }
}

/** The value, or the end of the simulation if it isn't known. */
export function known<T>(value: Known<T>, what: string): T {
  if (isUnknown(value)) throw new CannotTell(`${what}: ${value.unknown}`);
  return value as T;
}
