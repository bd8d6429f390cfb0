import { AVAILABLE_SINCE } from '../../../model/keycloak/available-since';
import { compareVersions } from '../../../model/keycloak/versions';
import type { ConformanceCase } from './case';

/** Settings of a case that stand for something of Keycloak without naming it. */
const STANDS_FOR: Readonly<Record<string, (each: ConformanceCase) => boolean>> = {
  'auth-flow-enforcer': ({ policy }) => policy !== undefined,
  'minimum.acr.value': ({ client }) => client.minimumAcr !== undefined,
  max_auth_age: ({ realm }) => realm.actionMaxAge !== undefined,
};

/** Whether a release has all that the case is made of; what it lacks would fail the import of the whole batch. */
export function isAvailable(each: ConformanceCase, version: string): boolean {
  const text = JSON.stringify(each);
  return AVAILABLE_SINCE.every(
    ({ id, since }) =>
      compareVersions(version, since) >= 0 || !(text.includes(`"${id}"`) || (STANDS_FOR[id]?.(each) ?? false)),
  );
}
