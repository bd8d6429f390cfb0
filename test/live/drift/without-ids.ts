/** Keys whose values Keycloak makes up. */
const IDS = new Set(['id', 'containerId', '_id', 'flowId', 'parentId', 'authenticatorConfigId', 'secret']);

/** The time of the try that made a flow, in names. */
const TRIED = /(?<=-[0-9a-f]{8})-\d{14}/g;

/** A representation in an order that ids don't decide, without them, without times of tries and without empty texts: what two realms that are alike have in common. */
export function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.map(withoutIds);
    // The order of executions is in their priority.
    return all.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value === 'string') return value.replaceAll(TRIED, '');
  if (typeof value !== 'object' || value === null) return value;
  const values = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(values).filter((key) => !IDS.has(key) && values[key] !== '');
  return Object.fromEntries(keys.sort().map((key) => [key, withoutIds(values[key])]));
}
