import type { CtyType } from '../protocol/schema';
import { isObject, Unknown, type Value } from '../protocol/values';

/**
 * The provider does not tell an unset value from an empty one ("", 0, false, no elements): Keycloak answers one for the
 * other. Two values are equal when their canonical forms are.
 */
export function canonical(value: Value | undefined, type: CtyType): string {
  return JSON.stringify(reduce(value, type)) ?? 'null';
}

export function isEqual(a: Value | undefined, b: Value | undefined, type: CtyType): boolean {
  return canonical(a, type) === canonical(b, type);
}

export function isZero(value: Value | undefined): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** The empty value of a type, which stands for an absent one in a representation. */
export function zeroOf(type: CtyType): Value {
  if (type === 'string') return '';
  if (type === 'number') return 0;
  if (type === 'bool') return false;
  return type[0] === 'list' || type[0] === 'set' ? [] : {};
}

function reduce(value: Value | undefined, type: CtyType): unknown {
  if (value instanceof Unknown) return { unknown: true };
  if (value === undefined || isZero(value)) return null;
  if (typeof type === 'string') return value;
  if (Array.isArray(value)) {
    const [kind, inner] = type;
    const elements = value.map((element) => reduce(element, inner as CtyType));
    return kind === 'set' ? elements.map((element) => JSON.stringify(element)).sort() : elements;
  }
  const [kind, inner] = type;
  return Object.entries(value as Record<string, Value>)
    .map(([key, item]) => [
      key,
      reduce(item, kind === 'map' ? (inner as CtyType) : ((inner as Record<string, CtyType>)[key] as CtyType)),
    ])
    .filter(([, item]) => kind === 'map' || item !== null)
    .sort(([a], [b]) => String(a).localeCompare(String(b)));
}
