import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onProcessEnd } from './cleanup';

/** How a command ended. */
export interface RunResult {
  /** Undefined if it was not found, timed out or died by a signal; then {@link failure} says which. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it has no exit code of success, in one line; undefined if it has one. */
  readonly failure: string | undefined;
}

export interface RunOptions {
  /** The whole environment of the command. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** The user that runs it. @default this process's own */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Ends the command and its children by SIGKILL when it is aborted. */
  readonly killed?: AbortSignal;
  /** Called with each line of either stream as it comes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a command without a shell and without input, and never rejects: the callers' errors name a remedy, which they know.
 * The command and its children don't outlive this process.
 *
 * Own code, as execa doesn't load under tsx's CommonJS (a dependency of it exports for `import` only).
 */
export function run(command: string, arguments_: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(command, arguments_, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...options.user,
    });
    const killGroup = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The group is gone, which is what was wanted.
      }
    };
    const withdraw = onProcessEnd(killGroup);
    options.killed?.addEventListener('abort', killGroup);
    // spawn's own timeout spares the command's children, and stays armed after a command that isn't found.
    const timer = options.timeoutMs && setTimeout(killGroup, options.timeoutMs);
    const lines: Record<'stdout' | 'stderr', string[]> = { stdout: [], stderr: [] };
    for (const name of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[name] }).on('line', (line) => {
        lines[name].push(line);
        options.onLine?.(line);
      });
    }
    const end = (code: number | undefined, failure: string | undefined) => {
      if (timer) clearTimeout(timer);
      withdraw();
      options.killed?.removeEventListener('abort', killGroup);
      resolve({ code, stdout: lines.stdout.join('\n'), stderr: lines.stderr.join('\n'), failure });
    };
    child.once('error', (error) => end(undefined, error.message));
    child.once('close', (code, signal) => {
      if (code === 0) end(0, undefined);
      else if (code !== null) end(code, `${command} ended with exit code ${code}`);
      else end(undefined, `${command} was ended by ${signal}`);
    });
  });
}
