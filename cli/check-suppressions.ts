import { existsSync, readFileSync } from 'node:fs';
import type { Suppression } from '../checks';
import { CouldNotRun } from './could-not-run';
import { parseJson } from './source/json';

export const SUPPRESSIONS_SHAPE = 'a list such as [{ "id": "level-by-enrolment", "reason": "…" }]';

/**
 * Reads the file of `--suppressions`.
 *
 * @throws CouldNotRun if there is none or it is not a list of `{ id, reason, at? }`
 */
export function readSuppressions(file: string): Suppression[] {
  if (!existsSync(file)) throw new CouldNotRun(`${file}: no such file`);
  const parsed = parseJson(readFileSync(file, 'utf8'), file);
  if (!Array.isArray(parsed) || !parsed.every(isSuppression)) {
    throw new CouldNotRun(`${file}: write ${SUPPRESSIONS_SHAPE}`);
  }
  return parsed;
}

export function isSuppression(value: unknown): value is Suppression {
  if (typeof value !== 'object' || value === null) return false;
  const { id, reason, at } = value as Record<string, unknown>;
  return typeof id === 'string' && typeof reason === 'string' && (at === undefined || typeof at === 'string');
}
