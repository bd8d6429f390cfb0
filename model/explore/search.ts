import type { CredentialType } from '../keycloak/authenticators';
import { isUnknown, type RealmModel } from '../realm-model';
import { flowByAlias } from '../simulate/choose-flow';
import { allExecutions } from '../simulate/flow-index';
import type { Asked, LoginRequest, SimulatedUser } from '../simulate/types';
import type { ClientClass } from './client-classes';
import { costOf } from './logins';
import { Antichain, maskOf, type Need, type ProofMask } from './proofs';
import { heldSessions, isSameSecond, sessionOf } from './sessions';
import type { Ending, Situation, Situations } from './situations';

/** A login on the way to a level. */
export interface Step {
  readonly request: LoginRequest;
  readonly asked: readonly Asked[];
  readonly acr: string | undefined;
  /** Whether it must be opened in the same second as the login before it. */
  readonly sameSecond: boolean;
}

/** The mailbox is used to set new credentials. */
export interface ResetStep {
  readonly resets: readonly CredentialType[];
}

/** Where a path has come: what it needed, and the steps back to its beginning. */
export interface Path extends Need {
  readonly step?: Step | ResetStep;
  readonly previous?: Path;
  /** Seconds that pass before the next step. @default those between any two logins */
  readonly pause?: number;
}

/** A path that ends with tokens. */
export interface Arrival extends Path {
  readonly acr: string | undefined;
  readonly loa: number;
}

/** What an attacker is up to. */
interface State {
  readonly situation: Situation;
  /** Credentials that the attacker has enrolled. */
  readonly mine: ReadonlySet<CredentialType>;
  /** As of {@link Situation}, with what the attacker has enrolled. */
  readonly key: string;
  readonly kind: string;
}

/**
 * Finds every state that an attacker can bring a browser and an account to, with the weakest needs for each, by any logins to any
 * clients.
 */
export class Search {
  readonly arrivals = new Map<ClientClass, Arrival[]>();
  /** Why something can't be told, by client class. */
  readonly open = new Map<ClientClass, Set<string>>();
  private readonly weakest = new Map<ClientClass, Map<string | undefined, Antichain<Arrival>>>();
  private readonly reached = new Map<string, Antichain<Path>>();
  private readonly queue: { readonly state: State; readonly path: Path }[] = [];
  private readonly outcomes = new Map<string, Map<ClientClass, ClassOutcome[]>>();

  constructor(
    private readonly model: RealmModel,
    private readonly classes: readonly ClientClass[],
    private readonly situations: Situations,
    private readonly user: SimulatedUser,
  ) {}

  run(): this {
    const begin = (path: Path, user = this.user, mine: readonly CredentialType[] = []) => {
      const situation = this.situations.of(path.session && sessionOf(path.session), user);
      this.arrive(stateOf(situation, new Set(mine)), path);
    };
    begin({ mask: 0, session: undefined });
    for (const session of heldSessions(this.model)) begin({ mask: 0, session });
    const resets = resetCredentials(this.model, this.user);
    if (resets.length > 0) {
      const previous = { mask: 0, session: undefined };
      const path = { mask: maskOf('email'), session: undefined, step: { resets }, previous };
      begin(path, withCredentials(this.user, resets), resets);
    }
    for (let next = this.queue.shift(); next; next = this.queue.shift()) this.goOn(next.state, next.path);
    return this;
  }

  /**
   * Goes on from a state later, unless one of its kind was reached before by a path that takes no more: the same logins go on
   * from there, and arrive first.
   */
  private arrive(state: State, path: Path): void {
    const paths = this.reached.get(state.kind) ?? new Antichain<Path>();
    this.reached.set(state.kind, paths);
    if (paths.add(path)) this.queue.push({ state, path });
  }

  private goOn(state: State, path: Path): void {
    for (const [client, outcomes] of this.outcomesIn(state)) {
      for (const { step: login, loa, mask, next, pause } of outcomes) {
        const step: Step = { ...login, sameSecond: path.pause !== undefined && isSameSecond(path.pause) };
        const need: Path = { mask: path.mask | mask, session: path.session, step, previous: path, pause };
        this.record(client, need, { acr: step.acr, loa });
        if (next) this.arrive(next, need);
      }
    }
  }

  /** Keeps an arrival unless one that takes no more has come to the same acr before. */
  private record(client: ClientClass, path: Path, granted: Pick<Arrival, 'acr' | 'loa'>): void {
    const byAcr = this.weakest.get(client) ?? new Map<string | undefined, Antichain<Arrival>>();
    this.weakest.set(client, byAcr);
    const weakest = byAcr.get(granted.acr) ?? new Antichain<Arrival>();
    byAcr.set(granted.acr, weakest);
    if (weakest.covers(path)) return;
    const arrival = { ...path, ...granted };
    weakest.add(arrival);
    const arrivals = this.arrivals.get(client) ?? [];
    this.arrivals.set(client, arrivals);
    arrivals.push(arrival);
  }

  /** What logins do in a state doesn't depend on how the state was reached, so it is worked out once. */
  private outcomesIn(state: State): Map<ClientClass, ClassOutcome[]> {
    const known = this.outcomes.get(state.key);
    if (known) return known;
    const shared = new Map<string, SharedOutcome[]>();
    const outcomes = new Map(this.classes.map((client) => [client, this.loginsTo(client, state, shared)]));
    this.outcomes.set(state.key, outcomes);
    return outcomes;
  }

  private loginsTo(client: ClientClass, state: State, shared: Map<string, SharedOutcome[]>): ClassOutcome[] {
    const outcomes: ClassOutcome[] = [];
    for (const candidate of client.requests) {
      const { request, loginKey, acr } = candidate;
      const { endings, cut } = this.situations.login(candidate, state.situation);
      if (cut) this.cannotTell(client, `the login of ${request.clientId} branches too often`);
      for (const { outcome } of endings) {
        if (outcome.kind === 'cannot-tell') this.cannotTell(client, outcome.because);
      }
      const granted = shared.get(loginKey) ?? endings.flatMap((ending) => this.takenFrom(state, ending) ?? []);
      shared.set(loginKey, granted);
      for (const { asked, loa, sso, mask, next, pause } of granted) {
        outcomes.push({ step: { request, asked, acr: acr(loa, sso) }, loa, mask: candidate.mask | mask, next, pause });
      }
    }
    return withoutWorse(outcomes);
  }

  private takenFrom(state: State, { asked, outcome, next, pause }: Ending): SharedOutcome | undefined {
    if (outcome.kind !== 'granted') return undefined;
    const { mask, mine } = costOf(asked, state.mine);
    const { loa, sso } = outcome;
    const after = stateOf(next, mine);
    return { asked, loa, sso, mask, pause, next: after.key === state.key ? undefined : after };
  }

  private cannotTell(client: ClientClass, because: string): void {
    const reasons = this.open.get(client) ?? new Set<string>();
    this.open.set(client, reasons);
    reasons.add(because);
  }
}

/** A granted login, to whatever client. */
interface SharedOutcome {
  readonly asked: readonly Asked[];
  readonly loa: number;
  readonly sso: boolean;
  readonly mask: ProofMask;
  readonly pause: number;
  readonly next: State | undefined;
}

interface ClassOutcome extends Pick<SharedOutcome, 'loa' | 'mask' | 'next' | 'pause'> {
  readonly step: Omit<Step, 'sameSecond'>;
}

/** Of logins that end alike, those that take the least. */
function withoutWorse(outcomes: readonly ClassOutcome[]): ClassOutcome[] {
  const byEnd = new Map<string, ClassOutcome[]>();
  for (const outcome of outcomes) {
    const end = `${outcome.step.acr}|${outcome.next?.key ?? ''}`;
    const others = byEnd.get(end) ?? [];
    if (others.some(({ mask }) => (mask & ~outcome.mask) === 0)) continue;
    byEnd.set(end, [...others.filter(({ mask }) => (outcome.mask & ~mask) !== 0), outcome]);
  }
  return [...byEnd.values()].flat();
}

function stateOf(situation: Situation, mine: ReadonlySet<CredentialType>): State {
  const owned = [...mine].sort().join(',');
  return { situation, mine, key: `${situation.key} ${owned}`, kind: `${situation.kind} ${owned}` };
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
