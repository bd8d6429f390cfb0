import { UnreadableSource } from './unreadable';

/** Makes of a JSON value what Keycloak's JSON library makes of it, or throws as that does. */
export type Decoder = (value: unknown, path: string) => unknown;

function refuse(path: string, value: unknown, instead: string): never {
  const kind = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
  throw new UnreadableSource(`${path} is ${value === null ? 'null' : kind}: write ${instead}`);
}

/** Numbers and truth values count as their texts. */
export const text: Decoder = (value, path) => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : refuse(path, value, 'a text');
};

/** Texts and numbers count where they are of a truth value. */
export const flag: Decoder = (value, path) => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') {
    if (/^\s*(true|True|TRUE)\s*$/.test(value)) return true;
    if (/^\s*(false|False|FALSE)\s*$/.test(value)) return false;
    if (value.trim() === '') return undefined;
  }
  return refuse(path, value, 'true or false');
};

/** Texts of whole numbers count; fractions are cut off. */
export const integer: Decoder = (value, path) => {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'string') {
    if (/^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
    if (value.trim() === '') return undefined;
  }
  return refuse(path, value, 'a whole number');
};

export const list =
  (item: Decoder): Decoder =>
  (value, path) =>
    Array.isArray(value) ? value.map((each, index) => item(each, `${path}[${index}]`)) : refuse(path, value, 'a list');

/** A list for which one item alone will do. */
export const oneOrMore =
  (item: Decoder): Decoder =>
  (value, path) =>
    list(item)(Array.isArray(value) ? value : [value], path);

/** An object whose other fields stay as they are. A field that is null is as if it were not there. */
export const object =
  (fields: Readonly<Record<string, Decoder>>): Decoder =>
  (value, path) =>
    mapEntries(value, path, (key, inner) => {
      const decode = Object.hasOwn(fields, key) ? fields[key] : undefined;
      return decode ? decode(inner, path === '' ? key : `${path}.${key}`) : inner;
    });

/** An object of any keys with values of one kind. */
export const dictionary =
  (item: Decoder): Decoder =>
  (value, path) =>
    mapEntries(value, path, (key, inner) => item(inner, `${path}.${key}`));

function mapEntries(value: unknown, path: string, decode: (key: string, value: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(path || 'the whole', value, 'an object');
  }
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const decoded = inner === null || inner === undefined ? undefined : decode(key, inner);
    return decoded === undefined ? [] : [[key, decoded]];
  });
  return Object.fromEntries(entries);
}
