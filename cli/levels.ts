import { relative } from 'node:path';
import { Command } from 'commander';
import {
  LEVELS_FILE,
  type LevelChange,
  type LevelHistory,
  type Meant,
  RecordError,
  recordLevels,
} from '../model/levels';
import { CouldNotRun, EXIT } from './could-not-run';
import { type HistoryFile, levelsOfApp, levelsOfSource } from './levels/declared';
import { readHistory, writeHistory } from './levels/file';
import { SOURCE_HELP } from './source/load';

interface SharedOptions {
  readonly from?: string;
  readonly realm?: string;
  readonly app?: string;
  readonly json?: boolean;
}

interface RecordOptions extends SharedOptions {
  readonly rename: readonly string[];
  readonly renumber: readonly string[];
  readonly again: readonly string[];
  readonly settled: readonly string[];
}

/** A file, and what recording does to it. */
interface Recorded {
  readonly file: string;
  readonly history: LevelHistory;
  readonly changes: readonly LevelChange[];
}

/** `step-up levels`: the names and numbers that levels have and had. */
export function levelsCommand(): Command {
  const levels = shared(new Command('levels'))
    .description(
      `Show which names and numbers levels have and had (${LEVELS_FILE}), or check that the file is up to date.`,
    )
    .option('--check', 'change nothing; exit with 1 if "record" would change the file')
    .addHelpText(
      'after',
      '\nExits with 0 if all is recorded; with 1 if --check finds what is not, or what is refused; with 2 if it could not run.',
    )
    .action(async (options: SharedOptions & { readonly check?: boolean }) => {
      const files = await declared(options);
      if (!options.check) return show(files, options);
      let recorded: Recorded[];
      try {
        recorded = files.map((file) => record(file, []));
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        print(options, { upToDate: false, refused: error.message }, `Refused: ${error.message}`);
        process.exitCode = EXIT.found;
        return;
      }
      const changes = recorded.flatMap((one) => one.changes);
      const upToDate = changes.length === 0;
      print(
        options,
        { upToDate, changes },
        upToDate
          ? 'All levels are recorded.'
          : `${changes.map(changeText).join('\n')}\nNot recorded yet: run "step-up levels record" and commit the file.`,
      );
      process.exitCode = upToDate ? EXIT.fine : EXIT.found;
    });
  levels.addCommand(recordCommand().exitOverride());
  return levels;
}

function recordCommand(): Command {
  return (
    shared(new Command('record'))
      .description(
        'Add the levels of the stacks to the file, and mark those that are gone as retired. Nothing is dropped.',
      )
      .option(
        '--rename <old=new>',
        'a level is called otherwise from now on, and keeps its number; more than once',
        each,
        [],
      )
      .option('--renumber <name>', 'a level gets a number that no session has; more than once', each, [])
      .option('--again <name>', 'a retired level is there again, with its number; more than once', each, [])
      .option(
        '--settled <name>',
        'the sessions from before the level was put below others are ended; more than once',
        each,
        [],
      )
      .addHelpText(
        'after',
        '\nExits with 0 if the file is up to date now; with 2 if the levels are refused, or it could not run.',
      )
      // Options of both are the parent's to commander.
      .action(async (_own: RecordOptions, command: Command) => {
        const options = command.optsWithGlobals() as RecordOptions;
        const meant = meantBy(options);
        const recorded = (await declared(options)).map((file) => asCouldNotRun(() => record(file, meant)));
        for (const { file, history } of recorded) writeHistory(file, history);
        const changes = recorded.flatMap((one) => one.changes);
        const files = recorded.map(({ file }) => relative(process.cwd(), file)).join(', ');
        const done = changes.length === 0 ? `${files}: nothing to record.` : `Written: ${files}. Commit it.`;
        print(
          options,
          { files: recorded.map(({ file }) => file), changes },
          [...changes.map(changeText), done].join('\n'),
        );
      })
  );
}

function shared(command: Command): Command {
  return command
    .option('--app <command>', 'the command that runs the app (default: "app" of cdktf.json)')
    .option('--from <source>', `read the levels from somewhere else than an app: ${SOURCE_HELP}`)
    .option(
      '--realm <name>',
      'the realm, by its name in the file: the only one of the app that is looked at, or what the file calls that of --from',
    )
    .option('--json', 'print JSON');
}

function each(text: string, all: string[]): string[] {
  return [...all, text];
}

function meantBy({ rename, renumber, again, settled }: RecordOptions): Meant[] {
  const renames = rename.map((text): Meant => {
    const [, acr, as] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
    if (acr === undefined || as === undefined)
      throw new CouldNotRun(`--rename ${text}: write old=new, such as gold=aurum`);
    return { kind: 'rename', acr, as };
  });
  const ofKind = (kind: 'renumber' | 'again' | 'settled', names: readonly string[]) =>
    names.map((acr): Meant => ({ kind, acr }));
  return [...renames, ...ofKind('renumber', renumber), ...ofKind('again', again), ...ofKind('settled', settled)];
}

async function declared({ from, realm, app }: SharedOptions): Promise<HistoryFile[]> {
  if (from !== undefined) return levelsOfSource(from, realm);
  const files = await levelsOfApp(app);
  if (realm === undefined) return files;
  const named = files.map(({ file, realms }) => ({ file, realms: realms.filter((one) => one.realm === realm) }));
  if (named.every(({ realms }) => realms.length === 0)) {
    const names = [...new Set(files.flatMap(({ realms }) => realms.map((one) => one.realm)))];
    throw new CouldNotRun(`--realm ${realm}: the app has ${names.join(', ')}`);
  }
  return named.filter(({ realms }) => realms.length > 0);
}

function record({ file, realms }: HistoryFile, meant: readonly Meant[]): Recorded {
  return { file, ...recordLevels(readHistory(file) ?? {}, realms, meant) };
}

function asCouldNotRun<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RecordError) throw new CouldNotRun(error.message);
    throw error;
  }
}

function show(files: readonly HistoryFile[], options: SharedOptions): void {
  const shown = files.map(({ file }) => ({ file, realms: readHistory(file) ?? {} }));
  const lines = shown.flatMap(({ realms }) =>
    Object.entries(realms).flatMap(([realm, levels]) => [
      `Realm ${realm}`,
      ...[...levels]
        .sort((one, other) => one.loa - other.loa)
        .map(({ acr, loa, retired, sessions }) => {
          const state = retired ? ', retired' : sessions ? ', sessions of before are not ended yet' : '';
          return `  ${loa}  ${acr}${state}`;
        }),
    ]),
  );
  print(options, shown, lines.length > 0 ? lines.join('\n') : 'No level is recorded. Run "step-up levels record".');
}

function changeText({ realm, kind, acr, loa, note }: LevelChange): string {
  return `${realm}: ${acr} (${loa}) ${KINDS[kind]}: ${note}.`;
}

const KINDS: Readonly<Record<LevelChange['kind'], string>> = {
  new: 'is new',
  between: 'is new, below others',
  renamed: 'has another name',
  renumbered: 'has another number',
  again: 'is there again',
  settled: 'is settled',
  retired: 'is retired',
};

function print({ json }: SharedOptions, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value, undefined, 2) : text}\n`);
}
