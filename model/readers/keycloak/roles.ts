import { BUILT_IN_COMPOSITES, builtInRoles, DEFAULT_ROLES, defaultRoleName } from '../../keycloak/built-in-realm';
import { expandRoles } from '../../keycloak/roles';
import type { Known } from '../../realm-model';
import type { RealmRepresentation, RoleRepresentation, ScopeMappingRepresentation } from './representation';

/** The roles of a representation, by the names that conditions use. */
export class Roles {
  private readonly composites = new Map<string, readonly string[]>();
  private readonly listed: readonly string[];

  /** @param imported whether Keycloak makes its own roles beside those of the representation */
  constructor(
    private readonly realm: RealmRepresentation,
    private readonly imported: boolean,
  ) {
    if (imported) for (const [role, held] of BUILT_IN_COMPOSITES) this.composites.set(role, held);
    const ofRealm = realm.roles?.realm ?? [];
    const ofClients = Object.entries(realm.roles?.client ?? {}).flatMap(([client, roles]) =>
      roles.map((role) => ({ ...role, name: `${client}.${role.name}` })),
    );
    for (const role of [...ofRealm, ...ofClients]) {
      if (role.name !== undefined && role.composites) this.composites.set(role.name, compositesOf(role));
    }
    this.listed = [...namesOf(ofRealm), ...namesOf(ofClients)];
  }

  all(): string[] {
    if (!this.imported) return [...this.listed];
    return [...new Set([...this.listed, ...builtInRoles(), this.defaultRole()])];
  }

  /** What every new account has. */
  ofNewAccounts(): Known<readonly string[]> {
    if (!this.imported && !this.realm.roles) return { unknown: 'the representation has no roles' };
    const role = this.defaultRole();
    if (this.realm.defaultRole || !this.imported) return this.expand([role]);
    // An import file that names no default role gets one of Keycloak's own, and its older lists are put into that.
    const ofClients = (this.realm.clients ?? []).flatMap(({ clientId, defaultRoles = [] }) =>
      defaultRoles.map((name) => `${clientId}.${name}`),
    );
    return this.expand([role, ...DEFAULT_ROLES, ...(this.realm.defaultRoles ?? []), ...ofClients]);
  }

  /** Roles that a client or a client scope is mapped to, with all that they hold. */
  mappedTo(is: (mapping: ScopeMappingRepresentation) => boolean): string[] {
    const ofRealm = (this.realm.scopeMappings ?? []).filter(is).flatMap(({ roles = [] }) => roles);
    const ofClients = Object.entries(this.realm.clientScopeMappings ?? {}).flatMap(([client, mappings]) =>
      mappings.filter(is).flatMap(({ roles = [] }) => roles.map((role) => `${client}.${role}`)),
    );
    return this.expand([...ofRealm, ...ofClients]);
  }

  expand(roles: Iterable<string>): string[] {
    return expandRoles(roles, this.composites);
  }

  /** `RealmManager.determineDefaultRoleName`: a role of that name in an import file is an ordinary one. */
  private defaultRole(): string {
    const name = defaultRoleName(this.realm.realm ?? '');
    if (this.realm.defaultRole?.name !== undefined) return this.realm.defaultRole.name;
    if (!this.imported || !this.listed.includes(name)) return name;
    let count = 1;
    while (this.listed.includes(`${name}-${count}`)) count++;
    return `${name}-${count}`;
  }
}

function compositesOf({ composites }: RoleRepresentation): string[] {
  const ofClients = Object.entries(composites?.client ?? {}).flatMap(([client, roles]) =>
    roles.map((role) => `${client}.${role}`),
  );
  return [...(composites?.realm ?? []), ...ofClients];
}

export function namesOf(roles: readonly RoleRepresentation[] | undefined): string[] {
  return (roles ?? []).flatMap(({ name }) => name ?? []);
}
