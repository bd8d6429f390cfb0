import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type LevelHistory, parseLevelHistory, printLevelHistory, UnreadableHistory } from '../../model/levels';
import { CouldNotRun } from '../could-not-run';

/**
 * Reads the history; undefined if there is no such file.
 *
 * @throws CouldNotRun on a file that holds anything else
 */
export function readHistory(file: string): LevelHistory | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return parseLevelHistory(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof UnreadableHistory) throw new CouldNotRun(error.message);
    throw error;
  }
}

/** Replaces the file as a whole: whoever reads it meanwhile, or after a crash, finds the one or the other. */
export function writeHistory(file: string, history: LevelHistory): void {
  const text = printLevelHistory(history);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  const next = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(next, text);
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw new CouldNotRun(`${file} can't be written: ${(error as Error).message}`);
  }
}
