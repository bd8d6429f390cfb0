import { isUnknown, type Known } from '../../model/realm-model';
import { generationless } from './names';

/** Something of a realm that is not as its stack declares it. */
export interface Difference {
  /** Where it is in the realm: `client shop`, `flow browser > forms > gold`. */
  readonly path: string;
  /** Where the stack declares it, if it does. */
  readonly address?: string;
  /** What is there, and what should be. */
  readonly what: string;
  /** How to mend it. */
  readonly mend: string;
}

/** Where something is, and how it is mended. */
export interface Place {
  readonly path: string;
  readonly address?: string;
  readonly mend: string;
}

/** What Terraform holds: its plan shows the difference. */
export const APPLY = 'terraform apply';

/** What was found in one realm. */
export class Comparison {
  readonly differences: Difference[] = [];
  /** What could not be compared, with why. */
  readonly open: string[] = [];

  differs({ path, address, mend }: Place, what: string): void {
    this.differences.push({ path, ...(address !== undefined && { address }), what, mend });
  }

  /** Compares one setting. Lists of names are compared as sets, names of flows without their generation. */
  same(place: Place, name: string, live: Known<unknown>, declared: Known<unknown>): void {
    const unknown = [declared, live].find(isUnknown);
    if (unknown) {
      this.open.push(`${place.path}: ${name}: ${unknown.unknown}`);
      return;
    }
    if (text(live) === text(declared)) return;
    const wanted = shown(declared) === UNSET ? 'which the stack does not set' : `not ${shown(declared)}`;
    this.differs(
      place,
      shown(live) === UNSET ? `${name} is not set to ${shown(declared)}` : `${name} is ${shown(live)}, ${wanted}`,
    );
  }

  /** Compares settings of one name each. */
  sameAll<T extends object>(place: Place, live: T, declared: T, keys: readonly (keyof T & string)[]): void {
    for (const key of keys) this.same(place, words(key), live[key] as Known<unknown>, declared[key] as Known<unknown>);
  }
}

/** Equal texts are equal settings: what is empty, false or left out is the same to Keycloak. */
function text(value: unknown): string {
  if (value === undefined || value === null || value === false || value === 'false' || value === '') return '';
  if (Array.isArray(value)) return value.map(text).sort().join('\n');
  if (typeof value !== 'object') return generationless(String(value));
  const entries = Object.entries(value).map(([key, each]) => [key, text(each)]);
  return JSON.stringify(entries.filter(([, each]) => each !== '').sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

const UNSET = 'not set';

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return UNSET;
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : [...value].map(String).sort().join(', ');
  return typeof value === 'string' ? `"${generationless(value)}"` : JSON.stringify(value);
}

/** `directGrant` as people write it. */
function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
