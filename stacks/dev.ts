import { Duration } from '../lib';
import type { Environment } from './environment';

/** A Keycloak on this machine, as `npm run quickstart` starts one. Gold expires fast, so that it can be watched. */
export const dev: Environment = {
  name: 'dev',
  state: 'local',
  sandboxUrl: 'http://127.0.0.1:8080',
  realmName: 'step-up-dev',
  // The one that the sandbox starts.
  keycloakVersion: process.env.KEYCLOAK_VERSION || '26.7.4',
  goldMaxAge: Duration.seconds(10),
  sslRequired: 'external',
  shopRedirectUris: ['http://127.0.0.1:9090/callback'],
};
