import { startKeycloak } from '../../../sandbox/keycloak';
import { createProgress } from '../../../sandbox/progress';

/** A program that starts a Keycloak, says so, and then waits to be ended in the way of its argument. */
async function main(): Promise<void> {
  if (process.argv[2] === 'crash') setTimeout(() => Promise.reject(new Error('on purpose')), 1_500);
  const server = await startKeycloak({ progress: createProgress() });
  console.log(`ready at ${server.url}`);
  if (process.argv[2] === 'stop') await server.stop();
}

void main();
