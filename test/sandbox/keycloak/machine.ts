import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A machine that has these commands only, each a shell script, and an empty cache. */
export interface BareMachine {
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

export function bareMachine(commands: Readonly<Record<string, string>> = {}): BareMachine {
  const root = mkdtempSync(join(tmpdir(), 'step-up-machine-'));
  const bin = join(root, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return {
    env: { PATH: bin, STEP_UP_CACHE: join(root, 'cache') },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** What `java -version` of that release says. */
export function javaOfVersion(version: string): string {
  return `echo 'openjdk version "${version}" 2025-01-01' >&2`;
}
