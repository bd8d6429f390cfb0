import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from './batch';
import type { ConformanceCase } from './case';

const FOLDER = join(__dirname, 'regressions');

/** A case that once disagreed. */
export interface Regression {
  readonly name: string;
  readonly case: ConformanceCase;
}

export function regressions(): Regression[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      case: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')).case,
    }));
}

/**
 * Keeps a disagreement as a regression case.
 * @returns the file's name
 */
export function keepRegression({ case: kept, simulated, live, login }: Comparison): string {
  const hash = createHash('sha256').update(JSON.stringify(kept)).digest('hex').slice(0, 8);
  const file = `${hash}.json`;
  const content = { found: { login: login + 1, simulated, live }, case: kept };
  writeFileSync(join(FOLDER, file), `${JSON.stringify(content, undefined, 2)}\n`);
  return file;
}
