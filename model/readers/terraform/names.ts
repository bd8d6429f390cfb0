import { isUnknown, type Known } from '../../realm-model';
import { text, textOf } from './attributes';
import { isReference, type Value } from './expression';
import type { Resource, ResourceSet } from './resources';

/** Finds what resources refer to by id. */
export class Names {
  private readonly byAddress: ReadonlyMap<string, Resource>;
  private readonly byId = new Map<string, Resource[]>();

  constructor(resources: readonly Resource[]) {
    this.byAddress = new Map(resources.map((resource) => [resource.address, resource]));
    for (const resource of resources) {
      const { id } = resource.values;
      if (typeof id !== 'string') continue;
      const known = this.byId.get(id);
      if (known) known.push(resource);
      else this.byId.set(id, [resource]);
    }
  }

  /** The realm of a resource: a key that tells realms apart, if it is known, and its name. */
  realmOf(resource: Resource): { readonly key?: string; readonly name: Known<string> } {
    // Identity providers name their realm, all else has its id.
    const id = resource.values.realm_id ?? (resource.type === 'keycloak_realm' ? undefined : resource.values.realm);
    const own = resource.type === 'keycloak_realm' ? resource : this.refersTo(id, 'keycloak_realm');
    if (own) {
      const name = text(own, 'realm') ?? { unknown: `${own.address} has no name` };
      return { key: isUnknown(name) ? own.address : name, name };
    }
    const name = textOf(id, `realm_id of ${resource.address}`) ?? { unknown: `${resource.address} names no realm` };
    return isUnknown(name) ? { name } : { key: name, name };
  }

  /** The resource of one of these types that an id stands for. */
  refersTo(id: Value | undefined, ...types: string[]): Resource | undefined {
    if (isReference(id)) return this.byAddress.get(id.reference);
    if (typeof id !== 'string') return undefined;
    return this.byId.get(id)?.find(({ type }) => types.includes(type));
  }
}

/** The resources of one realm. */
export interface RealmResources {
  readonly name: Known<string>;
  readonly set: ResourceSet;
}

/**
 * Resources by their realms. One whose realm is not known yet may be of any of them, and so is read in none.
 */
export function byRealm(set: ResourceSet, names: Names): RealmResources[] {
  const realms = new Map<string, { name: Known<string>; resources: Resource[] }>();
  const homeless: Resource[] = [];
  for (const resource of set.resources) {
    const { key, name } = names.realmOf(resource);
    if (key === undefined) homeless.push(resource);
    else realms.set(key, { name, resources: [...(realms.get(key)?.resources ?? []), resource] });
  }
  const [first] = homeless;
  if (realms.size === 0)
    return first ? [{ name: names.realmOf(first).name, set: { ...set, resources: homeless } }] : [];
  const unread = homeless.map((resource) => ({
    address: resource.address,
    type: resource.type,
    unknown: `it may be of this realm: ${(names.realmOf(resource).name as { unknown: string }).unknown}`,
  }));
  return [...realms.values()].map(({ name, resources }) => ({
    name,
    set: { ...set, resources, unread: [...set.unread, ...unread] },
  }));
}
