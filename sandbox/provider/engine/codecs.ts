import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../protocol/diagnostics';
import { isObject, type Value } from '../protocol/values';

/** Between Terraform's value and Keycloak's. `encode` answers undefined for "not sent". */
export interface Codec {
  encode: (value: Value) => unknown;
  decode: (raw: unknown) => Value;
}

const UNITS: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Seconds of a duration such as `1h30m`, as the provider writes time spans. */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (text !== '0' && (parts.length === 0 || parts.map(([part]) => part).join('') !== text)) {
    throw new UserError(`"${text}" is no duration: write it as 90s, 15m or 1h30m`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit as string] as number), 0);
}

/** A duration as the provider shows it: 5400 is `1h30m0s`. */
export function formatDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0) return `${hours}h${minutes}m${seconds % 60}s`;
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}

/** A duration in Terraform, whole seconds in Keycloak; an unset one and zero are not sent. */
export const seconds: Codec = {
  encode: (value) => (value ? Math.floor(parseDuration(String(value))) || undefined : undefined),
  decode: (raw) => formatDuration(Number(raw ?? 0)),
};

/** True where two durations are the same span. */
export function sameDuration(a: Value, b: Value): boolean {
  return Boolean(a) && Boolean(b) && parseDuration(String(a)) === parseDuration(String(b));
}

/** A boolean that Keycloak keeps as the text "true" or "false". */
export const quotedFlag: Codec = {
  encode: (value) => String(value === true),
  decode: (raw) => raw === true || raw === 'true',
};

/** A number that Keycloak keeps as text, in which zero is "not set". */
export const quotedNumber: Codec = {
  encode: (value) => (value ? String(value) : ''),
  decode: (raw) => (raw === undefined || raw === null || raw === '' ? null : Number(raw)),
};

/** A list that Keycloak keeps as one text joined by `##`; an empty one is sent as null. */
export const hashed: Codec = {
  encode: (value) => (Array.isArray(value) && value.length > 0 ? value.join('##') : null),
  decode: (raw) => (typeof raw === 'string' && raw !== '' ? raw.split('##') : []),
};

/** A map whose every value is a list in Keycloak, joined in Terraform by a separator. */
export const multivalued = (separator: string): Codec => ({
  encode: (value) => mapEntries(value, (text) => String(text).split(separator)),
  decode: (raw) => mapEntries(raw, (list) => (Array.isArray(list) ? list.join(separator) : String(list))) as Value,
});

/** True where two maps differ only in the order of the values that a separator joins. */
export const sameUnordered =
  (separator: string) =>
  (a: Value, b: Value): boolean => {
    const sorted = (value: Value) => mapEntries(value, (text) => String(text).split(separator).sort().join(separator));
    return isDeepStrictEqual(sorted(a), sorted(b));
  };

/** A map of texts in Terraform, some of which are JSON objects or lists in Keycloak. */
export const embeddedJson = (opening: string): Codec => ({
  encode: (value) =>
    mapEntries(value, (text) =>
      typeof text === 'string' && text !== '' && opening.includes(text.charAt(0)) ? JSON.parse(text) : text,
    ),
  decode: (raw) =>
    mapEntries(raw, (item) =>
      typeof item === 'object' && item !== null ? JSON.stringify(item) : String(item),
    ) as Value,
});

/** A list of objects in Keycloak of which Terraform keeps one property. */
export const listOf = (property: string): Codec => ({
  encode: (value) => (Array.isArray(value) ? value.map((item) => ({ [property]: item })) : []),
  decode: (raw) =>
    Array.isArray(raw) ? raw.map((item) => (item as Record<string, Value>)[property] ?? null) : ([] as Value),
});

function mapEntries(value: unknown, convert: (item: unknown) => unknown): Record<string, unknown> {
  if (!isObject(value as Value)) return {};
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, convert(item)]));
}
