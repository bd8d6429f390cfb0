import { readFileSync } from 'node:fs';
import type { Suppression } from '../checks';
import { CouldNotRun } from './could-not-run';

export const SUPPRESSIONS_SHAPE = 'a list such as [{ "id": "level-by-enrolment", "reason": "…" }]';

/**
 * Reads the file of `--suppressions`.
 *
 * @throws CouldNotRun if there is none or it is not a list of `{ id, reason, at? }`
 */
export function readSuppressions(file: string): Suppression[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CouldNotRun(`${file}: ${(error as Error).message}`);
  }
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
