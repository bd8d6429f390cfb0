import { decode, ExtensionCodec, encode } from '@msgpack/msgpack';
import type { CtyType } from './schema';
import { isObject, UNKNOWN, Unknown, type Value } from './values';

const UNKNOWN_EXTENSION = 0;
/** An unknown value about which something is known, such as "not null": it is still unknown to us. */
const REFINED_UNKNOWN_EXTENSION = 12;

const extensions = new ExtensionCodec();
extensions.register({
  type: UNKNOWN_EXTENSION,
  encode: (value) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
extensions.register({ type: REFINED_UNKNOWN_EXTENSION, encode: () => null, decode: () => UNKNOWN });

/** Writes a value of a type as Terraform's msgpack: an object carries every attribute of its type, absent ones as null. */
export function encodeValue(value: Value, type: CtyType): Buffer {
  const bytes = encode(conform(value, type), { extensionCodec: extensions });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads Terraform's msgpack. */
export function decodeValue(bytes: Uint8Array, type: CtyType): Value {
  return conform(decode(bytes, { extensionCodec: extensions }) as Value, type);
}

/** Reads a value from the JSON of a state file, which may have been written by an older version of the schema. */
export function decodeJson(json: string, type: CtyType): Value {
  return conform(JSON.parse(json) as Value, type);
}

/**
 * The value in the shape of its type: attributes that the type lacks are dropped, missing ones are null, and primitives
 * are converted as Terraform does (cty writes a number that fits neither int64 nor float64 as a string).
 */
export function conform(value: Value | undefined, type: CtyType): Value {
  if (value === null || value === undefined) return null;
  if (value instanceof Unknown) return value;
  if (type === 'string') return typeof value === 'string' ? value : String(value);
  if (type === 'bool') return value === true || value === 'true';
  if (type === 'number') return typeof value === 'number' ? value : toNumber(value);
  const [kind, inner] = type;
  if (kind === 'list' || kind === 'set') {
    if (!Array.isArray(value)) throw new TypeError(`expected a ${kind}, got ${typeof value}`);
    return value.map((element) => conform(element, inner));
  }
  if (!isObject(value)) throw new TypeError(`expected a ${kind}, got ${typeof value}`);
  if (kind === 'map') {
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, conform(element, inner)]));
  }
  return Object.fromEntries(Object.entries(inner).map(([name, attribute]) => [name, conform(value[name], attribute)]));
}

function toNumber(value: Value): number {
  const number = Number(value);
  if (typeof value !== 'string' || value.trim() === '' || Number.isNaN(number)) {
    throw new TypeError(`expected a number, got ${typeof value}`);
  }
  return number;
}
