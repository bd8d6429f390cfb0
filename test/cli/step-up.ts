import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const PROJECT = resolve(__dirname, '../..');
const NO_COLOR = { NO_COLOR: '1' };

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the command `step-up` in a process of its own. Starting one takes longer than most commands do: it is for what only a
 * process has, such as its standard input and its exit.
 */
export function stepUpProcess(
  args: readonly string[],
  { input, env = {} }: { input?: string; env?: object } = {},
): Ended {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(PROJECT, 'cli/main.ts'), ...args],
    { cwd: PROJECT, encoding: 'utf8', input, env: { ...process.env, ...NO_COLOR, ...env } },
  );
  return { exitCode: status, stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
}

/** Runs the command `step-up` in this process: the same program from its arguments to its exit code. */
export async function stepUp(args: readonly string[], { env = {} }: { env?: object } = {}): Promise<Ended> {
  const { env: ofProcess, exitCode: ofTests } = process;
  const stdout = captured(process.stdout);
  const stderr = captured(process.stderr);
  process.env = { ...ofProcess, ...NO_COLOR, ...env };
  process.exitCode = undefined;
  try {
    // Whether to colour is decided when the program is loaded.
    const { main } = await import('../../cli/main.js');
    await main(args);
    return { exitCode: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    stdout.release();
    stderr.release();
    process.env = ofProcess;
    process.exitCode = ofTests;
  }
}

function captured(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  const written: string[] = [];
  const spy = jest.spyOn(stream, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  return { text: () => written.join('').trimEnd(), release: () => spy.mockRestore() };
}

/** A folder that is removed after the tests of this block, and a way to put files into it. */
export function temporaryFiles(): { readonly folder: string; file(name: string, content: unknown): string } {
  const folder = mkdtempSync(join(tmpdir(), 'step-up-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    file(name, content) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    },
  };
}
