import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKeycloak } from '../../sandbox/keycloak';
import type { Database } from '../../sandbox/keycloak/database';
import type { Progress } from '../../sandbox/progress';
import { type InstalledProvider, installProvider } from '../../sandbox/provider/install';
import { Dice } from '../../test/live/attacker/random';
import { inParallel } from '../../test/live/conformance/parallel';
import {
  type Interruption,
  interruptionsOf,
  KINDS,
  type Kind,
  type ProbedServer,
  shownInterruption,
  shuffled,
} from './interruption';
import { type Probe, type Reference, startProbe } from './probe';
import type { Result } from './report';
import { CHANGES, isSame } from './stacks';

export interface RunOptions {
  /** How many interruptions at most, drawn at random from all. @default all */
  readonly runs?: number;
  readonly seed: number;
  readonly kinds?: readonly Kind[];
  /** Only applies with so many requests at once. @default 1 and 10 */
  readonly parallelism?: number;
  /** Realms that are worked on at the same time. */
  readonly workers: number;
  /** No interruption is begun later than this. @default never */
  readonly minutes?: number;
  readonly progress: Progress;
  /** Gets each result as it comes. */
  readonly onResult?: (result: Result, all: readonly Result[]) => void;
}

/** What a bench needs: a Keycloak, a provider, and a folder that is removed. */
export interface Ground {
  readonly server: ProbedServer;
  readonly provider: InstalledProvider;
  readonly root: string;
}

/** Runs `work` on a Keycloak of the sandbox: the user's own by KEYCLOAK_URL, unless a database is asked for. */
export async function onGround<T>(
  progress: Progress,
  database: Database | undefined,
  work: (ground: Ground) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'step-up-apply-'));
  const { KEYCLOAK_URL: _, ...env } = process.env;
  try {
    const provider = await installProvider({ directory: join(root, 'provider'), log: progress.note });
    const server = await startKeycloak(database ? { progress, database, env } : { progress });
    try {
      return await work({ server, provider, root });
    } finally {
      await server.stop();
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Breaks off applies, and looks at what each leaves. */
export async function runInterruptions(ground: Ground, options: RunOptions): Promise<Result[]> {
  const { server, provider, root } = ground;
  const { runs, seed, parallelism, workers, minutes = Number.POSITIVE_INFINITY, progress, onResult } = options;
  const deadline = Date.now() + 60_000 * minutes;
  const dice = new Dice(seed);
  const folders = { root, provider, keycloak: server };
  const probes = await Promise.all(Array.from({ length: workers }, () => startProbe(server, folders)));
  const [first] = probes as [Probe];
  try {
    const references = new Map<string, Reference>();
    const measuring = progress.step('Measuring undisturbed applies');
    for (const change of CHANGES) {
      measuring.update(change.name);
      references.set(change.name, await first.measure(change));
    }
    measuring.done([...references].map(([name, { requests }]) => `${name}: ${requests} requests`).join(', '));

    // Only a server on a database can be killed and come back.
    const kinds = (options.kinds ?? KINDS).filter((kind) => kind !== 'Keycloak killed' || server.restart);
    const all = CHANGES.flatMap((change) =>
      interruptionsOf(change, references.get(change.name)?.requests ?? 0, kinds, dice),
    ).filter((each) => parallelism === undefined || each.parallelism === parallelism);
    const drawn = shuffled(all, dice).slice(0, runs);
    const step = progress.step(`Breaking off ${drawn.length} of ${all.length} applies (seed ${seed})`);
    const results: Result[] = [];
    let troubles = 0;
    const run = async (probe: Probe, interruption: Interruption) => {
      if (Date.now() > deadline) return;
      const reference = references.get(interruption.change.name) as Reference;
      step.update(`${results.length + 1}: ${shownInterruption(interruption)}`);
      try {
        const outcome = await probe.interrupt(interruption, reference);
        const result = { interruption, outcome };
        results.push(result);
        onResult?.(result, results);
      } catch (error) {
        // A machine that is too slow for a realm to be made tells nothing about the interruption; what was found stays.
        troubles += 1;
        progress.note(`not told: ${shownInterruption(interruption)}: ${(error as Error).message.slice(0, 300)}`);
        if (troubles > MAX_TROUBLES) throw error;
        probe.forget();
      }
    };
    const isAlone = ({ kind }: Interruption) => kind === 'Keycloak killed';
    const free = [...probes];
    for (let begin = 0; begin < drawn.length; begin += SLICE) {
      const slice = drawn.slice(begin, begin + SLICE);
      const waiting = slice.filter((each) => !isAlone(each));
      await inParallel(workers, waiting.length, async () => {
        const probe = free.pop() as Probe;
        await run(probe, takeNext(waiting, probe));
        free.push(probe);
      });
      // A Keycloak that is killed is gone for every realm.
      const alone = slice.filter(isAlone);
      while (alone.length > 0) await run(first, takeNext(alone, first));
    }
    step.done(`${results.length} broken off`);
    return results;
  } finally {
    await Promise.all(probes.map((probe) => probe.stop()));
  }
}

/** More of them, and something else is wrong. */
const MAX_TROUBLES = 10;

/** So many at a time, so that a run that ends early has had some of each kind. */
const SLICE = 16;

/** How far ahead an interruption is looked for that begins where the last one has ended, which saves an apply. */
const LOOK_AHEAD = 12;

function takeNext(waiting: Interruption[], { current }: Probe): Interruption {
  const at = waiting.slice(0, LOOK_AHEAD).findIndex(({ change }) => isSame(current, change.from));
  const [next] = waiting.splice(Math.max(at, 0), 1);
  return next as Interruption;
}
