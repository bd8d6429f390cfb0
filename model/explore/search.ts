import type { CredentialType } from '../keycloak/authenticators';
import { type Client, isUnknown, type RealmModel } from '../realm-model';
import { levelConditions, levelOf, maxAgeOf } from '../simulate/acr-store';
import { flowByAlias } from '../simulate/choose-flow';
import { allExecutions } from '../simulate/flow-index';
import { CannotTell, ServerError } from '../simulate/signals';
import type { LoginRequest, LoginResult, Session, SimulatedUser } from '../simulate/types';
import { loginFlows } from './features';
import { loginPaths } from './logins';
import { Antichain, type HeldSession, maskOf, type Need, type ProofMask } from './proofs';
import { type CandidateRequest, candidateRequests, type RequestSpace } from './requests';

/** A login on the way to a level. */
export interface Step {
  readonly request: LoginRequest;
  readonly result: LoginResult;
}

/** The mailbox is used to set new credentials. */
export interface ResetStep {
  readonly resets: readonly CredentialType[];
}

/** Where a path has come: what it needed, and the steps back to its beginning. */
export interface Path extends Need {
  readonly step?: Step | ResetStep;
  readonly previous?: Path;
}

/** A path that ends with tokens. */
export interface Arrival extends Path {
  readonly acr: string | undefined;
  readonly loa: number;
}

/** What an attacker is up to: the browser's session and the account as it is by now. */
interface State {
  readonly session: Session | undefined;
  readonly user: SimulatedUser;
  readonly mine: ReadonlySet<CredentialType>;
}

/** Where the clock stands at every login; sessions are moved against it. */
const NOW = 2_000_000_000;
/** Seconds that pass between two logins, so that max age 0 has passed. */
const BETWEEN_LOGINS = 1;
const ACTION_MAX_AGE = 300;

/** Representatives of clients that behave alike. */
export interface ClientClass {
  readonly representative: Client;
  readonly requests: readonly CandidateRequest[];
}

/**
 * Groups clients that no login can tell apart. Client-specific names that conditions look at, such as roles and attributes, are
 * part of what is compared.
 */
export function clientClasses(model: RealmModel, space: RequestSpace): Map<string, ClientClass> {
  const classes = new Map<string, ClientClass>();
  const keys = new Map<string, string>();
  for (const client of model.clients) {
    if (client.protocol !== 'openid-connect' || client.enabled === false) continue;
    const key = classKey(client);
    const known = keys.get(key);
    if (known !== undefined) {
      classes.set(client.clientId, classes.get(known) as ClientClass);
      continue;
    }
    keys.set(key, client.clientId);
    classes.set(client.clientId, { representative: client, requests: candidateRequests(model, client, space) });
  }
  return classes;
}

function classKey({ clientId: _, address: __, builtIn: ___, attributes, ...rest }: Client): string {
  return JSON.stringify([rest, attributes]);
}

/**
 * Finds every state that an attacker can bring a browser and an account to, with the weakest needs for each, by any logins to any
 * clients.
 */
export class Search {
  readonly arrivals = new Map<ClientClass, Arrival[]>();
  /** Why something can't be told, by client class. */
  readonly open = new Map<ClientClass, Set<string>>();
  private readonly reached = new Map<string, Antichain<Path>>();
  private readonly queue: { readonly state: State; readonly path: Path }[] = [];
  private readonly outcomes = new Map<string, Map<ClientClass, ClassOutcome[]>>();

  constructor(
    private readonly model: RealmModel,
    private readonly classes: readonly ClientClass[],
    private readonly user: SimulatedUser,
  ) {}

  run(): this {
    const fresh: ReadonlySet<CredentialType> = new Set();
    this.arrive({ session: undefined, user: this.user, mine: fresh }, { mask: 0, session: undefined });
    for (const held of heldSessions(this.model)) {
      this.arrive({ session: sessionOf(held), user: this.user, mine: fresh }, { mask: 0, session: held });
    }
    const resets = resetCredentials(this.model, this.user);
    if (resets.length > 0) {
      const user = withCredentials(this.user, resets);
      const path: Path = {
        mask: maskOf('email'),
        session: undefined,
        step: { resets },
        previous: { mask: 0, session: undefined },
      };
      this.arrive({ session: undefined, user, mine: new Set(resets) }, path);
    }
    for (let next = this.queue.shift(); next; next = this.queue.shift()) this.goOn(next.state, next.path);
    return this;
  }

  private arrive(state: State, path: Path): void {
    const key = keyOf(state);
    const paths = this.reached.get(key) ?? new Antichain<Path>();
    this.reached.set(key, paths);
    if (paths.add(path)) this.queue.push({ state, path });
  }

  private goOn(state: State, path: Path): void {
    for (const [client, outcomes] of this.outcomesIn(state)) {
      for (const { step, mask, next, granted } of outcomes) {
        const need: Path = { mask: path.mask | mask, session: path.session, step, previous: path };
        if (granted) this.record(client, { ...need, ...granted });
        if (next) this.arrive(next, need);
      }
    }
  }

  private record(client: ClientClass, arrival: Arrival): void {
    const arrivals = this.arrivals.get(client) ?? [];
    this.arrivals.set(client, arrivals);
    arrivals.push(arrival);
  }

  /** What logins do in a state doesn't depend on how the state was reached, so it is worked out once. */
  private outcomesIn(state: State): Map<ClientClass, ClassOutcome[]> {
    const key = keyOf(state);
    const known = this.outcomes.get(key);
    if (known) return known;
    const outcomes = new Map(this.classes.map((client) => [client, this.loginsTo(client, state)]));
    this.outcomes.set(key, outcomes);
    return outcomes;
  }

  private loginsTo(client: ClientClass, state: State): ClassOutcome[] {
    const outcomes: ClassOutcome[] = [];
    for (const { request, mask } of client.requests) {
      const { paths, cut } = loginPaths(this.model, request, state.user, state.session, NOW, state.mine);
      if (cut) this.cannotTell(client, `the login of ${request.clientId} branches too often`);
      for (const { result, mask: taken, enrolled } of paths) {
        const { outcome } = result;
        if (outcome.kind === 'cannot-tell') this.cannotTell(client, outcome.because);
        const mine = enrolled.length > 0 ? new Set([...state.mine, ...enrolled]) : state.mine;
        const next = { session: result.session && rebased(result.session), user: result.user, mine };
        if (outcome.kind !== 'granted') continue;
        outcomes.push({
          step: { request, result },
          mask: mask | taken,
          next: keyOf(next) === keyOf(state) ? undefined : next,
          granted: { acr: outcome.acr, loa: outcome.loa },
        });
      }
    }
    return withoutWorse(outcomes);
  }

  private cannotTell(client: ClientClass, because: string): void {
    const reasons = this.open.get(client) ?? new Set<string>();
    this.open.set(client, reasons);
    reasons.add(because);
  }
}

interface ClassOutcome {
  readonly step: Step;
  readonly mask: ProofMask;
  readonly next: State | undefined;
  readonly granted: Pick<Arrival, 'acr' | 'loa'>;
}

/** Of logins that end alike, those that take the least. */
function withoutWorse(outcomes: readonly ClassOutcome[]): ClassOutcome[] {
  const byEnd = new Map<string, ClassOutcome[]>();
  for (const outcome of outcomes) {
    const end = `${outcome.granted.acr}|${outcome.next ? keyOf(outcome.next) : ''}`;
    const others = byEnd.get(end) ?? [];
    if (others.some(({ mask }) => (mask & ~outcome.mask) === 0)) continue;
    byEnd.set(end, [...others.filter(({ mask }) => (outcome.mask & ~mask) !== 0), outcome]);
  }
  return [...byEnd.values()].flat();
}

function keyOf({ session, user, mine }: State): string {
  const levels = session?.levels && Object.entries(session.levels).map(([level, at]) => `${level}@${NOW - at}`);
  const age = session ? `${NOW - session.authTime}` : 'none';
  return [age, levels?.join(',') ?? '-', [...user.credentials].sort().join(','), [...mine].sort().join(',')].join(' ');
}

/** What was just done counts as done a moment ago; which clients took part makes no difference. */
function rebased({ levels, authTime }: Session): Session {
  const moved = (at: number) => (at >= NOW - BETWEEN_LOGINS ? NOW - BETWEEN_LOGINS : at);
  return {
    started: NOW - BETWEEN_LOGINS,
    authTime: moved(authTime),
    ...(levels && { levels: Object.fromEntries(Object.entries(levels).map(([level, at]) => [level, moved(at)])) }),
    clients: {},
  };
}

function sessionOf({ levels, age }: HeldSession): Session {
  const at = NOW - age;
  return {
    started: NOW - BETWEEN_LOGINS,
    authTime: at,
    ...(levels && { levels: Object.fromEntries(levels.map((level) => [level, at])) }),
    clients: {},
  };
}

/** Sessions that an attacker may hold: none of the levels, or all up to one; as old as makes a difference. */
export function heldSessions(model: RealmModel): HeldSession[] {
  const levels = new Set<number>();
  const ages = new Set<number>([ACTION_MAX_AGE]);
  for (const flow of loginFlows(model)) {
    try {
      for (const { config, id } of levelConditions(flow)) {
        const level = config && levelOf(config, id);
        if (!config || level === undefined) continue;
        const maxAge = maxAgeOf(config, id);
        if (maxAge === 0) continue;
        levels.add(level);
        ages.add(maxAge);
      }
    } catch (error) {
      // The flow's own logins say that it can't be told, or fail.
      if (!(error instanceof CannotTell) && !(error instanceof ServerError)) throw error;
    }
  }
  const { ssoMax } = model.sessions;
  const lifespan = isUnknown(ssoMax) ? Number.POSITIVE_INFINITY : ssoMax;
  const thresholds = [BETWEEN_LOGINS, ...[...ages].flatMap((age) => [age, age + 1])];
  const tried = [...new Set(thresholds)].filter((age) => age <= lifespan).sort((a, b) => a - b);
  const sorted = [...levels].sort((a, b) => a - b);
  const prefixes = [undefined, ...sorted.map((_, index) => sorted.slice(0, index + 1))];
  // Oldest first, so that a younger session is looked at only where an older one doesn't do.
  return prefixes.flatMap((prefix) => [...tried].reverse().map((age) => ({ levels: prefix, age })));
}

/**
 * Credentials that the reset flow lets the owner of the mailbox set: a password, and an OTP where the flow resets that too.
 * Source: `ResetCredentialEmail`, `ResetPassword`, `ResetOTP`.
 */
function resetCredentials(model: RealmModel, user: SimulatedUser): CredentialType[] {
  const { bindings, selfService } = model;
  if (selfService.resetPassword !== true || isUnknown(bindings.resetCredentials)) return [];
  const flow = flowByAlias(model, bindings.resetCredentials);
  if (!flow) return [];
  const steps = [...allExecutions(flow)].flatMap(({ execution }) =>
    execution.kind === 'authenticator' && execution.requirement !== 'DISABLED' ? [execution.authenticator] : [],
  );
  if (!steps.includes('reset-credential-email')) return [];
  const resets: CredentialType[] = [];
  if (steps.includes('reset-password')) resets.push('password');
  if (steps.includes('reset-otp') && user.credentials.includes('otp')) resets.push('otp');
  return resets;
}

function withCredentials(user: SimulatedUser, types: readonly CredentialType[]): SimulatedUser {
  return { ...user, credentials: [...new Set([...user.credentials, ...types])] };
}
