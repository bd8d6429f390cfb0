import type { Asked, LoginRequest, SimulatedUser } from '../simulate/types';
import type { ClassRequest, ClientClass } from './client-classes';
import { costOf, isCredential, type Owned } from './logins';
import { Antichain, type HeldSession, type Need, type ProofMask } from './proofs';
import { isSameSecond, levelsText, sessionOf } from './sessions';
import type { Ending, Known, Situation, Situations } from './situations';

/** A login on the way to something. */
export interface Step {
  readonly request: LoginRequest;
  readonly asked: readonly Asked[];
  readonly acr: string | undefined;
  /** Whether it must be opened in the same second as the login before it. */
  readonly sameSecond: boolean;
}

/** Where a path has come: what it needed, and the steps back to its beginning. */
export interface Path extends Need {
  readonly step?: Step;
  readonly previous?: Path;
  /** Seconds that pass before the next step. @default those between any two logins */
  readonly pause?: number;
}

/** A path that ends with something gained. */
export type Arrival = Path;

/** What a login gains: `token`, `acr:gold`, `scope:payments` of a client; `action:CONFIGURE_TOTP` of the account. */
export type Gain = string;

/** What an attacker is up to. */
interface State {
  readonly situation: Situation;
  /** What has become the attacker's. */
  readonly mine: ReadonlySet<Owned>;
  /** Whether the account is the attacker's own and is yet to be made. */
  readonly unmade: boolean;
  /** As of {@link Situation}, with what the attacker has. */
  readonly key: string;
  readonly kind: string;
}

/** Whose account a search is about: a user's, or one that the attacker makes. */
export type Whose = 'user' | 'own';

/**
 * Finds every state that an attacker can bring a browser and an account to, with the weakest needs for each, by any logins to any
 * clients.
 */
export class Search {
  /** Why something can't be told. */
  readonly open = new Set<string>();
  /** What logins were taken for granted to be like. */
  readonly assumed = new Set<string>();
  /** The levels of the sessions that came about, as {@link levelsText} has them. */
  readonly sessions = new Set<string>();
  private readonly gains = new Map<ClientClass | undefined, Map<Gain, Antichain<Arrival>>>();
  private readonly reached = new Map<string, Antichain<Path>>();
  private readonly queue: { readonly state: State; readonly path: Path }[] = [];
  private readonly outcomes = new Map<string, readonly ClassOutcome[]>();

  constructor(
    private readonly classes: readonly ClientClass[],
    private readonly situations: Situations,
    private readonly known: Known,
    private readonly user: SimulatedUser,
    /** Sessions of the user that the attacker may begin with. */
    private readonly held: readonly HeldSession[],
    private readonly whose: Whose = 'user',
  ) {}

  run(): this {
    const begin = (path: Path, mine: readonly Owned[], unmade: boolean) => {
      const situation = this.situations.of(path.session && sessionOf(path.session), this.user);
      this.arrive(stateOf(situation, new Set(mine), unmade), path);
    };
    if (this.whose === 'own') begin({ mask: 0, session: undefined }, ['password', 'email'], true);
    else {
      begin({ mask: 0, session: undefined }, [], false);
      for (const session of this.held) begin({ mask: 0, session }, [], false);
    }
    for (let next = this.queue.shift(); next; next = this.queue.shift()) this.goOn(next.state, next.path);
    return this;
  }

  /** The weakest ways to a gain; of the account's where no client is named. */
  arrivals(client: ClientClass | undefined, gain: Gain): readonly Arrival[] {
    return this.gains.get(client)?.get(gain)?.members ?? [];
  }

  /** What was gained of a client, or of the account. */
  gainsOf(client: ClientClass | undefined): Gain[] {
    return [...(this.gains.get(client)?.keys() ?? [])];
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
    for (const { client, step: login, mask, next, pause, granted, gains } of this.outcomesIn(state)) {
      const step: Step = { ...login, sameSecond: path.pause !== undefined && isSameSecond(path.pause) };
      const need: Path = { mask: path.mask | mask, session: path.session, step, previous: path, pause };
      if (granted) for (const gain of gains) this.record(client, gain, need);
      for (const gain of actionsIn(login.asked)) this.record(undefined, gain, need);
      if (next) this.arrive(next, need);
    }
  }

  /** Keeps an arrival unless one that takes no more has come there before. */
  private record(client: ClientClass | undefined, gain: Gain, path: Path): void {
    const ofClient = this.gains.get(client) ?? new Map<Gain, Antichain<Arrival>>();
    this.gains.set(client, ofClient);
    const weakest = ofClient.get(gain) ?? new Antichain<Arrival>();
    ofClient.set(gain, weakest);
    weakest.add(path);
  }

  /** What logins do in a state doesn't depend on how the state was reached, so it is worked out once. */
  private outcomesIn(state: State): readonly ClassOutcome[] {
    const known = this.outcomes.get(state.key);
    if (known) return known;
    const shared = new Map<string, readonly SharedOutcome[]>();
    const outcomes = this.classes.flatMap((client) => this.loginsTo(client, state, shared));
    this.outcomes.set(state.key, outcomes);
    return outcomes;
  }

  private loginsTo(client: ClientClass, state: State, shared: Map<string, readonly SharedOutcome[]>): ClassOutcome[] {
    const outcomes: ClassOutcome[] = [];
    for (const candidate of client.requests) {
      if (!fits(candidate, state)) continue;
      const { request, loginKey, acr } = candidate;
      const { endings, cut } = this.situations.login(candidate, state.situation);
      const granted = shared.get(loginKey) ?? this.endingsFor(request, state, endings, cut);
      shared.set(loginKey, granted);
      for (const { asked, granted: isGranted, loa, sso, mask, next, pause, by } of granted) {
        const claim = isGranted ? acr(loa, sso, by) : undefined;
        outcomes.push({
          client,
          step: { request, asked, acr: claim },
          mask: candidate.mask | mask,
          next,
          pause,
          granted: isGranted,
          gains: gainsOf(request, claim),
        });
      }
    }
    return withoutWorse(outcomes);
  }

  private endingsFor(
    request: LoginRequest,
    state: State,
    endings: readonly Ending[],
    cut: boolean,
  ): readonly SharedOutcome[] {
    if (cut) this.open.add(`the login of ${request.clientId} branches too often`);
    for (const { outcome, assumptions } of endings) {
      for (const assumption of assumptions) this.assumed.add(assumption);
      if (outcome.kind === 'cannot-tell') this.open.add(outcome.because);
      if (outcome.kind === 'granted' && outcome.acrUnknown !== undefined) this.open.add(outcome.acrUnknown);
    }
    return endings.flatMap((ending) => this.takenFrom(state, ending) ?? []);
  }

  private useful(mine: ReadonlySet<Owned>): ReadonlySet<Owned> {
    const { credentials } = this.known.features;
    return new Set([...mine].filter((owned) => !isCredential(owned) || credentials.has(owned)));
  }

  private takenFrom(state: State, { asked, outcome, next, pause, account }: Ending): SharedOutcome | undefined {
    const granted = outcome.kind === 'granted';
    const isNew = account === 'new';
    if (granted && next.session) this.sessions.add(levelsText(next.session));
    // A login about a user's account that ends in a new one is looked at on its own.
    if (isNew !== state.unmade) return undefined;
    // A login that is left half-way may have changed the account by then.
    if (!granted && !changesAccount(asked)) return undefined;
    const { mask, mine } = costOf(asked, state.mine, this.known.proofs);
    const { loa, sso } = granted ? outcome : { loa: -1, sso: false };
    const after = stateOf(next, this.useful(mine), false);
    // A client's own account is no user's.
    const leads = after.key !== state.key && !next.user.deleted && account !== 'service';
    return { asked, granted, loa, sso, mask, pause, by: next.user, next: leads ? after : undefined };
  }
}

/** A login, to whatever client. */
interface SharedOutcome {
  readonly asked: readonly Asked[];
  readonly granted: boolean;
  readonly loa: number;
  readonly sso: boolean;
  readonly mask: ProofMask;
  readonly pause: number;
  readonly by: SimulatedUser;
  readonly next: State | undefined;
}

interface ClassOutcome extends Pick<SharedOutcome, 'granted' | 'mask' | 'next' | 'pause'> {
  readonly client: ClientClass;
  readonly step: Omit<Step, 'sameSecond'>;
  readonly gains: readonly Gain[];
}

/** Whether a request can be made about this account: one that is yet to be made has no other door than to make it. */
function fits({ request: { door } }: ClassRequest, { unmade }: State): boolean {
  return unmade ? door === 'registration' || door === 'broker' : door !== 'registration';
}

function gainsOf({ scope = [] }: LoginRequest, acr: string | undefined): Gain[] {
  return [
    'token',
    ...(acr === undefined ? [] : [`acr:${acr}`]),
    ...scope.filter((name) => name !== 'openid').map((name) => `scope:${name}`),
  ];
}

function actionsIn(asked: readonly Asked[]): Gain[] {
  return asked.flatMap(({ page, answer }): Gain[] => {
    if (page.kind !== 'action' || !('give' in answer)) return [];
    const change = page.changes?.[answer.give];
    // Where nothing that matters can be changed, the action itself is what is had.
    if (change?.kind === 'none' && page.changes && page.changes.length > 1) return [];
    const subject = page.deletes ?? (change?.kind === 'link' ? change.provider : undefined);
    return [`action:${page.action}${subject === undefined ? '' : `:${subject}`}`];
  });
}

function changesAccount(asked: readonly Asked[]): boolean {
  return actionsIn(asked).length > 0;
}

/** Of logins that end alike, those that take the least. */
function withoutWorse(outcomes: readonly ClassOutcome[]): ClassOutcome[] {
  const byEnd = new Map<string, ClassOutcome[]>();
  for (const outcome of outcomes) {
    const { step, granted, gains } = outcome;
    const gained = [...(granted ? gains : []), ...actionsIn(step.asked)].join(' ');
    const end = `${gained}|${outcome.next?.key ?? ''}`;
    const others = byEnd.get(end) ?? [];
    if (others.some(({ mask }) => (mask & ~outcome.mask) === 0)) continue;
    byEnd.set(end, [...others.filter(({ mask }) => (outcome.mask & ~mask) !== 0), outcome]);
  }
  return [...byEnd.values()].flat();
}

function stateOf(situation: Situation, mine: ReadonlySet<Owned>, unmade: boolean): State {
  const owned = [...mine].sort().join(',');
  const whose = unmade ? 'unmade ' : '';
  return {
    situation,
    mine,
    unmade,
    key: `${whose}${situation.key} ${owned}`,
    kind: `${whose}${situation.kind} ${owned}`,
  };
}
