import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';

/**
 * A folder that outlives a run and lies outside the work tree, so that a fresh clone finds what an older one has downloaded.
 *
 * @param name the part of the cache, for example `keycloak`
 * @param env where `STEP_UP_CACHE`, the user's own choice of the cache's place, is looked up
 * @returns the folder's absolute path; it exists
 */
export function cacheDirectory(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const root = env.STEP_UP_CACHE || envPaths('keycloak-step-up', { suffix: '' }).cache;
  const directory = join(root, name);
  mkdirSync(directory, { recursive: true });
  return directory;
}
