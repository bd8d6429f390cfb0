import type { RealmModel } from '../realm-model';
import type { Asked, LoginResult, Outcome, Session, SimulatedUser } from '../simulate/types';
import type { ClassRequest } from './client-classes';
import type { Features } from './features';
import { type LoginPaths, loginPaths } from './logins';
import type { ProofTable } from './proofs';
import type { RequestSpace } from './requests';
import { exactKey, NOW, pauses, rebased, sessionKinds } from './sessions';

/** What is known of the realm before any login. */
export interface Known {
  readonly proofs: ProofTable;
  readonly features: Features;
  readonly space: RequestSpace;
}

/** What a login begins with and ends in: the browser's session and the account as it is by then. */
export interface Situation {
  readonly session: Session | undefined;
  readonly user: SimulatedUser;
  /** The same for the same session and credentials. */
  readonly key: string;
  /** The same for the same credentials and sessions that no login can tell apart. */
  readonly kind: string;
  /** The same where logins also ask in the same order, which is that of the account's credentials. */
  readonly runsAs: string;
  /** The account alone: logins that no session takes part in run alike for the same one. */
  readonly account: string;
}

/** What comes of a login, by each way to answer it. */
export interface Logins {
  readonly endings: readonly Ending[];
  /** Whether there are more. */
  readonly cut: boolean;
}

export interface Ending {
  readonly asked: readonly Asked[];
  readonly outcome: Outcome;
  /** Whose account it ended in, if not the one that the login was for. */
  readonly account: LoginResult['account'];
  /** What the login takes for granted. */
  readonly assumptions: readonly string[];
  /** Seconds from this login to the next. */
  readonly pause: number;
  readonly next: Situation;
}

/** The situations that come up, and the logins in them: all accounts, attackers and clients share these. */
export class Situations {
  private readonly situations = new Map<string, Situation>();
  private readonly logins = new Map<Situation, Map<string, Logins>>();
  private readonly paths = new Map<string, Map<string, LoginPaths>>();
  private readonly pauses: readonly number[];
  private readonly sessionKind: ReturnType<typeof sessionKinds>;

  constructor(
    private readonly model: RealmModel,
    private readonly known: Known,
  ) {
    this.pauses = pauses(model);
    this.sessionKind = sessionKinds(model, this.pauses);
  }

  of(session: Session | undefined, owner: SimulatedUser): Situation {
    const user = this.withoutUseless(owner);
    const exact = exactKey(session);
    const account = JSON.stringify(user);
    const known = this.situations.get(`${exact} ${account}`);
    if (known) return known;
    const { credentials, ...rest } = user;
    // The order of credentials decides what is offered first, not what can be reached.
    const alike = JSON.stringify([[...credentials].sort(), rest]);
    const kind = this.sessionKind(session);
    const situation = {
      session,
      user,
      key: `${exact} ${alike}`,
      kind: `${kind} ${alike}`,
      runsAs: `${kind} ${account}`,
      account,
    };
    this.situations.set(`${exact} ${account}`, situation);
    return situation;
  }

  private withoutUseless(user: SimulatedUser): SimulatedUser {
    const { credentials } = this.known.features;
    if (user.credentials.every((type) => credentials.has(type))) return user;
    return { ...user, credentials: user.credentials.filter((type) => credentials.has(type)) };
  }

  login({ request, loginKey, usesSession }: ClassRequest, situation: Situation): Logins {
    const logins = entry(this.logins, situation);
    const known = logins.get(loginKey);
    if (known) return known;
    const { session, user } = situation;
    const { exchanged } = this.known.space;
    const paths = entry(this.paths, usesSession ? situation.runsAs : situation.account);
    const { results, cut } =
      paths.get(loginKey) ??
      loginPaths(this.model, this.known.proofs, request, user, usesSession ? session : undefined, NOW);
    paths.set(loginKey, { results, cut });
    const endings = results.flatMap(({ asked, outcome, session: after, user: by, account, assumptions }) =>
      this.pauses.map((pause) => ({
        asked,
        outcome,
        pause,
        account,
        assumptions,
        next: this.of(after && rebased(after, usesSession ? session : undefined, pause, exchanged), by),
      })),
    );
    logins.set(loginKey, { endings, cut });
    return { endings, cut };
  }
}

function entry<K, V>(map: Map<K, Map<string, V>>, key: K): Map<string, V> {
  const found = map.get(key) ?? new Map<string, V>();
  map.set(key, found);
  return found;
}
