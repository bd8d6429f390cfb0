/** All subsets of a list, the smaller ones first. */
export function subsets<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length }, (_, bits) =>
    items.filter((_item, index) => bits & (1 << index)),
  ).sort((a, b) => a.length - b.length);
}
