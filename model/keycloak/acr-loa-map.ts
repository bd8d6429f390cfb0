import type { AcrLoa, AcrLoaMap, AcrUriMap, Known } from '../realm-model';
import { isUnknown } from '../realm-model';
import { readFlatObject, type Scalar } from './jackson';
import { parseJavaInt } from './java';

/**
 * Reads the attribute `acr.loa.map` of a realm or client as Keycloak does: a JSON object of whole numbers. Anything else makes
 * the map empty, with a warning in the server's log only. A name whose value is `null` or an empty text is as if it were not there.
 *
 * The text `null` is no broken map: Keycloak then has none at all, and ends whatever needs it with an error.
 *
 * Source: `AcrUtils.parseAcrLoaMap` and `getAcrLoaMap`.
 */
export function readAcrLoaMap(attribute: string | undefined): Known<AcrLoaMap> {
  if (attribute === undefined || attribute === '') return { levels: [] };
  const entries = readFlatObject(attribute);
  if (entries === null) return { unknown: 'acr.loa.map is null, at which Keycloak ends requests with an error' };
  if (entries === undefined) return { levels: [], broken: attribute };
  const levels: AcrLoa[] = [];
  for (const [acr, value] of entries) {
    const loa = readLoa(value);
    if (loa === undefined) return { levels: [], broken: attribute };
    if (loa !== null) levels.push({ acr, loa });
  }
  return { levels };
}

/** Keycloak's JSON library takes numbers in quotes and cuts off fractions; an empty text is no value. */
function readLoa(value: Scalar): number | null | undefined {
  if (value === null) return null;
  if (typeof value === 'number') return parseJavaInt(String(Math.trunc(value)));
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' || text === 'null' ? null : parseJavaInt(text);
}

/**
 * The classes that the realm attribute `acr.uri.map` gives to the levels of the realm: a name that only one of the maps has counts
 * for nothing; of two levels of one class the higher counts.
 *
 * Source: `AcrUtils.parseAcrUriMap` and `getUriLoaMap`.
 *
 * @returns undefined if the realm has no such attribute
 */
export function readAcrUriMap(
  attribute: string | undefined,
  acrLoaMap: Known<AcrLoaMap>,
): Known<AcrUriMap> | undefined {
  if (attribute === undefined || attribute === '') return undefined;
  const uris = readFlatObject(attribute);
  if (uris === null) return { unknown: 'acr.uri.map is null, at which Keycloak ends requests with an error' };
  if (uris === undefined) return { classes: [], broken: attribute };
  if (isUnknown(acrLoaMap)) return acrLoaMap;
  const classes = new Map<string, number>();
  for (const { acr, loa } of acrLoaMap.levels) {
    const uri = uris.get(acr);
    if (uri === undefined || uri === null) continue;
    classes.set(String(uri), Math.max(loa, classes.get(String(uri)) ?? loa));
  }
  return { classes: [...classes].map(([uri, loa]) => ({ uri, loa })) };
}
