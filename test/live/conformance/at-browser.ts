import {
  type LoginRequest,
  type RealmModel,
  type RuleId,
  type Session,
  type SimulatedUser,
  simulate,
} from '../../../model';
import type { Interruption, LoginSettings, Move } from './case';
import { describeLogin, isTokenRequest } from './describe';
import type { Identity } from './realm-provider';
import type { Person } from './realm-users';
import { type SimulatedLogin, simulateLogin } from './simulated-login';

/** A browser that people come to, one after another, with the session that it holds. */
export interface SimulatedBrowser {
  readonly session: Session | undefined;
  /** Whose the session is. */
  readonly owner: Person;
  readonly users: Readonly<Partial<Record<Person, SimulatedUser>>>;
}

export interface SimulatedVisit {
  readonly login: SimulatedLogin;
  /** Whose login it became: where the cookie tells Keycloak of a session, it is its owner's. */
  readonly whose: Person;
  /** Pages in order, then the end. */
  readonly text: string;
  readonly after: SimulatedBrowser;
  /** Whether the login failed in the end, so that what its last page did is undone. @default false */
  readonly undone?: boolean;
}

const COOKIE_RULES: ReadonlySet<RuleId> = new Set(['cookie-suffices', 'cookie-too-low', 'reauthentication']);
/** After these Keycloak no longer finds the session by the login's own id. */
const LEAVES_SESSION: ReadonlySet<Interruption> = new Set(['restart', 'lose-cookie']);

/** A login by one of the people. @param now on the simulated clock */
export function visit(
  model: RealmModel,
  browser: SimulatedBrowser,
  person: Person,
  request: LoginRequest,
  {
    moves,
    usual,
    identity,
  }: Pick<LoginSettings, 'moves' | 'usual'> & { readonly identity: (whose: Person) => Identity },
  now: number,
): SimulatedVisit {
  const { session, owner, users } = browser;
  const own = (whose: Person, doing: readonly Move[], ofSession: Session | undefined): SimulatedVisit => {
    const user = users[whose] as SimulatedUser;
    const login = simulateLogin(model, {
      request,
      moves: doing,
      ...(usual && { usual }),
      identity: identity(whose),
      user,
      session: ofSession,
      now,
    });
    const { result } = login;
    const granted = result.outcome.kind === 'granted' && !isTokenRequest(request);
    const kept = ofSession === undefined && !granted && !left(login) ? session : result.session;
    return {
      login,
      whose,
      text: describeLogin(model, request, login),
      after: {
        session: kept,
        owner: granted ? whose : owner,
        users: result.account === undefined ? { ...users, [whose]: result.user } : users,
      },
    };
  };
  if (person === owner) return own(person, moves, session);
  if (request.grant === 'token-exchange') return own(owner, moves, session);
  if (!session || isTokenRequest(request)) return own(person, moves, undefined);
  // In a tab beside it, the session's owner would be let in.
  const alone = moves.map((move) => (move === 'second-tab' ? 'right' : move));

  const probe = simulate(model, request, users[owner] as SimulatedUser, session, {
    now,
    actor: () => ({ stop: true }),
  });
  // The session's owner is asked for more than who is here has.
  if (probe.trace.some(({ rule }) => COOKIE_RULES.has(rule))) return own(owner, ['stop'], session);
  const other = own(person, alone, undefined);
  const meetsCookie = other.login.results.some(({ trace }) => trace.some(({ rule }) => rule === 'no-session'));
  // A flow that comes to the cookie later finds two users, which is not followed.
  if (meetsCookie) return own(owner, moves, session);
  if (other.login.result.outcome.kind !== 'granted' || left(other.login)) return other;
  // Only what pages before the last one did stays done.
  const { length } = other.login.done;
  const before = own(
    person,
    [...Array.from({ length: length - 1 }, (_, at) => alone[at] ?? 'right'), 'stop'],
    undefined,
  );
  const { users: then } = length > 0 ? before.after : browser;
  return { ...other, text: refusedInstead(other.text), after: { ...browser, users: then }, undone: true };
}

function left({ done }: SimulatedLogin): boolean {
  return done.some(({ interruption }) => interruption !== undefined && LEAVES_SESSION.has(interruption));
}

/** Keycloak takes nobody else in a browser whose session is somebody's. */
function refusedInstead(text: string): string {
  return text.replace(/(acr [^,]*|granted)$/, 'refused 400');
}
