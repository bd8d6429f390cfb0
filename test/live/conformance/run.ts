import { Command } from 'commander';
import { CannotRun } from '../../../sandbox/cannot-run';
import { adminClient, startKeycloak } from '../../../sandbox/keycloak';
import { createProgress } from '../../../sandbox/progress';
import { isAvailable } from './available';
import { positiveInteger } from './positive-integer';
import { keepRegression, regressions } from './regressions';
import { sampleCases } from './samples';
import { shrink } from './shrink';
import { runCases } from './suite';

interface Options {
  readonly cases: number;
  readonly seed: number;
  readonly shrink: boolean;
  readonly gaps?: boolean;
  readonly keycloak?: string;
}

/** More would be the same few causes again. */
const MAX_SHRUNK = 5;

/**
 * `npm run conformance -- --cases N --seed S`: random flows, users and logins, simulated and performed for real. Exits with 0 if
 * all agree, 1 if some disagree, 2 if it could not run. `--keycloak <version>` runs them on another release than the pinned one.
 */
async function conformance(options: Options): Promise<number> {
  const { cases: count, seed, shrink: shrinks, gaps, keycloak: version } = options;
  const progress = createProgress();
  const server = await startKeycloak({ progress, version });
  try {
    const admin = await adminClient(server);
    const samples = new Map(sampleCases(count, seed).map((value) => [value.value_, value]));
    const all = [...regressions().map((each) => each.case), ...samples.keys()];
    const cases = all.filter((each) => isAvailable(each, server.version));
    if (cases.length < all.length) {
      console.log(`left out: ${all.length - cases.length} cases that use what ${server.version} does not have`);
    }
    const step = progress.step(`Comparing ${cases.length} cases (seed ${seed}) with Keycloak ${server.version}`);
    const started = Date.now();
    const result = await runCases(server.url, admin, cases, {
      keepsRealms: true,
      onDisagreement: ({ simulated, live, login, case: of }) =>
        console.log(`differs at first, login ${login + 1}: ${simulated} / ${live}\n  ${JSON.stringify(of)}`),
      onBatch: (done, wrong) => step.update(`${done} of ${cases.length}, ${wrong} disagree`),
    });
    step.done(`${result.logins} logins`);
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(`${result.coverage}`);
    if (gaps) for (const gap of result.coverage.rulesMissingByMove) console.log(gap);
    const { logins, disagreements, passing } = result;
    for (const { simulated, live } of passing) console.log(`agreed the second time: ${simulated} / ${live}`);
    console.log(`${cases.length} cases, ${logins} logins in ${seconds} s, ${disagreements.length} disagreements`);
    for (const [index, found] of disagreements.entries()) {
      const sample = shrinks && index < MAX_SHRUNK ? samples.get(found.case) : undefined;
      const shown = sample ? await shrink(server.url, admin, found, sample) : found;
      console.log(`\nlogin ${shown.login + 1}\n  simulated: ${shown.simulated}\n  live:      ${shown.live}`);
      console.log(
        shrinks && index < MAX_SHRUNK
          ? `  kept as regressions/${keepRegression(shown)}`
          : `  ${JSON.stringify(shown.case)}`,
      );
    }
    return disagreements.length > 0 ? 1 : 0;
  } finally {
    await server.stop();
  }
}

async function main(): Promise<void> {
  const program = new Command('conformance')
    .description('Compare the login simulator with a real Keycloak.')
    .option('--cases <n>', 'how many random cases', positiveInteger, 300)
    .option('--seed <n>', 'seed of the random cases', positiveInteger, 1)
    .option('--gaps', 'name, for each move, the rules that never decided together with it')
    .option(
      '--keycloak <version>',
      'the release of Keycloak, for example 26.0.8 (default: KEYCLOAK_VERSION, else the pinned one)',
    )
    .option('--no-shrink', 'neither shrink nor keep disagreements')
    .action(async (options: Options) => {
      process.exitCode = await conformance(options);
    });
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    process.stderr.write(`conformance: ${error.message}\n`);
    process.exitCode = 2;
  }
}

void main();
