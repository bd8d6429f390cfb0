import { BUILT_IN_COMPOSITES, builtInRoles, DEFAULT_ROLES, defaultRoleName } from '../../keycloak/built-in-realm';
import { expandRoles } from '../../keycloak/roles';
import { isUnknown, type Known, type UnknownPart } from '../../realm-model';
import { text, textOf, texts } from './attributes';
import { isReference, type Value } from './expression';
import type { Names } from './names';
import type { Resource } from './resources';

const CLIENTS = ['keycloak_openid_client', 'keycloak_saml_client'];

/** The roles of one realm, by the names that conditions use. */
export class Roles {
  private readonly composites = new Map(BUILT_IN_COMPOSITES);

  constructor(
    private readonly resources: readonly Resource[],
    private readonly names: Names,
    private readonly realm: Known<string>,
    private readonly unknowns: UnknownPart[],
  ) {
    for (const role of this.all()) {
      const name = this.nameOf(role);
      const held = role.values.composite_roles;
      if (typeof name === 'string' && Array.isArray(held)) {
        this.composites.set(
          name,
          held.map((id) => this.named(id)).filter((each): each is string => typeof each === 'string'),
        );
      }
    }
  }

  /** All that exist, as far as this source says. */
  listed(): string[] {
    const own = this.all().flatMap((role) => {
      const name = this.nameOf(role);
      if (typeof name === 'string') return [name];
      this.unknowns.push({ address: role.address, unknown: name.unknown });
      return [];
    });
    const ofRealm = isUnknown(this.realm) ? [] : [defaultRoleName(this.realm)];
    return [...builtInRoles(), ...ofRealm, ...own];
  }

  /** A role's name by its id. */
  named(id: Value | undefined): Known<string> {
    const role = this.names.refersTo(id, 'keycloak_role');
    if (role) return this.nameOf(role);
    if (isUnknown(id)) return id;
    return { unknown: `the role ${isReference(id) ? id.reference : id} is not in this source` };
  }

  /** Names of the roles of a client itself. */
  ofClient(client: Resource): string[] {
    return this.all()
      .filter(({ values }) => this.names.refersTo(values.client_id, client.type) === client)
      .flatMap((role) => {
        const name = text(role, 'name');
        return typeof name === 'string' ? [name] : [];
      });
  }

  /** What a client or a client scope is mapped to, with all that it holds; undefined where nothing is. */
  mappedTo(is: (mapping: Resource) => boolean): Known<readonly string[]> | undefined {
    const mappings = this.resources.filter(
      ({ type, managed }) => managed && /^keycloak_generic_(client_)?role_mapper$/.test(type),
    );
    const roles = mappings.filter(is).map(({ values }) => this.named(values.role_id));
    const unknown = roles.find(isUnknown);
    if (unknown) return unknown;
    return roles.length === 0 ? undefined : this.expand(roles as string[]);
  }

  /** What every new account has. */
  ofNewAccounts(managed: boolean): Known<readonly string[]> {
    const [resource] = this.resources.filter(({ type }) => type === 'keycloak_default_roles');
    if (!resource && !managed) return { unknown: 'the default roles of the realm are not in this source' };
    const listed = resource ? texts(resource, 'default_roles') : DEFAULT_ROLES;
    if (isUnknown(listed)) return listed;
    if (isUnknown(this.realm)) return this.realm;
    // The provider writes a client's role as client/role.
    return this.expand([defaultRoleName(this.realm), ...(listed ?? []).map((role) => role.replace('/', '.'))]);
  }

  expand(roles: Iterable<string>): string[] {
    return expandRoles(roles, this.composites);
  }

  private all(): Resource[] {
    return this.resources.filter(({ type, managed }) => managed && type === 'keycloak_role');
  }

  private nameOf(role: Resource): Known<string> {
    const name = text(role, 'name') ?? { unknown: `${role.address} has no name` };
    const client = role.values.client_id;
    if (isUnknown(name) || client === undefined || client === null || client === '') return name;
    if (isUnknown(client)) return client;
    const owner = this.names.refersTo(client, ...CLIENTS);
    const clientId = owner ? text(owner, 'client_id') : undefined;
    if (typeof clientId === 'string') return `${clientId}.${name}`;
    return clientId ?? { unknown: `the client of ${textOf(name, '') as string} is not in this source` };
  }
}
