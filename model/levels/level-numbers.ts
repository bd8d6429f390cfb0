import { HIGHEST_LOA, LEVELS_FILE, RECORD, type RecordedLevel } from './level-history';

/** A level as a stack declares it. */
export interface DeclaredLevel {
  readonly acr: string;
  /** @default what the history says, or a free number */
  readonly loa?: number;
}

/** A level with its number. */
export interface NumberedLevel {
  readonly acr: string;
  readonly loa: number;
}

/** What is wrong with the number of a level, in the parts of every message. */
export interface NumberProblem {
  readonly value: string;
  readonly why: string;
  readonly instead: string;
}

/** Room for nine levels between two. */
const STEP = 10;

/**
 * Gives each level its number: the one that it says, the one that it has in the history, or a free one in its place among the others.
 *
 * A free number is above every number that was ever used below the next level. A session with a retired number would have the level
 * otherwise, because Keycloak gives a session the highest name that is not above its number.
 *
 * @param declared lowest first
 */
export function numberLevels(
  declared: readonly DeclaredLevel[],
  recorded: readonly RecordedLevel[],
): NumberedLevel[] | NumberProblem {
  const known = declared.map(
    ({ acr, loa }) => loa ?? recorded.find((level) => level.acr === acr && !level.retired)?.loa,
  );
  const numbers: number[] = [];
  while (numbers.length < known.length) {
    const at = numbers.length;
    const own = known[at];
    if (own !== undefined) {
      numbers.push(own);
      continue;
    }
    const next = known.findIndex((loa, index) => index > at && loa !== undefined);
    const upper = known[next];
    const count = (upper === undefined ? known.length : next) - at;
    const used = recorded.map(({ loa }) => loa).filter((loa) => upper === undefined || loa < upper);
    // LoA 1 is what Keycloak gives to logins that passed no level.
    const lower = Math.max(...used, numbers.at(-1) ?? 0, upper === undefined ? 0 : 1);
    const free = upper === undefined ? above(lower, count) : between(lower, upper, count);
    if (free === undefined) {
      const { acr } = declared[at] as DeclaredLevel;
      return {
        value: `level "${acr}"`,
        why: `between ${lower} and ${upper ?? HIGHEST_LOA}, numbers that are or were in use, there is none left for it`,
        instead:
          upper === undefined
            ? `Give it a loa of its own`
            : `Give the levels above it new numbers: "${RECORD} --renumber ${declared[next]?.acr}"; their sessions then count for less, and users prove those levels again`,
      };
    }
    numbers.push(...free);
  }
  return declared.map(({ acr }, index) => ({ acr, loa: numbers[index] as number }));
}

function above(lower: number, count: number): number[] | undefined {
  const first = (Math.floor(lower / STEP) + 1) * STEP;
  if (first + (count - 1) * STEP > HIGHEST_LOA) return undefined;
  return Array.from({ length: count }, (_, index) => first + index * STEP);
}

function between(lower: number, upper: number, count: number): number[] | undefined {
  const gap = upper - lower;
  if (gap <= count) return undefined;
  return Array.from({ length: count }, (_, index) => lower + Math.floor((gap * (index + 1)) / (count + 1)));
}

/** The levels whose name and number the history does not have. */
export function unrecorded(levels: readonly NumberedLevel[], recorded: readonly RecordedLevel[]): NumberedLevel[] {
  return levels.filter(
    ({ acr, loa }) => !recorded.some((level) => level.acr === acr && level.loa === loa && !level.retired),
  );
}

/**
 * What would give a name or a number another meaning than it had; the first, if there are several.
 *
 * @param mayMove names that are meant to get another number
 */
export function movedMeaning(
  levels: readonly NumberedLevel[],
  recorded: readonly RecordedLevel[],
  mayMove: ReadonlySet<string> = new Set(),
): NumberProblem | undefined {
  for (const level of unrecorded(levels, recorded)) {
    const problem = (mayMove.has(level.acr) ? undefined : otherNumber(level, recorded)) ?? otherName(level, recorded);
    if (problem) return problem;
  }
  return hadByOthers(levels, recorded);
}

/** A session has the highest name that is not above its number: which new level sessions of before would have so. */
export function hadByOthers(
  levels: readonly NumberedLevel[],
  recorded: readonly RecordedLevel[],
): NumberProblem | undefined {
  for (const { acr, loa } of unrecorded(levels, recorded)) {
    const next = Math.min(...levels.map((level) => level.loa).filter((other) => other > loa));
    const other = recorded.find((level) => level.loa > loa && level.loa < next);
    if (other) {
      return {
        value: `level "${acr}" with loa ${loa}`,
        why: `sessions with ${other.loa}, the number of "${other.acr}" in ${LEVELS_FILE}, would have it without a page, as the highest name that is not above their number`,
        instead: 'Leave loa out, for a number that no session reaches',
      };
    }
  }
  return undefined;
}

/** What a level that is not recorded yet is refused with. */
export function notRecorded(
  { acr, loa }: NumberedLevel,
  levels: readonly NumberedLevel[],
  recorded: readonly RecordedLevel[],
): NumberProblem {
  const gone = recorded.find((one) => !one.retired && !levels.some((level) => level.acr === one.acr));
  return {
    value: `level "${acr}" with loa ${loa}`,
    why: `${LEVELS_FILE} does not have it yet, so a later change of its number would go unnoticed`,
    instead: `Run "${RECORD}" and commit the file${gone ? `; if it is another name of a level that was there, run "${RECORD} --rename ${gone.acr}=${acr}"` : ''}`,
  };
}

function otherNumber({ acr, loa }: NumberedLevel, recorded: readonly RecordedLevel[]): NumberProblem | undefined {
  const numbers = recorded.filter((level) => level.acr === acr);
  const now = numbers.find(({ retired }) => !retired);
  if (now) {
    return {
      value: `level "${acr}" with loa ${loa}`,
      why: `it has ${now.loa} in ${LEVELS_FILE}, and sessions hold the number, not the name`,
      instead: `Leave loa out, or write loa: ${now.loa}; if the number must change, run "${RECORD} --renumber ${acr}"`,
    };
  }
  const old = numbers.at(-1);
  if (!old) return undefined;
  return {
    value: `level "${acr}"`,
    why: `the name is retired in ${LEVELS_FILE}, where it had ${old.loa}: clients and sessions of that time would take it for what it was`,
    instead: `Give it another name; if it is the level that it was, run "${RECORD} --again ${acr}"; for a new number, "${RECORD} --renumber ${acr}"`,
  };
}

function otherName({ acr, loa }: NumberedLevel, recorded: readonly RecordedLevel[]): NumberProblem | undefined {
  const names = recorded.filter((level) => level.loa === loa && level.acr !== acr);
  const other = names.find(({ retired }) => !retired) ?? names.at(-1);
  if (!other) return undefined;
  return {
    value: `level "${acr}" with loa ${loa}`,
    why: `${loa} is the number of "${other.acr}"${other.retired ? ', which is retired,' : ''} in ${LEVELS_FILE}: whoever proved that would have "${acr}" without a page`,
    instead: other.retired
      ? 'Leave loa out, for a number that no session has'
      : `Leave loa out, for a number that no session has; if "${acr}" is another name of "${other.acr}", leave "${other.acr}" out of the levels and run "${RECORD} --rename ${other.acr}=${acr}"`,
  };
}
