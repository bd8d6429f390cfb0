import { isUnknown, type Known } from '../../realm-model';
import { isReference, type Value } from './expression';
import type { Resource } from './resources';

/** Reads attributes of a resource; a reference that a value is needed of is unknown. */

export function text(resource: Resource, key: string): Known<string> | undefined {
  return textOf(resource.values[key], `${key} of ${resource.address}`);
}

export function textOf(value: Value | undefined, what: string): Known<string> | undefined {
  if (value === undefined || value === null) return undefined;
  if (isUnknown(value)) return value;
  if (isReference(value)) return { unknown: `${what} is ${value.reference}.${value.attribute}, known after the apply` };
  return typeof value === 'object' ? { unknown: `${what} is no text` } : String(value);
}

export function flag(resource: Resource, key: string, fallback: boolean): Known<boolean> {
  const value = text(resource, key);
  if (value === undefined) return fallback;
  return isUnknown(value) ? value : value === 'true';
}

export function number(resource: Resource, key: string): Known<number> | undefined {
  const value = text(resource, key);
  if (value === undefined || isUnknown(value)) return value;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : { unknown: `${key} of ${resource.address} is no number` };
}

/** A list or set of texts. */
export function texts(resource: Resource, key: string): Known<readonly string[]> | undefined {
  const value = resource.values[key];
  if (value === undefined || value === null) return undefined;
  if (isUnknown(value)) return value;
  if (!Array.isArray(value)) return { unknown: `${key} of ${resource.address} is no list` };
  const items = value.map((item) => textOf(item, `${key} of ${resource.address}`) ?? '');
  return items.find(isUnknown) ?? (items as string[]);
}

/** A map of texts; its values may be unknown. */
export function map(value: Value | undefined, what: string): Known<Record<string, Known<string>>> {
  if (value === undefined || value === null) return {};
  if (isUnknown(value)) return value;
  if (isReference(value) || typeof value !== 'object' || Array.isArray(value)) return { unknown: `${what} is no map` };
  const entries = Object.entries(value as Record<string, Value>).flatMap(([key, each]) => {
    const read = textOf(each, `${key} of ${what}`);
    return read === undefined ? [] : [[key, read] as const];
  });
  return Object.fromEntries(entries);
}

/** Nested blocks, of which Terraform's JSON makes an object or a list. */
export function nested(resource: Resource, key: string): Readonly<Record<string, Value>>[] {
  return nestedIn(resource.values, key);
}

export function nestedIn(values: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>>[] {
  const value = values[key];
  const list = Array.isArray(value) ? value : [value];
  return list.filter((each): each is Record<string, Value> => typeof each === 'object' && each !== null);
}

/** A duration as the provider writes it: `36000s`, `10h0m0s`. In seconds. */
export function seconds(resource: Resource, key: string): Known<number> | undefined {
  const value = text(resource, key);
  if (value === undefined || isUnknown(value) || value === '') return value === '' ? undefined : value;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  if (parts.length === 0) return { unknown: `${key} of ${resource.address} is no duration` };
  const unit = { h: 3600, m: 60, s: 1 } as const;
  return parts.reduce((sum, [, amount, name]) => sum + Number(amount) * unit[name as keyof typeof unit], 0);
}
