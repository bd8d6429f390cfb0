import { CannotRun } from '../cannot-run';
import type { KeycloakOptions } from './options';

/** Where the sandbox's Keycloak keeps its data. */
export type Database = 'memory' | 'postgres';

/**
 * The database to run on: of the options, else of the variable STEP_UP_DATABASE, else one in memory.
 *
 * @throws CannotRun if the variable has another value
 */
export function databaseOf({ database, env = process.env }: KeycloakOptions): Database {
  const wanted = database ?? (env.STEP_UP_DATABASE || 'memory');
  if (wanted === 'memory' || wanted === 'postgres') return wanted;
  throw new CannotRun(`STEP_UP_DATABASE is "${wanted}": write memory or postgres, or leave it unset`);
}
