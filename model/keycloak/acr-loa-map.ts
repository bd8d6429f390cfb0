import type { AcrLoa, AcrLoaMap } from '../realm-model';
import { parseJavaInt } from './java';

/**
 * Reads the attribute `acr.loa.map` of a realm or client as Keycloak does: a JSON object of whole numbers. Anything else makes
 * the map empty, with a warning in the server's log only.
 *
 * Source: `AcrUtils.parseAcrLoaMap` and `getAcrLoaMap`.
 */
export function readAcrLoaMap(attribute: string | undefined): AcrLoaMap {
  if (attribute === undefined || attribute === '') return { levels: [] };
  try {
    const parsed: unknown = JSON.parse(attribute);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
      return { levels: [], broken: attribute };
    const levels = Object.entries(parsed).map(([acr, loa]) => ({ acr, loa: readLoa(loa) }));
    return levels.every((level): level is AcrLoa => level.loa !== undefined)
      ? { levels }
      : { levels: [], broken: attribute };
  } catch {
    return { levels: [], broken: attribute };
  }
}

/** Keycloak's JSON library takes numbers in quotes and cuts off fractions. */
function readLoa(value: unknown): number | undefined {
  if (typeof value === 'number') return parseJavaInt(String(Math.trunc(value)));
  if (typeof value === 'string') return parseJavaInt(value.trim());
  return undefined;
}
