/** A source is not what it says it is. The message is one line: where, what is wrong, and what to write instead. */
export class UnreadableSource extends Error {
  override readonly name = 'UnreadableSource';
}
