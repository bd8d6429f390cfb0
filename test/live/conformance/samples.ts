import fc from 'fast-check';
import { conformanceCase } from './arbitrary';
import type { ConformanceCase } from './case';

/** The same cases for the same seed, each with what fast-check needs to shrink it. */
export function sampleCases(count: number, seed: number): fc.Value<ConformanceCase>[] {
  const values: fc.Value<ConformanceCase>[] = [];
  fc.sample(new Recording(conformanceCase, values), { numRuns: count, seed });
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
