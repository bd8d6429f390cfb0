import { addJavaInts, parseJavaInt } from '../keycloak/java';
import { type Flow, isUnknown, type RealmModel } from '../realm-model';
import { LOA_CONDITION, levelConditions, levelOf, maxAgeOf } from '../simulate/acr-store';
import { allExecutions } from '../simulate/flow-index';
import { longestLifespan } from '../simulate/lifespan';
import { MINIMUM_LOA, NO_LOA } from '../simulate/login';
import { CannotTell, ServerError } from '../simulate/signals';
import type { Session } from '../simulate/types';
import { browserFlows, loginFlows } from './features';
import type { HeldSession } from './proofs';

/** Where the clock stands at every login; sessions are moved against it. */
export const NOW = 2_000_000_000;
/** Seconds that pass between two logins, so that max age 0 has passed. */
const BETWEEN_LOGINS = 1;
/** Somebody quick opens the next login before the clock's second is over. */
const SAME_SECOND = 0;
const ACTION_MAX_AGE = 300;

/**
 * How long to wait between two logins. Within the same second a level counts even in a flow that gives it no age, which makes a
 * difference only where another flow proves it.
 */
export function pauses(model: RealmModel): readonly number[] {
  const flows = browserFlows(model).map(
    (flow) => new Map(readableLevels(flow).map(({ level, maxAge }) => [level, maxAge])),
  );
  const kept = new Set(flows.flatMap((ages) => [...ages].flatMap(([level, age]) => (age === 0 ? [] : [level]))));
  const matters = flows.some((ages) => [...kept].some((level) => (ages.get(level) ?? 0) === 0));
  return matters ? [BETWEEN_LOGINS, SAME_SECOND] : [BETWEEN_LOGINS];
}

export function isSameSecond(pause: number): boolean {
  return pause === SAME_SECOND;
}

/**
 * The session some time after a login, moved so that what was just done counts as done `pause` seconds ago. What is older is as old as `before`
 * the login: that may be another session of the same kind than the login was made in. Which clients took part makes no
 * difference but where their tokens can be exchanged.
 */
export function rebased(
  { levels, authTime, clients }: Session,
  before: Session | undefined,
  pause: number,
  exchanged: ReadonlySet<string>,
): Session {
  const moved = (at: number, old: number | undefined) => (at === NOW ? NOW - pause : (old as number));
  return {
    started: NOW - pause,
    authTime: moved(authTime, before?.authTime),
    ...(levels && {
      levels: Object.fromEntries(
        Object.entries(levels).map(([level, at]) => [level, moved(at, before?.levels?.[Number(level)])]),
      ),
    }),
    clients: Object.fromEntries(
      Object.keys(clients)
        .filter((clientId) => exchanged.has(clientId))
        .sort()
        .map((clientId) => [clientId, PART_OF_CLIENT]),
    ),
  };
}

export function sessionOf({ levels, age }: HeldSession): Session {
  const at = NOW - age;
  return {
    started: NOW - BETWEEN_LOGINS,
    authTime: at,
    ...(levels && { levels: Object.fromEntries(levels.map((level) => [level, at])) }),
    clients: {},
  };
}

/** The levels that a session holds, lowest first; the same text for the same ones. */
export function levelsText({ levels }: Pick<Session, 'levels'>): string {
  return levels ? Object.keys(levels).join(' ') : 'none';
}

/**
 * Sessions that an attacker may hold: none of the levels, or all up to one, if logins of the realm leave such; as old as makes a
 * difference.
 *
 * @param possible the levels of sessions that logins leave, as {@link levelsText} has them
 */
export function heldSessions(model: RealmModel, possible: ReadonlySet<string>): HeldSession[] {
  const levels = new Set<number>();
  const ages = new Set(actionAges(model));
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
  const lifespan = longestLifespan(model) ?? Number.POSITIVE_INFINITY;
  const thresholds = [BETWEEN_LOGINS, ...[...ages].flatMap((age) => [age, age + 1])];
  const tried = [...new Set(thresholds)].filter((age) => age <= lifespan).sort((a, b) => a - b);
  const sorted = [...levels].sort((a, b) => a - b);
  const prefixes = [undefined, ...sorted.map((_, index) => sorted.slice(0, index + 1))].filter((prefix) =>
    possible.has(prefix?.join(' ') ?? 'none'),
  );
  // Oldest first, so that a younger session is looked at only where an older one doesn't do.
  return prefixes.flatMap((prefix) => [...tried].reverse().map((age) => ({ levels: prefix, age })));
}

/** Of a client's part in a session it only matters that it is there. */
const PART_OF_CLIENT = { loa: NO_LOA, sso: false };

/** A key of sessions by all that they hold. */
export function exactKey(session: Session | undefined): string {
  return keyBy(session, (at) => String(NOW - at));
}

/**
 * Gives sessions the same key if no login can tell them apart: logins compare the age of a level with the max ages of that
 * level's conditions only, and the age of the last authentication with those of required actions.
 *
 * @param between the {@link pauses} of the realm
 */
export function sessionKinds(model: RealmModel, between: readonly number[]): (session: Session | undefined) => string {
  const ofLevels = new Map<number, number[]>();
  for (const flow of model.flows) {
    for (const { level, maxAge } of readableLevels(flow)) ofLevels.set(level, [...(ofLevels.get(level) ?? []), maxAge]);
  }
  const ofActions = actionAges(model);
  const noAge = between.includes(SAME_SECOND) ? [0] : [];
  return (session) =>
    keyBy(session, (at, level) => {
      // A level has max age 0 in a flow without a condition for it.
      const maxAges = level === undefined ? ofActions : [...(ofLevels.get(level) ?? []), ...noAge];
      return maxAges.map((maxAge) => Number(addJavaInts(at, maxAge) >= NOW)).join('');
    });
}

/** Ages of a login that required actions go by, in seconds. */
function actionAges({ requiredActions }: RealmModel): number[] {
  const set = requiredActions.flatMap(({ config: { max_auth_age: setting } }) => {
    const age = isUnknown(setting) ? undefined : parseJavaInt(setting);
    return age !== undefined && age >= 0 ? [age] : [];
  });
  return [...set, ACTION_MAX_AGE];
}

/** Of conditions that can't be read no login goes by the age: it can't be told, or fails. */
function readableLevels(flow: Flow): { readonly level: number; readonly maxAge: number }[] {
  return [...allExecutions(flow)].flatMap(({ execution }) => {
    if (execution.kind !== 'authenticator' || execution.authenticator !== LOA_CONDITION || !execution.config) return [];
    const { config, id } = execution;
    try {
      return [{ level: levelOf(config, id) ?? MINIMUM_LOA, maxAge: maxAgeOf(config, id) }];
    } catch (error) {
      if (!(error instanceof CannotTell)) throw error;
      return [];
    }
  });
}

function keyBy(session: Session | undefined, age: (at: number, level?: number) => string): string {
  if (!session) return 'none';
  const levels = session.levels && Object.entries(session.levels).map(([level, at]) => `${level}@${age(at, +level)}`);
  return `${age(session.authTime)} ${levels?.join(',') ?? '-'} ${Object.keys(session.clients).join(',')}`;
}
