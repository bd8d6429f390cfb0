import type { RealmModel } from '../realm-model';
import type { Asked, Outcome, Session, SimulatedUser } from '../simulate/types';
import type { ClassRequest } from './client-classes';
import { type LoginPaths, loginPaths } from './logins';
import { exactKey, NOW, rebased, sessionKinds } from './sessions';

/** What a login begins with and ends in: the browser's session and the account as it is by then. */
export interface Situation {
  readonly session: Session | undefined;
  readonly user: SimulatedUser;
  /** The same for the same session and credentials. */
  readonly key: string;
  /** The same for the same credentials and sessions that no login can tell apart. */
  readonly kind: string;
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
  readonly next: Situation;
}

/** The situations that come up, and the logins in them: all accounts, attackers and clients share these. */
export class Situations {
  private readonly situations = new Map<string, Situation>();
  private readonly logins = new Map<Situation, Map<string, Logins>>();
  private readonly paths = new Map<string, LoginPaths>();
  private readonly sessionKind: ReturnType<typeof sessionKinds>;

  constructor(private readonly model: RealmModel) {
    this.sessionKind = sessionKinds(model);
  }

  of(session: Session | undefined, user: SimulatedUser): Situation {
    const exact = exactKey(session);
    const id = `${exact} ${JSON.stringify(user)}`;
    const known = this.situations.get(id);
    if (known) return known;
    const credentials = [...user.credentials].sort().join(',');
    const kind = this.sessionKind(session);
    const situation = { session, user, key: `${exact} ${credentials}`, kind: `${kind} ${credentials}` };
    this.situations.set(id, situation);
    this.logins.set(situation, new Map());
    return situation;
  }

  login(request: ClassRequest, situation: Situation): Logins {
    const logins = this.logins.get(situation) as Map<string, Logins>;
    const known = logins.get(request.loginKey);
    if (known) return known;
    const { results, cut } = this.pathsOf(request, situation);
    const endings = results.map(({ asked, outcome, session, user }) => {
      return { asked, outcome, next: this.of(session && rebased(session, situation.session), user) };
    });
    logins.set(request.loginKey, { endings, cut });
    return { endings, cut };
  }

  private pathsOf({ request, loginKey }: ClassRequest, { session, user }: Situation): LoginPaths {
    const id = `${this.sessionKind(session)} ${JSON.stringify(user)} ${loginKey}`;
    const paths = this.paths.get(id) ?? loginPaths(this.model, request, user, session, NOW);
    this.paths.set(id, paths);
    return paths;
  }
}
