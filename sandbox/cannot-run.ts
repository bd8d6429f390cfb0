/**
 * Something that the sandbox needs is missing or in the way: no Java, a port that is taken, no server at an address.
 * The message is one line for the user and says what to install or change; a command that catches it exits with 2.
 */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
  /** The exit code of a command that could not run. */
  readonly exitCode = 2;
}
