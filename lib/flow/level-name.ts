import type { AssuranceLevel } from '../assurance/assurance-level';

/** The name of the subflow that grants a level. */
export function levelName({ loa, acr }: AssuranceLevel): string {
  return `level-${loa}.${inAlias(acr)}`;
}

/** A name as part of an alias. */
export function inAlias(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '-');
}
