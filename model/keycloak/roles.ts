/**
 * Roles with all that they hold, as Keycloak gives a user each role of a composite one.
 *
 * Source: `RoleUtils.expandCompositeRoles`.
 */
export function expandRoles(
  roles: Iterable<string>,
  composites: { get(role: string): readonly string[] | undefined },
): string[] {
  const found = new Set<string>(roles);
  // A set goes on over what is added while it is walked.
  for (const role of found) for (const held of composites.get(role) ?? []) found.add(held);
  return [...found];
}
