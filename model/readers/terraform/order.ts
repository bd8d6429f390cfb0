import { number } from './attributes';
import type { Resource } from './resources';

/** In which order Terraform applies resources, and so in which order Keycloak has the executions of a flow. */
export class Order {
  private readonly byAddress: ReadonlyMap<string, Resource>;
  private readonly before = new Map<Resource, ReadonlySet<Resource>>();

  constructor(resources: readonly Resource[]) {
    this.byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  }

  of(children: readonly Resource[]): { ordered: Resource[]; orderUnknown?: string } {
    const priorities = children.map((child) => number(child, 'priority'));
    const numbers = priorities.filter((priority): priority is number => typeof priority === 'number' && priority !== 0);
    if (numbers.length === children.length && new Set(numbers).size === numbers.length) {
      const byPriority = (a: Resource, b: Resource) =>
        (number(a, 'priority') as number) - (number(b, 'priority') as number);
      return { ordered: [...children].sort(byPriority) };
    }
    const ordered = [...children].sort((a, b) => this.depth(a) - this.depth(b));
    const chained = ordered.every(
      (child, index) => index === 0 || this.allBefore(child).has(ordered[index - 1] as Resource),
    );
    return chained
      ? { ordered }
      : { ordered, orderUnknown: 'neither priorities nor dependencies order its executions' };
  }

  private depth(resource: Resource): number {
    return this.allBefore(resource).size;
  }

  /** All that Terraform applies before a resource, directly or through others. */
  allBefore(resource: Resource): ReadonlySet<Resource> {
    const known = this.before.get(resource);
    if (known) return known;
    const found = new Set<Resource>([resource]);
    // A set goes on over what is added while it is walked.
    for (const each of found) {
      for (const address of each.after) {
        const other = this.byAddress.get(address);
        if (other) found.add(other);
      }
    }
    found.delete(resource);
    this.before.set(resource, found);
    return found;
  }
}
