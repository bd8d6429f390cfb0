import { type CtyType, type SchemaBlock, typeOfBlock } from '../protocol/schema';
import { isObject, type Obj, type Value } from '../protocol/values';
import type { Representation } from './api';
import type { Change } from './change';
import { isZero, zeroOf } from './compare';
import type { Field, Fields } from './table';

/** Builds Keycloak's representation from the values of a change. */
export function toRepresentation(change: Change): Representation {
  const representation: Representation = { ...change.table.constants };
  writeFields(change.schema.block, change.table.fields, change.data, representation, change);
  return representation;
}

/** Builds Terraform's state from Keycloak's representation; what Keycloak does not keep stays as it is in the change. */
export function toState(representation: Representation, change: Change): Obj {
  const state = readFields(change.schema.block, change.table.fields, change.data, representation, change);
  return { ...state, id: change.id };
}

function writeFields(block: SchemaBlock, fields: Fields, values: Obj, target: Representation, change: Change): void {
  const types = typeOfBlock(block)[1];
  for (const [name, field] of Object.entries(fields)) {
    const type = types[name] as CtyType;
    const value = values[name] ?? zeroOf(type);
    if (field.write) {
      field.write(value, target, change);
    } else if (field.block) {
      const nested = block.block_types?.[name]?.block as SchemaBlock;
      writeBlock(nested, field, value as Value[], target, change);
    } else if (field.at && !(field.omitZero && isZero(value))) {
      const encoded = field.codec ? field.codec.encode(value) : value;
      if (encoded !== undefined) put(target, field.at, encoded);
    }
  }
}

function writeBlock(block: SchemaBlock, field: Field, elements: Value[], target: Representation, change: Change): void {
  const fields = field.block as Fields;
  const write = (element: Value, into: Representation) => {
    writeFields(block, fields, element as Obj, into, change);
    return into;
  };
  const [first] = elements;
  if (!field.at) {
    if (first) write(first, target);
  } else if (field.single) {
    if (first) put(target, field.at, write(first, {}));
  } else {
    put(
      target,
      field.at,
      elements.map((element) => write(element, {})),
    );
  }
}

function readFields(block: SchemaBlock, fields: Fields, held: Obj, source: Representation, change: Change): Obj {
  const result: Obj = {};
  for (const [name, type] of Object.entries(typeOfBlock(block)[1])) {
    const field = fields[name] ?? {};
    const attribute = block.attributes?.[name];
    if (attribute?.write_only) result[name] = null;
    else if (field.read) result[name] = field.read(source, change, name);
    else if (field.block) {
      result[name] = readBlock(block.block_types?.[name]?.block as SchemaBlock, field, held[name], source, change);
    } else if (field.at) result[name] = readValue(field, take(source, field.at), type, held[name]);
    else result[name] = held[name] ?? field.default ?? null;
  }
  return result;
}

function readValue(field: Field, raw: unknown, type: CtyType, held: Value | undefined): Value {
  const value = field.codec ? field.codec.decode(raw) : ((raw ?? zeroOf(type)) as Value);
  if (!field.managedKeys || !isObject(value)) return value;
  const managed = isObject(held) ? Object.keys(held) : [];
  return Object.fromEntries(Object.entries(value).filter(([key]) => managed.includes(key)));
}

function readBlock(
  block: SchemaBlock,
  field: Field,
  held: Value | undefined,
  source: Representation,
  change: Change,
): Value {
  const fields = field.block as Fields;
  const before = Array.isArray(held) ? held : [];
  const read = (element: unknown, index: number) =>
    readFields(block, fields, isObject(before[index]) ? before[index] : {}, element as Representation, change);
  if (!field.at) return [read(source, 0)];
  const raw = take(source, field.at);
  if (field.single) return isObject(raw as Value) ? [read(raw, 0)] : [];
  return Array.isArray(raw) ? raw.map(read) : [];
}

function put(target: Representation, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  target[key] ??= {};
  put(target[key] as Representation, rest, value);
}

function take(source: Representation, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Representation | null | undefined)?.[key], source);
}
