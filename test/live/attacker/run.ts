import { Command } from 'commander';
import { CannotRun } from '../../../sandbox/cannot-run';
import { adminClient, startKeycloak } from '../../../sandbox/keycloak';
import { createProgress } from '../../../sandbox/progress';
import { positiveInteger } from '../conformance/positive-integer';
import { attackRealms } from './attack-realms';
import { keepSurprise } from './surprises';

interface Options {
  readonly runs: number;
  readonly realms: number;
  readonly seed: number;
  readonly steps: number;
  readonly power?: boolean;
}

/**
 * `npm run attacker -- --runs N --realms N --seed S`: attackers that hold random proofs make random moves in random realms, and
 * must have nothing for which the explorer says that more is needed. Exits with 0 if that is so, 1 if something was had, 2 if it
 * could not run.
 */
async function attacker({ runs, realms, seed, steps, power = false }: Options): Promise<number> {
  const progress = createProgress();
  const server = await startKeycloak({ progress });
  try {
    const admin = await adminClient(server);
    const step = progress.step(`Attacking ${realms} realms ${runs} times (seed ${seed})`);
    const options = { realms, runs, seed, steps, power, onRealm: (text: string) => step.update(text) };
    const result = await attackRealms(server.url, admin, options);
    step.done(`${result.moves} moves`);
    console.log(`${result}`);
    for (const surprise of result.surprises) {
      console.log(`\n${surprise.goal}\n  ${JSON.stringify(surprise)}\n  kept as surprises/${keepSurprise(surprise)}`);
    }
    return result.surprises.length > 0 ? 1 : 0;
  } finally {
    await server.stop();
  }
}

async function main(): Promise<void> {
  const program = new Command('attacker')
    .description('Attack random realms and see whether the explorer knew what is had.')
    .option('--runs <n>', 'how many attacks in all', positiveInteger, 1000)
    .option('--realms <n>', 'how many random realms', positiveInteger, 50)
    .option('--seed <n>', 'seed of realms and attacks', positiveInteger, 1)
    .option('--steps <n>', 'moves of an attack', positiveInteger, 30)
    .option('--power', 'give attackers exactly the proofs of a way, and say how often they find it')
    .action(async (options: Options) => {
      process.exitCode = await attacker(options);
    });
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    process.stderr.write(`attacker: ${error.message}\n`);
    process.exitCode = 2;
  }
}

void main();
