import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Annotations, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import {
  LEVELS_FILE,
  movedMeaning,
  type NumberProblem,
  notRecorded,
  numberLevels,
  parseLevelHistory,
  RECORD,
  REPORT_VARIABLE,
  type RecordedLevel,
  type ReportedRealm,
  UnreadableHistory,
  unrecorded,
} from '../../model/levels';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { ConfigurationError } from '../support/configuration-error';
import { isKnown } from '../support/known';

/** Where the names and numbers that a realm's levels ever had are kept. */
export interface LevelHistoryProps {
  /**
   * The file, from the folder of cdktf.json; `none` for no history: levels whose loa is left out are then numbered by their place, and no
   * change of a number is refused. It is for tests, and for realms that live shorter than a session.
   * @default the context `stepUpLevels` of cdktf.json; without it `step-up.levels.json`
   */
  readonly file?: string;
  /**
   * Under which name the file keeps the levels. Realms of one name share their numbers, as those of several environments may.
   * @default the realm's name; where it is known at the apply only, the construct's path in its stack
   */
  readonly realm?: string;
}

/** In the context of cdktf.json. */
const CONTEXT_KEY = 'stepUpLevels';
const NONE = 'none';

const warned = new WeakSet<IConstruct>();

/**
 * Gives the levels whose loa is left out their numbers.
 *
 * @returns the history of the realm's levels
 * @throws ConfigurationError at the realm if a name or a number would have another meaning than before, or isn't recorded yet
 */
export function giveNumbers(
  realm: IConstruct,
  name: string,
  levels: readonly AssuranceLevel[],
  props: LevelHistoryProps = {},
): readonly RecordedLevel[] {
  const refuse = (problem: NumberProblem): never => {
    throw new ConfigurationError(realm.node.path, problem);
  };
  const key =
    props.realm ?? (isKnown(name) ? name : realm.node.path.slice(TerraformStack.of(realm).node.path.length + 1));
  const declared = levels.map(({ acr, givenLoa: loa }) => ({ acr, loa }));
  const file = fileOf(realm, props);
  const report = process.env[REPORT_VARIABLE];
  if (report !== undefined) {
    const line: ReportedRealm = { file, realm: key, path: realm.node.path, levels: declared };
    appendFileSync(report, `${JSON.stringify(line)}\n`);
  }
  // What is to be recorded is numbered and refused by the command.
  const recorded = report === undefined && file !== undefined ? historyOf(realm, file, props, key, refuse) : undefined;
  const numbered = numberLevels(declared, recorded ?? []);
  if (!Array.isArray(numbered)) return refuse(numbered);
  numbered.forEach(({ loa }, index) => {
    levels[index]?.takeNumber(realm, loa, index === 0);
  });
  if (recorded === undefined) return [];
  const moved = movedMeaning(numbered, recorded);
  if (moved) refuse(moved);
  const [first] = unrecorded(numbered, recorded);
  if (first) refuse(notRecorded(first, numbered, recorded));
  for (const { acr, loa, retired } of recorded) {
    if (retired || numbered.some((level) => level.acr === acr)) continue;
    Annotations.of(realm).addInfo(
      `"${acr}" (${loa}) of ${LEVELS_FILE} is no level here. If no stack has it any more, run "${RECORD}", which retires name and number.`,
    );
  }
  return recorded;
}

/** Its levels, none if the realm is not in the file; undefined if there is no file where it is looked for by default. */
function historyOf(
  realm: IConstruct,
  file: string,
  props: LevelHistoryProps,
  key: string,
  refuse: (problem: NumberProblem) => never,
): readonly RecordedLevel[] | undefined {
  if (existsSync(file)) {
    try {
      return parseLevelHistory(readFileSync(file, 'utf8'), LEVELS_FILE)[key] ?? [];
    } catch (error) {
      if (!(error instanceof UnreadableHistory)) throw error;
      throw new ConfigurationError(realm.node.path, {
        value: LEVELS_FILE,
        why: error.message,
        instead: 'It says which numbers sessions may have, and can not be made anew from the stack',
      });
    }
  }
  if (props.file !== undefined || realm.node.tryGetContext(CONTEXT_KEY) !== undefined) {
    refuse({ value: `levels in ${file}`, why: 'there is no such file', instead: `Run "${RECORD}", which writes it` });
  }
  const { root } = realm.node;
  if (!warned.has(root)) {
    warned.add(root);
    Annotations.of(realm).addWarning(
      `The levels have no history, so that a number that moves to another level goes unnoticed, and sessions with it. Run "${RECORD}" once and commit ${LEVELS_FILE}.`,
    );
  }
  return undefined;
}

function fileOf(realm: IConstruct, { file }: LevelHistoryProps): string | undefined {
  const said: unknown = file ?? realm.node.tryGetContext(CONTEXT_KEY) ?? LEVELS_FILE;
  if (typeof said !== 'string' || said === '') {
    throw new ConfigurationError(realm.node.path, {
      value: `context ${CONTEXT_KEY} ${JSON.stringify(said)}`,
      why: 'it is no path',
      instead: `Write the path of a file, or "${NONE}" for levels without a history`,
    });
  }
  return said === NONE ? undefined : resolve(projectFolder(), said);
}

/** The nearest folder with a cdktf.json, from where the app runs upwards. */
function projectFolder(): string {
  const start = process.cwd();
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'cdktf.json'))) return folder;
    if (folder === dirname(folder)) return start;
  }
}
