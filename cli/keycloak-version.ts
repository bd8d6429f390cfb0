import type { RealmModel } from '../model';
import { isVersion, PINNED_VERSION } from '../model/keycloak/versions';
import { CouldNotRun } from './could-not-run';

/** The option that tells which release of Keycloak runs. */
export const VERSION_OPTION = [
  '--keycloak-version <version>',
  'the version that runs, where the source does not say it',
] as const;

/**
 * The model with the release that runs, of the source if that says it.
 *
 * @throws CouldNotRun if it is no release
 */
export function withVersion(model: RealmModel, version: string | undefined): RealmModel {
  if (version === undefined) return model;
  if (!isVersion(version)) {
    throw new CouldNotRun(`--keycloak-version ${version}: write a release of Keycloak, for example ${PINNED_VERSION}`);
  }
  return model.keycloakVersion === undefined ? { ...model, keycloakVersion: version } : model;
}
