import { compareVersions, isVersion } from '../../model/keycloak/versions';
import { CannotRun } from '../cannot-run';
import { KEYCLOAK_VERSION, type KeycloakOptions } from './options';

/** The oldest release that the sandbox knows how to start. */
const OLDEST = '24.0.0';

/**
 * The release to run: of the options, else of the variable KEYCLOAK_VERSION, else the pinned one.
 *
 * @throws CannotRun if that is no release, or one that is too old
 */
export function versionOf({ version, env = process.env }: KeycloakOptions): string {
  const wanted = version ?? (env.KEYCLOAK_VERSION || KEYCLOAK_VERSION);
  if (!isVersion(wanted)) {
    throw new CannotRun(`KEYCLOAK_VERSION is ${wanted}: write a release of Keycloak, for example ${KEYCLOAK_VERSION}`);
  }
  if (compareVersions(wanted, OLDEST) < 0) {
    throw new CannotRun(`Keycloak ${wanted} is too old for the sandbox: write ${OLDEST} or later`);
  }
  return wanted;
}

/** What the sandbox must know of how a release is started and asked. */
export interface StartWays {
  /** Whether a service account can be had at the start (KC_BOOTSTRAP_ADMIN_CLIENT_ID); before, there was but a user. */
  readonly bootstrapClient: boolean;
  /** Whether health is told on a port of its own. */
  readonly managementPort: boolean;
  /** Whether `__` stands between the parts of an SPI's option in the environment; before, it was `_`. */
  readonly longSpiOptions: boolean;
}

/** Seen by starting the releases in the table of docs/versions.md. */
export function startWays(version: string): StartWays {
  const from = (release: string) => compareVersions(version, release) >= 0;
  return {
    bootstrapClient: from('26.0.0'),
    managementPort: from('25.0.0'),
    longSpiOptions: from('26.3.0'),
  };
}
