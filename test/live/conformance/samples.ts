import fc from 'fast-check';
import { conformanceCase, realmSettings } from './arbitrary';
import type { ConformanceCase } from './case';

/** Cases share realms, which take long to make: there is one for so many cases. */
const CASES_A_REALM = 40;
const FEWEST_REALMS = 6;

/** The same cases for the same seed, each with what fast-check needs to shrink it. */
export function sampleCases(count: number, seed: number): fc.Value<ConformanceCase>[] {
  const numRuns = Math.max(FEWEST_REALMS, Math.ceil(count / CASES_A_REALM));
  const realms = fc.sample(realmSettings, { numRuns, seed });
  const values: fc.Value<ConformanceCase>[] = [];
  fc.sample(new Recording(conformanceCase(fc.constantFrom(...realms)), values), { numRuns: count, seed });
  return values;
}
/** `fc.sample` gives bare values; this keeps what they came in. */
class Recording<T> extends fc.Arbitrary<T> {
  constructor(
    private readonly inner: fc.Arbitrary<T>,
    private readonly record: fc.Value<T>[],
  ) {
    super();
  }

  generate(random: fc.Random, bias: number | undefined): fc.Value<T> {
    const value = this.inner.generate(random, bias);
    this.record.push(value);
    return value;
  }

  canShrinkWithoutContext(value: unknown): value is T {
    return this.inner.canShrinkWithoutContext(value);
  }

  shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
    return this.inner.shrink(value, context);
  }
}
