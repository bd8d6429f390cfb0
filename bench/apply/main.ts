import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { CannotRun } from '../../sandbox/cannot-run';
import type { Database } from '../../sandbox/keycloak/database';
import { createProgress } from '../../sandbox/progress';
import { positiveInteger } from '../../test/live/conformance/positive-integer';
import { KINDS, type Kind } from './interruption';
import { isBad, type Result, shownFaults, shownTable } from './report';
import { onGround, runInterruptions } from './run';
import { runUndisturbed } from './undisturbed';

interface Options {
  readonly interrupt?: boolean;
  readonly undisturbed?: number;
  readonly runs?: number;
  readonly seed: number;
  readonly kinds?: Kind[];
  readonly parallelism?: number;
  readonly workers: number;
  readonly minutes?: number;
  readonly provider?: 'official' | 'offline';
  readonly database?: Database;
  readonly json?: string;
}

/** Exits with 0 if all is well, 1 if something is wrong, 2 if it could not run. */
async function bench(options: Options): Promise<number> {
  if (options.provider) process.env.STEP_UP_PROVIDER = options.provider;
  const codes = [
    ...(options.undisturbed ? [await undisturbed(options, options.undisturbed)] : []),
    ...(options.interrupt ? [await interrupt(options)] : []),
  ];
  if (codes.length === 0) throw new CannotRun('Nothing to do: write --interrupt or --undisturbed');
  return Math.max(...codes);
}

async function undisturbed({ database, json, ...options }: Options, applies: number): Promise<number> {
  const progress = createProgress();
  const result = await onGround(progress, database, (ground) =>
    runUndisturbed(ground, { ...options, applies, progress }),
  );
  const { failed, passed, refused, differs, logins } = result;
  console.log(
    `${result.applies} undisturbed applies: ${failed.length} failed, ${differs.length} flows that differ; ${logins} logins beside: ` +
      `${passed.length} hostile ones passed, ${refused.length} owners refused`,
  );
  for (const line of new Set([...passed, ...refused, ...differs])) console.log(`  ${line}`);
  if (json && !options.interrupt) await writeFile(json, JSON.stringify(result, null, 1));
  return failed.length + passed.length + differs.length > 0 ? 1 : 0;
}

async function interrupt(options: Options): Promise<number> {
  const { database, json } = options;
  const progress = createProgress();
  const results = await onGround(progress, database, (ground) =>
    runInterruptions(ground, {
      ...options,
      progress,
      onResult: (result, all) => {
        if (isBad(result)) for (const line of shownFaults(result)) progress.note(line);
        // Written each time, as a run may be ended from outside.
        if (json) writeFileSync(json, JSON.stringify(all.map(plainResult), null, 1));
      },
    }),
  );
  console.log(shownTable(results));
  return results.some(isBad) ? 1 : 0;
}

function plainResult({ interruption, outcome }: Result): object {
  return { ...interruption, change: interruption.change.name, ...outcome };
}

const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (text: string): T => {
    if (!values.includes(text as T)) throw new InvalidArgumentError(`Write ${values.join(' or ')}.`);
    return text as T;
  };

const listOfKinds = (text: string): Kind[] => text.split(',').map((kind) => oneOf(...KINDS)(kind.trim()));

const program = new Command('bench:apply')
  .description(
    'Applies that are broken off, or not: what each leaves, and what the next apply and the one command make of it.',
  )
  .option('--interrupt', 'break applies off')
  .option('--undisturbed <number>', 'so many applies of a full stack, with logins beside', positiveInteger)
  .option('--runs <number>', 'how many, drawn at random (default: all)', positiveInteger)
  .option('--seed <number>', 'of the draw', positiveInteger, 1)
  .option('--kinds <list>', `which interruptions, with commas between: ${KINDS.join(', ')}`, listOfKinds)
  .option('--parallelism <number>', 'only applies with 1 or 10 requests at once', positiveInteger)
  .option('--workers <number>', 'realms at the same time', positiveInteger, 1)
  .option('--minutes <number>', 'begin nothing later than this', positiveInteger)
  .option('--provider <which>', 'official or offline', oneOf('official', 'offline'))
  .option('--database <which>', 'memory or postgres; a server of its own is started', oneOf('memory', 'postgres'))
  .option('--json <file>', 'write all results there');
program.parse();
bench(program.opts<Options>()).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof CannotRun ? error.message : error);
    process.exitCode = 2;
  },
);
