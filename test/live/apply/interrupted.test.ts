import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBad, type Result, shownFaults } from '../../../bench/apply/report';
import { runInterruptions } from '../../../bench/apply/run';
import { silent } from '../../../sandbox/progress';
import { installProvider } from '../../../sandbox/provider/install';
import { describeWithTerraform } from '../provider/terraform';
import { testKeycloak } from '../support/keycloak';

const INTERRUPTIONS = 20;
/** Decides which of the more than a thousand: a run that fails can be had again. */
const SEED = 15;
const MINUTES = 20;

describeWithTerraform('Applies that are broken off at any request', () => {
  let results: readonly Result[];

  beforeAll(async () => {
    const root = await mkdtemp(join(tmpdir(), 'step-up-interrupted-'));
    try {
      const provider = await installProvider({ directory: join(root, 'provider'), log: () => {} });
      const server = await testKeycloak();
      results = await runInterruptions(
        { server, provider, root },
        { runs: INTERRUPTIONS, seed: SEED, workers: 2, progress: silent },
      );
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }, 60_000 * MINUTES);

  it('were all looked at', () => {
    expect(results).toHaveLength(INTERRUPTIONS);
    expect(results.filter(({ outcome }) => outcome.end !== 'not reached').length).toBeGreaterThan(INTERRUPTIONS / 2);
  });

  it('let no thief pass, refuse no owner, bind no flow but a declared one, and are mended by the next apply or the one command', () => {
    expect(results.filter(isBad).flatMap(shownFaults)).toEqual([]);
  });
});
