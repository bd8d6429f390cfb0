import { Command } from 'commander';
import pc from 'picocolors';
import { CannotRun } from './cannot-run';
import { KEYCLOAK_VERSION } from './keycloak';
import { createProgress } from './progress';
import { keepRunning } from './quickstart/keep';
import { play } from './quickstart/play';
import { asExpected, renderJson, renderTable } from './quickstart/report';

const program = new Command('quickstart')
  .description('Starts a Keycloak, deploys the stack dev to it by cdktf, and shows by real logins that it steps up.')
  .option('--keep', 'leave it running until Ctrl-C, and print where to click')
  .option('--json', 'print the table as JSON')
  .addHelpText(
    'after',
    `
Environment:
  KEYCLOAK_VERSION        release of Keycloak to start, from 24.0.0 (default: ${KEYCLOAK_VERSION}); docs/versions.md says what each can do
  KEYCLOAK_URL            use this Keycloak instead of starting one, with a service account of its realm master:
  KEYCLOAK_CLIENT_ID      its client id
  KEYCLOAK_CLIENT_SECRET  its secret
  STEP_UP_KEYCLOAK_PORT   port of the Keycloak that is started (default: a free one)
  STEP_UP_PROVIDER        official or offline: the Terraform provider to use (default: official if it can be had)
  STEP_UP_CACHE           where Keycloak is cached

Exit codes:
  0  every row is as expected; with --keep, after Ctrl-C (npm itself then ends with 130)
  1  a row, or the second deploy, differs
  2  it could not run; the last line says what to install or change`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

async function main(): Promise<number> {
  const { keep, json } = program.parse().opts<{ keep?: true; json?: true }>();
  const progress = createProgress();
  const played = await play(progress);
  try {
    const { report } = played;
    console.log(json ? renderJson(report) : renderTable(report));
    progress.note(pc.dim(`${report.seconds} s in all`));
    // On standard output the passwords would end up in the JSON.
    if (keep) await keepRunning(played, progress.note);
    return asExpected(report) ? 0 : 1;
  } finally {
    await played.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof CannotRun ? pc.red(error.message) : error);
    process.exitCode = 2;
  },
);
