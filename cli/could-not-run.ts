/** Exit codes of every command. */
export const EXIT = { fine: 0, found: 1, couldNotRun: 2 } as const;

/**
 * A command can't do its work: the message is one line for the user and says what to write or install instead. The process
 * exits with 2.
 */
export class CouldNotRun extends Error {
  override readonly name = 'CouldNotRun';
}
