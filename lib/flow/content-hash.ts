import { createHash } from 'node:crypto';

/**
 * Eight hexadecimal digits that change with any part of the content. Keys are sorted, so that the order in which
 * an object was written does not count; the order of arrays does.
 */
export function contentHash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content, sortKeys)).digest('hex').slice(0, 8);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
