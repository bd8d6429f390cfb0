/** A value that Terraform does not know yet: it appears in a plan and is replaced at apply. */
export class Unknown {}

export const UNKNOWN = new Unknown();

/** A Terraform value in plain JavaScript: objects and maps are records, lists and sets are arrays. */
export type Value = null | string | number | boolean | Unknown | Value[] | { [key: string]: Value };

export type Obj = { [key: string]: Value };

export function isObject(value: Value | undefined): value is Obj {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

/** True where the value, or anything inside it, is not known yet. */
export function hasUnknown(value: Value): boolean {
  if (value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** The value with every unknown part replaced by null. */
export function withoutUnknown(value: Value): Value {
  if (value instanceof Unknown) return null;
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withoutUnknown(v)]));
  return value;
}
