/** The acr names from the lowest level to the highest, or the realm's acr map: names and their LoA numbers. */
export type Levels = readonly string[] | Readonly<Record<string, number>>;

/** No quote, backslash or space, so that a name can stand in `acr_values` and in a quoted string (RFC 9110, section 5.6.4). */
const ACR = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * The names that satisfy `acr`: its own, and those of higher levels.
 *
 * @throws TypeError on an acr that is none of the levels, and on levels that can't be used
 */
export function satisfying(levels: Levels, acr: string): ReadonlySet<string> {
  const ranks = ranksOf(levels);
  const needed = ranks.get(acr);
  if (needed === undefined) {
    throw new TypeError(
      `acr ${JSON.stringify(acr)}: it is none of the levels, so no token would do. Write one of ${[...ranks.keys()].join(', ')}.`,
    );
  }
  return new Set([...ranks].filter(([, rank]) => rank >= needed).map(([name]) => name));
}

function ranksOf(levels: Levels): ReadonlyMap<string, number> {
  const entries: [string, number][] = isList(levels)
    ? levels.map((name, index) => [name, index])
    : Object.entries(levels);
  const ranks = new Map(entries);
  const sound = entries.every(([name, rank]) => ACR.test(name) && Number.isInteger(rank));
  if (ranks.size === 0 || ranks.size !== entries.length || !sound) {
    throw new TypeError(
      `levels ${JSON.stringify(levels)}: they must be different acr names, or acr names with whole LoA numbers. Write for example ["silver", "gold"], lowest first.`,
    );
  }
  return ranks;
}

function isList(levels: Levels): levels is readonly string[] {
  return Array.isArray(levels);
}
