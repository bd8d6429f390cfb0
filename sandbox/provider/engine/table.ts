import type { Value } from '../protocol/values';
import type { Representation } from './api';
import type { Change } from './change';
import type { Codec } from './codecs';

/** How one attribute or nested block of a resource type meets Keycloak's representation. */
export interface Field {
  /** Where the value is in the representation. Without it the value lives in Terraform's configuration and state only. */
  at?: readonly string[];
  codec?: Codec;
  /** The value when the configuration is silent. */
  default?: Value;
  /** A change replaces the resource. */
  forceNew?: boolean;
  /** A zero value ("", 0, false, empty) is left out of the representation: Keycloak keeps what it has. */
  omitZero?: boolean;
  /** When the configuration is silent, what the server has is kept instead of cleared. */
  keepUnset?: boolean;
  /** Later changes are ignored. */
  createOnly?: boolean;
  /** A nested block that Keycloak fills when the configuration has none. */
  computed?: boolean;
  /** Only the keys that Terraform manages are read back: Keycloak adds keys of its own. */
  managedKeys?: boolean;
  /** Two values that mean the same are no change. */
  same?: (a: Value, b: Value) => boolean;
  oneOf?: readonly string[];
  conflictsWith?: readonly string[];
  requires?: readonly string[];
  /** Fields of a nested block: at `at` (an array, or one object where `single`), or without `at` in the representation itself. */
  block?: Fields;
  single?: boolean;
  /** Replaces the plain writing of the value into the representation. */
  write?: (value: Value, representation: Representation, change: Change) => void;
  /** Replaces the plain reading of the value from the representation. */
  read?: (representation: Representation, change: Change, name: string) => Value;
}

export type Fields = Record<string, Field>;

/** One resource type: what its attributes mean and which calls create, read, update and delete it. */
export interface ResourceTable {
  fields: Fields;
  /** Properties that every representation of the type carries. */
  constants?: Representation;
  /** Formats of an import id, such as `{realm_id}/{id}` (`{name?}` may be empty); none: the type cannot be imported. */
  imports?: readonly string[];
  /** Finds the id where the import id names the object otherwise. Runs after the parts of the import id are set. */
  resolveImport?: (change: Change) => Promise<void>;
  /** Rules over several attributes, on the configuration alone; answers what is wrong. */
  validate?: (config: Record<string, Value>) => string | undefined;
  /** Attributes that become unknown when others change. */
  recompute?: (
    planned: Record<string, Value>,
    prior: Record<string, Value>,
    changed: (name: string) => boolean,
  ) => string[];
  /** Rules that need the server; throws what is wrong before anything is written. */
  check?: (change: Change) => Promise<void> | void;
  /**
   * Creates the object and answers its id. `change.created(id)` before a call keeps the object in Terraform's state, marked as
   * tainted, should that call fail: only where the official provider sets the id so early.
   */
  create: (change: Change) => Promise<string>;
  /** Answers the representation, or undefined (or Keycloak's 404) where the object is gone. */
  read: (change: Change) => Promise<Representation | undefined>;
  /** Absent where every change replaces the resource. */
  update?: (change: Change) => Promise<void>;
  delete: (change: Change) => Promise<void>;
  /** A deletion that Keycloak answers with 404 is done. */
  goneIsDeleted?: boolean;
  /** A refresh leaves the state of an object that is gone as it is, so that no plan shows it. */
  keepsGone?: boolean;
}

type Options = Omit<Field, 'at' | 'block'>;

/** An attribute that Keycloak keeps under a name, or under a path of names. */
export function at(path: string | readonly string[], options: Options = {}): Field {
  return { at: typeof path === 'string' ? [path] : path, ...options };
}

/** An attribute of configuration and state alone, such as the realm's name in a path. */
export function held(options: Options = {}): Field {
  return options;
}

/** A nested block, in the representation under `path`, or spread over the representation itself without one. */
export function block(fields: Fields, options: Options = {}, path?: string): Field {
  return { block: fields, ...(path !== undefined && { at: [path] }), ...options };
}

/** The attribute that names the realm: a move to another realm is a replacement. */
export const realmId: Field = held({ forceNew: true });
