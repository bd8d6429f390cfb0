import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Surprise } from './attack';

const FOLDER = join(__dirname, 'surprises');

/** What was once had although the explorer said that it takes more. */
export function surprises(): { readonly name: string; readonly surprise: Surprise }[] {
  mkdirSync(FOLDER, { recursive: true });
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      surprise: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')),
    }));
}

/**
 * Keeps a surprise, so that a test does it again.
 * @returns the file's name
 */
export function keepSurprise(surprise: Surprise): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = `${createHash('sha256').update(JSON.stringify(surprise)).digest('hex').slice(0, 8)}.json`;
  writeFileSync(join(FOLDER, file), `${JSON.stringify(surprise, undefined, 2)}\n`);
  return file;
}
