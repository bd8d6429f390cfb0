import { isObject, type Obj } from '../protocol/values';
import type { Field } from './table';

/**
 * Attributes of Keycloak that have no argument of their own. Only the keys that the configuration names are read back;
 * one that it no longer names is sent as "", which is how Keycloak removes it.
 */
export const extraConfig: Field = {
  write: (_value, representation, change) => {
    const removed = Object.keys((change.prior?.extra_config ?? {}) as Obj).map((key) => [key, '']);
    const own = representation.attributes as object | undefined;
    representation.attributes = { ...Object.fromEntries(removed), ...change.map('extra_config'), ...own };
  },
  read: (representation, change) => {
    const attributes = (representation.attributes ?? {}) as Record<string, string>;
    const managed = Object.keys(change.map('extra_config')).filter((key) => attributes[key]);
    return Object.fromEntries(managed.map((key) => [key, attributes[key] as string]));
  },
};

/** Refuses keys in `extra_config` that an argument of the resource already sets. */
export function refuseKeys(keys: readonly string[]): (config: Obj) => string | undefined {
  return ({ extra_config }) => {
    const used = isObject(extra_config) ? keys.filter((key) => key in extra_config) : [];
    return used.length === 0
      ? undefined
      : `extra_config cannot set ${used.join(', ')}: the resource has an argument for it`;
  };
}
