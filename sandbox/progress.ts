import { performance } from 'node:perf_hooks';
import pc from 'picocolors';

/** One piece of work that the user waits for. */
export interface Step {
  /** Says what the step is doing at the moment. */
  update(detail: string): void;
  /** Ends the step well. */
  done(detail?: string): void;
  /** Ends the step badly; the error itself is reported by whoever catches it. */
  fail(detail?: string): void;
}

/** Shows long work. Steps may run side by side. */
export interface Progress {
  step(label: string): Step;
  /** A line that stays. */
  note(line: string): void;
}

/** Runs `work` as one step: done when it resolves, failed when it rejects. */
export async function during<T>(
  progress: Progress,
  label: string,
  work: (step: Step) => Promise<T>,
  outcome: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  const step = progress.step(label);
  try {
    const result = await work(step);
    step.done(outcome(result));
    return result;
  } catch (error) {
    step.fail();
    throw error;
  }
}

/** For callers that show nothing, such as tests. */
export const silent: Progress = {
  step: () => ({ update() {}, done() {}, fail() {} }),
  note() {},
};

const HEARTBEAT_MS = 10_000;
const REDRAW_MS = 100;

/**
 * On a terminal one line is rewritten with the steps under way; elsewhere (CI, a pipe) each step has a line when it starts
 * and one when it ends, and a sign of life every ten seconds between.
 */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? terminalProgress(stream) : lineProgress((line) => stream.write(`${line}\n`));
}

interface Running {
  label: string;
  detail: string;
  since: number;
}

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const describe = (run: Running) => (run.detail ? `${run.label}: ${run.detail}` : run.label);
const ended = (mark: string, run: Running, detail?: string) =>
  `${mark} ${detail ? `${run.label}: ${detail}` : run.label} (${seconds(run.since)})`;

function terminalProgress(stream: NodeJS.WriteStream): Progress {
  const running = new Set<Running>();
  let timer: NodeJS.Timeout | undefined;
  const clear = () => stream.write('\r\x1b[2K');
  const draw = () => {
    const text = [...running].map((run) => `${describe(run)} ${seconds(run.since)}`).join(' · ');
    clear();
    stream.write(pc.dim(`… ${text}`.slice(0, Math.max(20, stream.columns - 1))));
  };
  const line = (text: string) => {
    clear();
    stream.write(`${text}\n`);
    if (running.size > 0) draw();
  };
  return {
    note: line,
    step(label) {
      const run: Running = { label, detail: '', since: performance.now() };
      running.add(run);
      timer ??= setInterval(draw, REDRAW_MS).unref();
      draw();
      const end = (mark: string, detail?: string) => {
        running.delete(run);
        if (running.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
        line(ended(mark, run, detail));
      };
      return {
        update: (detail) => {
          run.detail = detail;
        },
        done: (detail) => end(pc.green('✔'), detail),
        fail: (detail) => end(pc.red('✖'), detail),
      };
    },
  };
}

function lineProgress(write: (line: string) => void): Progress {
  return {
    note: write,
    step(label) {
      const run: Running = { label, detail: '', since: performance.now() };
      write(`… ${label}`);
      const timer = setInterval(() => write(`… ${describe(run)} (${seconds(run.since)})`), HEARTBEAT_MS).unref();
      const end = (mark: string, detail?: string) => {
        clearInterval(timer);
        write(ended(mark, run, detail));
      };
      return {
        update: (detail) => {
          run.detail = detail;
        },
        done: (detail) => end('✔', detail),
        fail: (detail) => end('✖', detail),
      };
    },
  };
}
