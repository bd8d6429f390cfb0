import RandExp from 'randexp';
import { matchesJavaPattern } from './java';

/** Texts that are tried for a pattern before it counts as having no example. */
const TRIES = 40;
/** Repetitions without an end are written out this often at most. */
const MOST_REPETITIONS = 3;

/**
 * A text that a Java pattern matches as a whole, undefined if none was found. The same one every time.
 *
 * @param worse of two examples the one with the smaller number is taken. @default all are as good
 */
export function exampleOf(pattern: string, worse: (text: string) => number = () => 0): string | undefined {
  const verdict = matchesJavaPattern(pattern, '');
  if (verdict === 'undetermined' || verdict === 'invalid') return undefined;
  let best: { readonly text: string; readonly rank: number } | undefined;
  for (const text of candidates(pattern)) {
    if (matchesJavaPattern(pattern, text) !== 'matches') continue;
    const rank = worse(text);
    if (!best || rank < best.rank) best = { text, rank };
    if (best.rank === 0) break;
  }
  return best?.text;
}

function* candidates(pattern: string): Generator<string> {
  // Letters are read most easily; what asks for other characters finds none among them.
  yield* candidatesOf(pattern, (range) => range.subtract(32, 126).add(97, 122));
  yield* candidatesOf(pattern, () => {});
}

function* candidatesOf(pattern: string, narrow: (range: RandExp['defaultRange']) => void): Generator<string> {
  const generator = new RandExp(pattern);
  generator.max = MOST_REPETITIONS;
  narrow(generator.defaultRange);
  let seed = 1;
  // The same examples every time, so that answers don't change.
  generator.randInt = (from, to) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return from + (seed % (to - from + 1));
  };
  for (let count = 0; count < TRIES; count++) yield generator.gen();
}

/** A text that the pattern doesn't match, undefined if none was found. */
export function counterexampleOf(pattern: string): string | undefined {
  return ['none', '', '0', '~ none of these ~'].find((text) => matchesJavaPattern(pattern, text) === 'differs');
}
