/** How Java, in which Keycloak is written, reads and adds what realms configure. */

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

/** `Integer.parseInt`: undefined where that throws. */
export function parseJavaInt(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= INT_MIN && value <= INT_MAX ? value : undefined;
}

/** Addition of two `int`, which wraps around: an age near 2^31 added to a time lies in the past. */
export function addJavaInts(a: number, b: number): number {
  return (a + b) | 0;
}

/** `Boolean.parseBoolean`. */
export function parseJavaBoolean(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true';
}

/** `String.split` by a literal: without the empty strings at the end. */
export function splitJava(text: string, separator: string): string[] {
  const parts = text.split(separator);
  if (parts.length === 1) return parts;
  while (parts.at(-1) === '') parts.pop();
  return parts;
}

/** What a Java regular expression says to a text; `undetermined` if JavaScript may read the expression otherwise. */
export type PatternVerdict = 'matches' | 'differs' | 'invalid' | 'undetermined';

/** Constructs that only Java knows or that the two languages read differently. */
const JAVA_ONLY = /\\[QEAZzGhHRXpPx0acekuN]|\(\?[imsuxUd<>-]|[*+?}]\+|\[[^\]]*(\[|&&)/;

/** `Pattern.compile(pattern, flags).matcher(text).matches()`, that is, on the whole text. */
export function matchesJavaPattern(pattern: string, text: string, flags = ''): PatternVerdict {
  if (JAVA_ONLY.test(pattern)) return 'undetermined';
  try {
    return new RegExp(`^(?:${pattern})$`, flags).test(text) ? 'matches' : 'differs';
  } catch {
    return 'invalid';
  }
}
