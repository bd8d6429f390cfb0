import { performance } from 'node:perf_hooks';

type Cleanup = () => void;

const cleanups = new Set<Cleanup>();

const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** npm and tsx pass on a Ctrl-C that their children have had from the terminal already: so soon, it is the same one. */
const SAME_SIGNAL_MS = 1_000;

let installed = false;
let interruptedAt = Number.NEGATIVE_INFINITY;
let onSignal: ((exitCode: number) => void) | undefined;

function install(): void {
  if (installed) return;
  installed = true;
  process.once('exit', () => {
    for (const cleanup of cleanups) cleanup();
  });
  // Node's default for these signals ends the process without 'exit' handlers.
  for (const [signal, code] of Object.entries(SIGNAL_EXIT_CODES)) {
    process.on(signal, () => {
      if (performance.now() - interruptedAt < SAME_SIGNAL_MS) return;
      const handle = onSignal ?? process.exit;
      onSignal = undefined;
      handle(code);
    });
  }
}

/**
 * Runs `cleanup` when the process ends: by itself, by an uncaught error, or by Ctrl-C, SIGTERM or SIGHUP.
 * It must be synchronous, as nothing asynchronous runs any more by then.
 *
 * @returns a function that withdraws it
 */
export function onProcessEnd(cleanup: Cleanup): () => void {
  install();
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

/** Waits for Ctrl-C, SIGTERM or SIGHUP, which then doesn't end the process; a second one does. */
export function untilInterrupted(): Promise<void> {
  install();
  return new Promise((resolve) => {
    // Nothing else need be under way, and a promise alone doesn't keep Node alive.
    const alive = setInterval(() => {}, 60_000);
    onSignal = () => {
      interruptedAt = performance.now();
      clearInterval(alive);
      resolve();
    };
  });
}
