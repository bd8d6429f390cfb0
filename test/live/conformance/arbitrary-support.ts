import fc from 'fast-check';

/** @param percent of the cases that have it */
export const maybe = <T>(arbitrary: fc.Arbitrary<T>, percent: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: percent, arbitrary }, { weight: 100 - percent, arbitrary: fc.constant(undefined) });

/** Leaves out what is undefined, so that a case reads like what a person would write. */
export function compact<T extends object>(record: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc
    .record(record)
    .map((value) => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T);
}

export const strings = (record: Record<string, fc.Arbitrary<string | undefined>>) =>
  compact<Record<string, string>>(record as never);

export const oneOf = (...values: string[]) => fc.constantFrom(...values);

export const yesNo = maybe(oneOf('true', 'false'), 50);

/** @param weighted how often, and what */
export const weighted = <T>(...weighted: [number, T][]): fc.Arbitrary<T> =>
  fc.oneof(...weighted.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
