import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const PROJECT = resolve(__dirname, '../..');

/** Runs the command `step-up` in a process of its own. */
export function stepUp(args: readonly string[], { input, env = {} }: { input?: string; env?: object } = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(PROJECT, 'cli/main.ts'), ...args],
    { cwd: PROJECT, encoding: 'utf8', input, env: { ...process.env, NO_COLOR: '1', ...env } },
  );
  return { exitCode: status, stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
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
