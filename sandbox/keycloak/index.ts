import { CannotRun } from '../cannot-run';
import { missingForPostgres } from '../postgres';
import { databaseOf } from './database';
import { isCached } from './distribution';
import { dockerRuns, startDocker } from './docker';
import { existing } from './existing';
import { launch } from './launch';
import type { KeycloakOptions, KeycloakServer } from './options';
import { chosenPort } from './port';
import { missingJava, missingMaven } from './tools';
import { versionOf } from './version';

export { adminClient } from './admin';
export { type HttpsOptions, KEYCLOAK_VERSION, type KeycloakOptions, type KeycloakServer } from './options';

/**
 * Says what is missing on this machine for a Keycloak of the sandbox, without starting or downloading anything.
 *
 * @returns undefined if nothing is missing, else one line for the user
 */
export async function missingForKeycloak(
  env: NodeJS.ProcessEnv = process.env,
  version?: string,
): Promise<string | undefined> {
  if (env.KEYCLOAK_URL) return undefined;
  if (databaseOf({ env }) === 'postgres') {
    const missing = missingForPostgres(env);
    if (missing) return missing;
  }
  return (await missingJava(env)) ?? (isCached(versionOf({ env, version }), env) ? undefined : await missingMaven(env));
}

/**
 * Chooses a Keycloak to work on: the one at KEYCLOAK_URL if that is set, else the distribution from Maven, else, without Java or
 * Maven, the official image if a Docker engine runs. Whatever can be known at once is checked here; nothing is started yet.
 *
 * @returns what starts it. A server that this starts is stopped by `stop()`, and also when this process ends in any way.
 * @throws CannotRun, with what to install or change, if there is none to be had
 */
export async function chooseKeycloak(options: KeycloakOptions = {}): Promise<() => Promise<KeycloakServer>> {
  const env = options.env ?? process.env;
  if (env.KEYCLOAK_URL) {
    const server = await existing(options);
    return async () => server;
  }
  await chosenPort(env);
  versionOf(options);
  const database = databaseOf(options);
  const missing = await missingForKeycloak({ ...env, STEP_UP_DATABASE: database }, options.version);
  if (!missing) return () => launch(options);
  if (database === 'memory' && (await dockerRuns(env))) return () => startDocker(options);
  throw new CannotRun(missing);
}

/** Chooses a Keycloak as {@link chooseKeycloak} does, and starts it. */
export async function startKeycloak(options: KeycloakOptions = {}): Promise<KeycloakServer> {
  const start = await chooseKeycloak(options);
  return start();
}
