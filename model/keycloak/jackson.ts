/** What Keycloak's JSON library leaves of a value that is no object and no list. */
export type Scalar = string | number | boolean | null;

const TOKEN = /[ \t\r\n]*("(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+)/y;

/**
 * Reads an object of plain values as Jackson's `readValue` into a `Map` does: in the order of the text, the last of two equal keys
 * wins at the place of the first, and what follows the object is not looked at.
 *
 * @returns null for the text `null`; undefined where Jackson throws
 */
export function readFlatObject(text: string): Map<string, Scalar> | null | undefined {
  const token = new RegExp(TOKEN);
  const next = () => token.exec(text)?.[1];
  const first = next();
  if (first === 'null') return null;
  if (first !== '{') return undefined;
  const entries = new Map<string, Scalar>();
  let key = next();
  if (key === '}') return entries;
  for (;;) {
    const name = scalar(key);
    if (typeof name !== 'string' || next() !== ':') return undefined;
    const value = scalar(next());
    if (value === undefined) return undefined;
    entries.set(name, value);
    const separator = next();
    if (separator === '}') return entries;
    if (separator !== ',') return undefined;
    key = next();
  }
}

function scalar(token: string | undefined): Scalar | undefined {
  if (token === undefined || /^[{}[\]:,]$/.test(token)) return undefined;
  try {
    return JSON.parse(token);
  } catch {
    return undefined;
  }
}
