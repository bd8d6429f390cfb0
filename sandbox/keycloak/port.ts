import getPort from 'get-port';
import { CannotRun } from '../cannot-run';

/**
 * The port that the user has chosen for the sandbox's Keycloak by STEP_UP_KEYCLOAK_PORT.
 *
 * @returns undefined if none was chosen and any free port will do
 * @throws CannotRun if it is no port number or is taken
 */
export async function chosenPort(env: NodeJS.ProcessEnv): Promise<number | undefined> {
  const value = env.STEP_UP_KEYCLOAK_PORT;
  if (!value) return undefined;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1024 || port > 65_535) {
    throw new CannotRun(
      `STEP_UP_KEYCLOAK_PORT is ${value}: give a port between 1024 and 65535, or unset it for a free one`,
    );
  }
  if ((await getPort({ port, host: '127.0.0.1' })) !== port) {
    throw new CannotRun(
      `Port ${port} (STEP_UP_KEYCLOAK_PORT) is taken: stop what listens there, or unset the variable for a free port`,
    );
  }
  return port;
}
