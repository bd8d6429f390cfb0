import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { onProcessEnd } from './cleanup';

const STOP_TIMEOUT_MS = 15_000;

/**
 * The command and, beside it, a watchdog that reads a pipe from us. When the pipe ends, because we close it or because this process
 * dies in whatever way, even by SIGKILL, the watchdog stops the command, removes the run's folder and ends the process group.
 */
const LAUNCHER = `
exec 3<&0 </dev/null
folder=$1; signal=$2; shift 2
"$@" 3<&- &
server=$!
(
  trap '' TERM INT HUP
  cat <&3 >/dev/null
  kill -$signal $server 2>/dev/null
  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do kill -0 $server 2>/dev/null || break; sleep 0.2; done
  rm -rf "$folder"
  kill -KILL 0
) >/dev/null 2>&1 &
exec 3<&-
wait $server
`;

export interface WatchedOptions {
  /** A folder of the run, which is removed when the process is gone. */
  readonly folder: string;
  /** Shown in the process list. */
  readonly title: string;
  readonly env: NodeJS.ProcessEnv;
  /** How the command is asked to end. @default 'TERM' */
  readonly signal?: 'TERM' | 'QUIT';
  /** The user that runs it. @default this process's own */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** A server process that does not outlive this one. */
export interface WatchedProcess {
  readonly child: ChildProcess;
  /** Asks it to end, and ends it with all its children if it doesn't. Never throws; may be called twice. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL, as a crash would. */
  kill(): Promise<void>;
}

/** Starts a server whose processes and folder are gone when it is stopped, and when this process ends in whatever way. */
export function spawnWatched(command: readonly string[], options: WatchedOptions): WatchedProcess {
  const { folder, title, env, signal = 'TERM', user } = options;
  const child = spawn('sh', ['-c', LAUNCHER, title, folder, signal, ...command], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env,
    ...user,
  });
  child.stdin?.on('error', () => {
    // The launcher is gone; the exit of the child tells the rest.
  });
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group is gone, which is what was wanted.
    }
  };
  const withdraw = onProcessEnd(() => {
    kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async () => {
    await Promise.race([gone, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    kill();
    await rm(folder, { recursive: true, force: true });
    withdraw();
  };
  return {
    child,
    stop: async () => {
      child.stdin?.end();
      await end();
    },
    kill: async () => {
      kill();
      await end();
    },
  };
}
