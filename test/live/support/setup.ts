import { missingForKeycloak, startKeycloak } from '../../../sandbox/keycloak';
import { createProgress } from '../../../sandbox/progress';
import { publishKeycloak, shared } from './shared';

/**
 * Starts the one Keycloak of the run. On a machine that lacks a part of it the live tests are skipped by name, unless
 * STEP_UP_REQUIRE_LIVE=1 says that this machine must have them.
 */
export default async function setup(): Promise<void> {
  const missing = await missingForKeycloak();
  if (missing) {
    if (process.env.STEP_UP_REQUIRE_LIVE === '1') throw new Error(`The live tests can't run here: ${missing}`);
    publishKeycloak({ missing });
    return;
  }
  const server = await startKeycloak({ progress: createProgress() });
  shared.server = server;
  publishKeycloak({ url: server.url, clientId: server.clientId, clientSecret: server.clientSecret });
}
