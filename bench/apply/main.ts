import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { CannotRun } from '../../sandbox/cannot-run';
import type { Database } from '../../sandbox/keycloak/database';
import { createProgress } from '../../sandbox/progress';
import { positiveInteger } from '../../test/live/conformance/positive-integer';
import { KINDS, type Kind } from './interruption';
import { isBad, type Result, shownFaults, shownTable } from './report';
import { onGround, runInterruptions } from './run';

interface Options {
  readonly interrupt?: boolean;
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
  const { provider, database, json } = options;
  if (provider) process.env.STEP_UP_PROVIDER = provider;
  const progress = createProgress();
  const results = await onGround(progress, database, (ground) =>
    runInterruptions(ground, {
      ...options,
      progress,
      onResult: (result) => {
        if (isBad(result)) for (const line of shownFaults(result)) progress.note(line);
      },
    }),
  );
  console.log(shownTable(results));
  if (json) await writeFile(json, JSON.stringify(results.map(plainResult), null, 1));
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
  .description('Applies that are broken off: what each leaves, what the next apply and the one command make of it.')
  .option('--interrupt', 'break applies off')
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
