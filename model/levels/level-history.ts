/** The file that holds every name and number that levels ever had. It is committed beside the stack. */
export const LEVELS_FILE = 'step-up.levels.json';

/** The command that writes it. */
export const RECORD = 'npx step-up levels record';

/**
 * A name and a number that a level has or had. Keycloak keeps the number in sessions and offline sessions, and the acr map gives it a
 * name at each token, so that neither may ever stand for something else.
 */
export interface RecordedLevel {
  readonly acr: string;
  readonly loa: number;
  /** Whether no level has the two any more. Neither the name nor the number is free then. */
  readonly retired?: true;
  /**
   * That sessions begun before the last change stand for more than was proved in them, until somebody says that they are ended
   * ({@link RECORD} `--settled`).
   */
  readonly sessions?: 'open';
}

/** The levels of each realm, by the name under which the file keeps them. */
export type LevelHistory = Readonly<Record<string, readonly RecordedLevel[]>>;

/** The file can't be read for what it should be: says where, and what to write. */
export class UnreadableHistory extends Error {
  override readonly name = 'UnreadableHistory';
}

const VERSION = 1;
export const HIGHEST_LOA = 2_147_483_647;

/**
 * Reads the file strictly: what is not understood may be what a merge has lost.
 *
 * @param name of the file, for the error
 * @throws UnreadableHistory
 */
export function parseLevelHistory(text: string, name: string): LevelHistory {
  const refuse = (why: string): never => {
    throw new UnreadableHistory(`${name}: ${why}`);
  };
  if (/^(<{7}|={7}|>{7})/m.test(text)) refuse('a merge left its marks: keep the lines of both sides, and no mark');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    refuse(`no valid JSON: take it from version control again, or mend it by hand`);
  }
  const { version, realms, ...others } = (isObject(json) ? json : {}) as Record<string, unknown>;
  if (version !== VERSION || !isObject(realms) || Object.keys(others).length > 0) {
    refuse(`write { "version": ${VERSION}, "realms": { … } }, as "${RECORD}" does`);
  }
  const history: [string, RecordedLevel[]][] = Object.entries(realms as object).map(([realm, levels]) => {
    if (!Array.isArray(levels)) refuse(`realm "${realm}" is no list of levels`);
    return [realm, (levels as unknown[]).map((level) => parsedLevel(level) ?? refuse(badLevel(realm, level)))];
  });
  const read = history.reduce((sum, [, levels]) => sum + levels.length, 0);
  // JSON keeps the last of two lists of one name and says nothing.
  if (read !== [...text.matchAll(/"loa"\s*:/g)].length) refuse('a realm is in it twice: put its lines into one list');
  for (const [realm, levels] of history) {
    const twice = contradiction(levels);
    if (twice !== undefined) refuse(`realm "${realm}": ${twice}`);
  }
  return Object.fromEntries(history);
}

/** One line a level, sorted, so that changes and conflicts are lines that people can read. */
export function printLevelHistory(history: LevelHistory): string {
  const realms = Object.keys(history)
    .sort(byText)
    .map((realm) => {
      const levels = [...(history[realm] ?? [])].sort(
        (one, other) => one.loa - other.loa || byText(one.acr, other.acr),
      );
      const lines = levels.map(({ loa, acr, retired, sessions }) => {
        const parts = [`"loa": ${loa}`, `"acr": ${JSON.stringify(acr)}`];
        if (retired) parts.push('"retired": true');
        if (sessions) parts.push(`"sessions": "${sessions}"`);
        return `      { ${parts.join(', ')} }`;
      });
      return `    ${JSON.stringify(realm)}: [\n${lines.join(',\n')}\n    ]`;
    });
  return `{\n  "version": ${VERSION},\n  "realms": {\n${realms.join(',\n')}\n  }\n}\n`;
}

function parsedLevel(json: unknown): RecordedLevel | undefined {
  if (!isObject(json)) return undefined;
  const { loa, acr, retired, sessions, ...others } = json;
  const isLevel =
    typeof acr === 'string' &&
    acr !== '' &&
    Number.isInteger(loa) &&
    (loa as number) >= 0 &&
    (loa as number) <= HIGHEST_LOA &&
    (retired === undefined || retired === true) &&
    (sessions === undefined || sessions === 'open') &&
    Object.keys(others).length === 0;
  if (!isLevel) return undefined;
  return { loa: loa as number, acr, ...(retired && { retired }), ...(sessions && { sessions: 'open' }) };
}

function badLevel(realm: string, level: unknown): string {
  return `realm "${realm}": ${JSON.stringify(level)} is no level such as { "loa": 20, "acr": "gold" }, with "retired": true or "sessions": "open" if it must be`;
}

/** What two lines say differently: what is left of two branches that each took the same number or name. */
function contradiction(levels: readonly RecordedLevel[]): string | undefined {
  const used = levels.filter(({ retired }) => !retired);
  for (const [index, { acr, loa }] of levels.entries()) {
    if (levels.findIndex((other) => other.acr === acr && other.loa === loa) < index) {
      return `"${acr}" with ${loa} is in it twice: keep one line`;
    }
  }
  for (const [index, { acr, loa }] of used.entries()) {
    const before = used.slice(0, index);
    const name = before.find((other) => other.loa === loa);
    if (name) {
      return `"${name.acr}" and "${acr}" both have ${loa}: keep the line that is deployed, take the other out and run "${RECORD}"`;
    }
    const number = before.find((other) => other.acr === acr);
    if (number) {
      return `"${acr}" has ${number.loa} and ${loa}: keep the line that is deployed, take the other out and run "${RECORD}"`;
    }
  }
  return undefined;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** The same on every machine, unlike a locale's order. */
function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
