import { spawnSync } from 'node:child_process';
import getPort from 'get-port';
import { CannotRun } from '../cannot-run';
import { onProcessEnd } from '../cleanup';
import { during, silent } from '../progress';
import { run } from '../run';
import { bootstrap } from './bootstrap';
import { awaitReady } from './health';
import type { KeycloakOptions, KeycloakServer } from './options';
import { chosenPort } from './port';
import { scriptedLogins } from './server-environment';
import { versionOf } from './version';

/** @returns whether a Docker engine answers */
export async function dockerRuns(env: NodeJS.ProcessEnv): Promise<boolean> {
  const answer = await run('docker', ['info'], { env, timeoutMs: 10_000 });
  return !answer.failure;
}

/**
 * Starts the official image, for machines that have Docker but no Java or no Maven. Second choice: no machine of the project
 * has a Docker engine, so this path is not covered by its tests.
 *
 * @throws CannotRun for options that the plain image can't serve, or if the container doesn't start
 */
export async function startDocker(options: KeycloakOptions): Promise<KeycloakServer> {
  if (options.providers?.length || options.https) {
    throw new CannotRun('Provider jars and HTTPS need the embedded Keycloak: install a JDK 17 or later and Maven');
  }
  const env = options.env ?? process.env;
  const port = (await chosenPort(env)) ?? (await getPort({ host: '127.0.0.1' }));
  const name = `step-up-keycloak-${port}`;
  const version = versionOf(options);
  const account = bootstrap(version);
  const settings = { ...options.serverEnv, KC_DB: 'dev-mem', ...scriptedLogins(version), ...account.env };
  // `-e NAME` without a value takes the value from the environment, which keeps secrets out of the process list.
  const arguments_ = ['run', '--rm', '--detach', '--name', name, '--publish', `127.0.0.1:${port}:8080`];
  for (const variable of Object.keys(settings)) arguments_.push('-e', variable);
  arguments_.push(`quay.io/keycloak/keycloak:${version}`, 'start-dev');
  if (options.features?.length) arguments_.push(`--features=${options.features.join(',')}`);
  arguments_.push(...(options.buildArguments ?? []), ...(options.runtimeArguments ?? []));
  return during(options.progress ?? silent, `Starting Keycloak ${version} in Docker`, async () => {
    const withdraw = onProcessEnd(() => void spawnSync('docker', ['rm', '--force', name], { stdio: 'ignore' }));
    const stop = async () => {
      await run('docker', ['rm', '--force', name]);
      withdraw();
    };
    const url = `http://127.0.0.1:${port}`;
    try {
      const container = await run('docker', arguments_, { env: { ...env, ...settings } });
      if (container.failure) throw new Error(container.stderr || container.failure);
      await awaitReady(`${url}/realms/master`);
      await account.finish(url);
    } catch (error) {
      await stop();
      throw new CannotRun(`Keycloak did not start in Docker: ${(error as Error).message.split('\n')[0]}`);
    }
    const { clientId, clientSecret } = account;
    return { url, clientId, clientSecret, version, origin: 'docker', stop };
  });
}
