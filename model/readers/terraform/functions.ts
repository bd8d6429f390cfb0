import type { Value } from './expression';

type Apply = (values: readonly Value[]) => Value | undefined;

const list = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);
const object = (value: Value | undefined): Readonly<Record<string, Value>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Value>) : {};
const same = (a: Value, b: Value) => JSON.stringify(a) === JSON.stringify(b);
const distinct = (items: readonly Value[]) =>
  items.filter((item, index) => items.findIndex((other) => same(other, item)) === index);
const keys = (value: Value | undefined) => Object.keys(object(value)).sort();
const identity: Apply = ([value]) => value;

/** Functions of Terraform's language by name; undefined where Terraform would end with an error. */
export const FUNCTIONS: Readonly<Record<string, Apply>> = {
  abs: ([value]) => Math.abs(Number(value)),
  alltrue: ([items]) => list(items).every((item) => String(item) === 'true'),
  anytrue: ([items]) => list(items).some((item) => String(item) === 'true'),
  coalesce: (values) => values.find((value) => value !== null && value !== ''),
  coalescelist: (values) => values.find((value) => list(value).length > 0),
  compact: ([items]) => list(items).filter((item) => item !== null && item !== ''),
  concat: (lists) => lists.flatMap(list),
  contains: ([items, value]) => list(items).some((item) => same(item, value as Value)),
  distinct: ([items]) => distinct(list(items)),
  element: ([items, index]) => list(items)[Number(index) % list(items).length],
  endswith: ([text, end]) => String(text).endsWith(String(end)),
  flatten: ([items]) => flattened(items as Value),
  format: ([template, ...values]) => formatted(String(template), values),
  formatdate: ([format, time]) => dated(String(format), String(time)),
  index: ([items, value]) => {
    const found = list(items).findIndex((item) => same(item, value as Value));
    return found < 0 ? undefined : found;
  },
  join: ([separator, items]) => list(items).map(String).join(String(separator)),
  jsondecode: ([text]) => {
    try {
      return JSON.parse(String(text));
    } catch {
      return undefined;
    }
  },
  jsonencode: ([value]) => JSON.stringify(sorted(value as Value)),
  keys: ([value]) => keys(value),
  length: ([value]) =>
    typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : keys(value).length,
  lookup: ([map, key, fallback]) => (Object.hasOwn(object(map), String(key)) ? object(map)[String(key)] : fallback),
  lower: ([text]) => String(text).toLowerCase(),
  max: (values) => Math.max(...values.map(Number)),
  merge: (objects) => Object.assign({}, ...objects.map(object)),
  min: (values) => Math.min(...values.map(Number)),
  nonsensitive: identity,
  one: ([items]) => (list(items).length > 1 ? undefined : (list(items)[0] ?? null)),
  // Known in the plan alone; a name that carries it is the same in all that is read here, which is what matters.
  plantimestamp: () => '1970-01-01T00:00:00Z',
  range: (bounds) => {
    const [start, end, step] = bounds.length === 1 ? [0, Number(bounds[0]), 1] : bounds.map(Number);
    const by = step ?? 1;
    const count = Math.ceil(((end as number) - (start as number)) / by);
    return count > 1000 || !Number.isFinite(count)
      ? undefined
      : Array.from({ length: Math.max(0, count) }, (_, index) => (start as number) + index * by);
  },
  replace: ([text, search, replacement]) => {
    const pattern = String(search);
    // Between slashes it is a regular expression of another kind than JavaScript's.
    if (pattern.length > 1 && pattern.startsWith('/') && pattern.endsWith('/')) return undefined;
    return String(text).replaceAll(pattern, () => String(replacement));
  },
  reverse: ([items]) => [...list(items)].reverse(),
  sensitive: identity,
  setunion: (sets) => distinct(sets.flatMap(list)),
  slice: ([items, start, end]) => list(items).slice(Number(start), Number(end)),
  sort: ([items]) => list(items).map(String).sort(),
  split: ([separator, text]) => String(text).split(String(separator)),
  startswith: ([text, start]) => String(text).startsWith(String(start)),
  sum: ([items]) => list(items).reduce<number>((sum, item) => sum + Number(item), 0),
  title: ([text]) => String(text).replace(/(^|\s)(\S)/g, (found) => found.toUpperCase()),
  tobool: ([value]) => (value === null ? null : String(value) === 'true'),
  tolist: identity,
  tomap: identity,
  tonumber: ([value]) => (value === null ? null : Number(value)),
  toset: ([items]) => distinct(list(items)),
  tostring: ([value]) => (value === null ? null : String(value)),
  trim: ([text, cut]) => trimmed(String(text), String(cut)),
  trimprefix: ([text, cut]) =>
    String(text).startsWith(String(cut)) ? String(text).slice(String(cut).length) : String(text),
  trimspace: ([text]) => String(text).trim(),
  trimsuffix: ([text, cut]) =>
    cut !== '' && String(text).endsWith(String(cut)) ? String(text).slice(0, -String(cut).length) : String(text),
  upper: ([text]) => String(text).toUpperCase(),
  values: ([map]) => keys(map).map((key) => object(map)[key] as Value),
  zipmap: ([names, values]) =>
    Object.fromEntries(list(names).map((name, index) => [String(name), list(values)[index] ?? null])),
};

function flattened(value: Value): Value[] {
  return Array.isArray(value) ? value.flatMap(flattened) : [value];
}

/** Terraform keeps the keys of objects in order, which the text of a map shows. */
function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(keys(value).map((key) => [key, sorted(object(value)[key] as Value)]));
}

/** `%s`, `%d`, `%v` and `%q` alone; widths and positions are left to Terraform. */
function formatted(template: string, values: readonly Value[]): string | undefined {
  if (/%[^sdvq%]/.test(template.replaceAll('%%', ''))) return undefined;
  let next = 0;
  return template.replace(/%([sdvq%])/g, (_, verb: string) => {
    if (verb === '%') return '%';
    const value = values[next++] as Value;
    return verb === 'q' || typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
}

/** Numbers of year, month, day, hour, minute and second alone; the rest is left to Terraform. */
function dated(format: string, time: string): string | undefined {
  const [, YYYY, MM, DD, hh, mm, ss] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(time) ?? [];
  const parts: Readonly<Record<string, string | undefined>> = { YYYY, MM, DD, hh, mm, ss };
  const names = format.match(/([A-Za-z])\1*/g) ?? [];
  if (YYYY === undefined || format.includes("'") || names.some((name) => !Object.hasOwn(parts, name))) return undefined;
  return format.replace(/([A-Za-z])\1*/g, (name) => parts[name] as string);
}

function trimmed(text: string, cut: string): string {
  const characters = [...text];
  while (characters.length > 0 && cut.includes(characters[0] as string)) characters.shift();
  while (characters.length > 0 && cut.includes(characters.at(-1) as string)) characters.pop();
  return characters.join('');
}
