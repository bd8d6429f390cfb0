import {
  type Answer,
  type LoginRequest,
  type LoginResult,
  type Page,
  type RealmModel,
  type Session,
  type SimulatedUser,
  simulate,
} from '../../../model';
import type { Interruption, Move } from './case';
import { isTokenRequest } from './describe';
import { answerFor, isOfProvider } from './moves';
import { PLAIN_CLIENT } from './realm';
import type { Identity } from './realm-provider';

/** What is simulated, and what is done at its pages. */
export interface SimulatedAttempt {
  readonly request: LoginRequest;
  /** What the user does on each page, in order; afterwards what is usual for them. */
  readonly moves: readonly Move[];
  /** @default 'right' */
  readonly usual?: Move;
  /** Who logs in at an identity provider. @default the identity that the account is linked to */
  readonly identity?: Identity;
  readonly user: SimulatedUser;
  readonly session: Session | undefined;
  /** On the simulated clock. */
  readonly now: number;
}

/** A page of a login, and what is done there. */
export interface Done {
  readonly page: Page;
  readonly answer: Answer;
  /** What happens to the login at this page; beside it, a second tab is opened only, and then the page answered. */
  readonly interruption?: Interruption;
  /** Whether the page is left for the door of the login. */
  readonly leaves?: boolean;
}

/** A login as it is simulated. It may begin anew on the way, so there is a result for each beginning. */
export interface SimulatedLogin {
  readonly done: readonly Done[];
  readonly results: readonly LoginResult[];
  /** That of the last beginning. */
  readonly result: LoginResult;
}

/** “Restart login” ends a session that the browser has, unless it says otherwise. */
const ENDS_SESSION: ReadonlySet<Interruption> = new Set(['restart']);
const BEGINS_ANEW: ReadonlySet<Interruption> = new Set(['restart', 'restart-in-session', 'lose-cookie']);

export function simulateLogin(model: RealmModel, attempt: SimulatedAttempt): SimulatedLogin {
  const { moves, usual = 'right', identity, now } = attempt;
  const done: Done[] = [];
  const results: LoginResult[] = [];
  let { request, user, session } = attempt;
  /** Whether the browser has lost the cookie of the login. */
  let lost = false;
  /** Whether the cookie that a lost login begins anew from says that its user has logged in already. */
  let isStuck = false;
  let anew: Interruption | undefined;
  const actorOf = (at: Done[]) => {
    let left = !request.midway;
    return (page: Page): Answer => {
      const tried = usual === 'other' && at.some((each) => 'choose' in each.answer);
      const move = moves[at.length] ?? (tried ? 'right' : usual);
      // The pages of an identity provider are another realm's.
      const interruption = isOfProvider(page) ? undefined : interruptionBy(move, request, at);
      if (interruption && (BEGINS_ANEW.has(interruption) || expires(page, interruption))) anew = interruption;
      const doing = interruption || (move === 'leave' && left) ? 'right' : move;
      const answer: Answer = anew ? { stop: true } : answerFor(page, doing, user, { ...request, identity });
      const leaves = doing === 'leave';
      left ||= leaves;
      at.push({ page, answer, ...(interruption && { interruption }), ...(leaves && { leaves }) });
      return answer;
    };
  };
  /**
   * A second tab that the session lets in at once leaves the login of the first a minute, which is too little for what may take five:
   * required actions and the consent (`updateAuthenticationSessionAfterSuccessfulAuthentication`, `SessionCodeChecks.isActionActive`).
   */
  const expires = (page: Page, interruption: Interruption) => {
    if (interruption !== 'second-tab' || page.kind === 'form' || !session) return false;
    const actor = (): Answer => ({ stop: true });
    return simulate(model, { clientId: PLAIN_CLIENT }, user, session, { now, actor }).outcome.kind === 'granted';
  };
  const run = (by: LoginRequest, at: Done[]) =>
    simulate(model, by, user, lost ? withoutClients(session) : session, { now, actor: actorOf(at) });

  if (request.midway) {
    const alone: Done[] = [];
    const { door: _, midway: __, ...straight } = request;
    run(straight, alone);
    // Any other end of it has nothing to do with the door.
    if (!alone.at(-1)?.leaves) request = straight;
  }
  for (;;) {
    anew = undefined;
    const result = run(request, done);
    const ended = lost ? inNewSession(result, session, now) : result;
    results.push(ended);
    if (!anew) return { done: unlessStuck(done, ended), results, result: ended };
    if (anew === 'lose-cookie' && isStuck) return expired(done, results, result, session);
    lost ||= anew === 'lose-cookie';
    // Whose session is ended gets the cookie of the login as it stood.
    if (ENDS_SESSION.has(anew) && session) isStuck = done.at(-1)?.page.kind !== 'form';
    request = {
      ...request,
      // What begins anew is the login itself.
      door: undefined,
      midway: undefined,
      restarted: true,
      ...(anew !== 'lose-cookie' && isActionOver(done, request) && { action: undefined }),
    };
    // Whoever has registered goes on as who they are.
    if (result.account === undefined) user = result.user;
    session = result.session;
    if (ENDS_SESSION.has(anew)) session = undefined;
  }
}

/**
 * The cookie of the login names a session, too: without it a login that the cookie of the session alone doesn't end begins another
 * session.
 */
function inNewSession(result: LoginResult, before: Session | undefined, now: number): LoginResult {
  const { outcome, session } = result;
  if (!session || outcome.kind !== 'granted') return { ...result, session: before };
  if (outcome.sso) return { ...result, session: { ...session, clients: { ...before?.clients, ...session.clients } } };
  const { levels, ...rest } = session;
  return { ...result, session: { ...rest, started: now, ...(levels && levels !== before?.levels && { levels }) } };
}

/** “Page has expired” (`AuthenticationProcessor.recreate`, `SessionCodeChecks.verifyActiveAndValidAction`). */
function expired(
  done: readonly Done[],
  results: readonly LoginResult[],
  result: LoginResult,
  session: Session | undefined,
): SimulatedLogin {
  const outcome = { kind: 'refused', status: 200, reason: 'flow-failed' } as const;
  return { done, results, result: { ...result, outcome, session } };
}

/** A page that can't be left for another door is the last one. */
function unlessStuck(done: readonly Done[], { outcome }: LoginResult): readonly Done[] {
  if (outcome.kind !== 'abandoned') return done;
  return done.map(({ leaves, ...each }, index) => (leaves && index < done.length - 1 ? { ...each, leaves } : each));
}

function withoutClients(session: Session | undefined): Session | undefined {
  return session && { ...session, clients: {} };
}

/** An action that was started and ended is not started again, unless the browser has forgotten that. */
function isActionOver(done: readonly Done[], { action }: LoginRequest): boolean {
  const alias = action?.split(':')[0];
  return done.some(
    ({ page, answer }) => page.kind === 'action' && page.optional && page.action === alias && !('stop' in answer),
  );
}

/** A token request has no pages that anything could happen to. A login is begun anew from a cookie that the last tab wrote: that is not followed. */
function interruptionBy(move: Move, request: LoginRequest, done: readonly Done[]): Interruption | undefined {
  if (isTokenRequest(request) || !isInterruption(move)) return undefined;
  const inOtherTab = done.some(({ interruption }) => interruption === 'second-tab');
  return move === 'lose-cookie' && inOtherTab ? undefined : move;
}

function isInterruption(move: Move): move is Interruption {
  return move === 'second-tab' || BEGINS_ANEW.has(move as Interruption);
}
