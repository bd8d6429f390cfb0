import type { KeycloakServer } from '../../../sandbox/keycloak';

/** What jest's workers are told of the run's Keycloak. */
export type PublishedKeycloak = Pick<KeycloakServer, 'url' | 'clientId' | 'clientSecret'> | { missing: string };

const VARIABLE = 'STEP_UP_TEST_KEYCLOAK';

// globalSetup and globalTeardown are loaded apart, so a module variable of one isn't seen by the other.
const holder = globalThis as { stepUpKeycloak?: { server?: KeycloakServer } };
holder.stepUpKeycloak ??= {};

/** The server of the run, known to the process that started it. */
export const shared = holder.stepUpKeycloak;

/** Workers are started after globalSetup and inherit its environment. */
export function publishKeycloak(keycloak: PublishedKeycloak): void {
  process.env[VARIABLE] = JSON.stringify(keycloak);
}

/** @throws outside a run of the project `live` */
export function publishedKeycloak(): PublishedKeycloak {
  const value = process.env[VARIABLE];
  if (!value) throw new Error(`${VARIABLE} is not set: run live tests by "npm run test:live"`);
  return JSON.parse(value);
}
