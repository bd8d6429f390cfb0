/** What the constructs add to a name: a hash of the content and the time of the plan that made it. */
const GENERATION = /-[0-9a-f]{8}(-\d{14})?(?=\.|$)/g;

/**
 * A name without its generation: `browser` of `browser-1a2b3c4d-20261125160217`. Flows and policies that the constructs change are
 * made anew under another one, so what two generations have in common is the rest.
 */
export function generationless(name: string): string {
  return name.replace(GENERATION, '');
}

/** Whether both are called the same but for their generations. */
export function areNamesakes(one: string, other: string): boolean {
  return generationless(one) === generationless(other);
}
