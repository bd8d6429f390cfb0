#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands';
import { CouldNotRun, EXIT } from './could-not-run';

/**
 * Runs `step-up` and sets the exit code: 0 fine, 1 found something, 2 could not run.
 *
 * @param argv arguments without node and the script
 */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('step-up')
    .description('What logins to a Keycloak realm would do, from its configuration.')
    .exitOverride();
  for (const make of COMMANDS) program.addCommand(make().exitOverride());
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its own errors, and its help is none.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.couldNotRun;
  if (!(error instanceof CouldNotRun)) throw error;
  process.stderr.write(`step-up: ${error.message}\n`);
  return EXIT.couldNotRun;
}

if (require.main === module) void main(process.argv.slice(2));
