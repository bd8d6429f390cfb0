import { OpenidClientAuthorizationPermission } from '@cdktf/provider-keycloak/lib/openid-client-authorization-permission';
import { OpenidClientAuthorizationResource } from '@cdktf/provider-keycloak/lib/openid-client-authorization-resource';
import { OpenidClientAuthorizationScope } from '@cdktf/provider-keycloak/lib/openid-client-authorization-scope';
import { Construct } from 'constructs';
import type { StepUpClient } from '../client/step-up-client';
import { providerLineOf } from '../provider-line/provider-line';
import { insist } from '../support/configuration-error';
import { AccessPolicies } from './access-policies';
import type { AccessRule } from './access-rule';
import { insistOnPath } from './protected-path';

/** A method of HTTP, which is the name of the scope in Keycloak (`http-method-as-scope` of its policy enforcers). */
export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] satisfies HttpMethod[];

/** Some paths and what requests for them need. */
export interface ProtectedResource {
  /** Name, unique among the resources of the client. */
  readonly name: string;
  /**
   * The paths: exact (`/orders`), with a part that differs (`/orders/{id}`), all below and the path itself (`/orders/*`), or
   * by extension (`/*.pdf`). An exact path beats a pattern, and a longer pattern a shorter one.
   */
  readonly paths: readonly string[];
  /**
   * What each request needs. Without {@link methods} it is for all of them.
   * @default nothing besides what its method needs
   */
  readonly requires?: AccessRule;
  /**
   * What requests of a method need besides {@link requires}; `'nothing-more'` for nothing. Other methods are refused.
   * @default methods are not told apart
   */
  readonly methods?: Readonly<Partial<Record<HttpMethod, AccessRule | 'nothing-more'>>>;
}

export interface ResourceProtectionProps {
  /** The client that the resources are of: confidential. Its service account is enabled. */
  readonly client: StepUpClient;
  /** The resources; what is in none of them is refused. */
  readonly resources: readonly ProtectedResource[];
  /**
   * What Keycloak answers of resources that no permission is about. PERMISSIVE grants them.
   * @default 'ENFORCING'
   */
  readonly policyEnforcementMode?: 'ENFORCING' | 'PERMISSIVE';
  /**
   * How several permissions about one resource add up. With AFFIRMATIVE the laxest decides. It is about permissions that
   * are made besides this construct's, which makes one for each method of a resource.
   * @default 'UNANIMOUS'
   */
  readonly decisionStrategy?: 'UNANIMOUS' | 'AFFIRMATIVE';
}

/**
 * Paths and methods of a resource server, and the level of assurance, roles, groups, claims or times that they need.
 *
 * Makes in Keycloak the client's Authorization Services: for each resource its paths (URIs) and methods (scopes), the
 * policies, and one permission that needs all of them to grant. Applications ask for a requesting party token (RPT) with
 * their access token; the resource server reads the RPT's permissions. Its own acr is no sign of anything: Keycloak
 * looks at that of the access token.
 *
 * Policies see the acr of the token, not how old its proof is, and can't tell addresses: the resource server's helper does
 * both. Needs the provider keycloak/keycloak, the other one has no policies on claims.
 *
 * Source: Authorization Services Guide, "Managing resources and scopes", "Managing policies" and "Managing permissions".
 *
 * @throws ConfigurationError with the provider mrparkers/keycloak, on a client that is public or protected already, names or
 * paths that are none or used twice, a resource that needs nothing, levels, roles of another realm, and on rules about the
 * client's address
 */
export class ResourceProtection extends Construct {
  private readonly policies: AccessPolicies;
  private readonly scopes = new Map<string, OpenidClientAuthorizationScope>();
  private readonly place: { readonly realmId: string; readonly resourceServerId: string };

  constructor(scope: Construct, id: string, props: ResourceProtectionProps) {
    super(scope, id);
    insist(this, providerLineOf(this).hasClaimPolicies, () => ({
      value: `ResourceProtection of client "${props.client.clientId}"`,
      why: 'the provider mrparkers/keycloak 4.4 has no policies on claims, by which Keycloak tells the level of a token',
      instead:
        "Check levels in the resource server (protect of keycloak-step-up/resource-server), or make the stack's KeycloakProvider with source keycloak/keycloak",
    }));
    const { client, resources, policyEnforcementMode = 'ENFORCING', decisionStrategy = 'UNANIMOUS' } = props;
    this.checkResources(resources);
    client.enableAuthorization({
      policyEnforcementMode,
      decisionStrategy,
      allowRemoteResourceManagement: false,
      keepDefaults: false,
    });
    // The id of a resource server is its client's. The attribute of that name is empty in the plan that makes a client one.
    this.place = { realmId: client.realm.realmId, resourceServerId: client.resource.id };
    this.policies = new AccessPolicies(this, client);
    resources.forEach((resource, index) => {
      this.protect(new Construct(this, `${index + 1}`), resource);
    });
  }

  private protect(scope: Construct, { name, paths, requires, methods }: ProtectedResource): void {
    const perMethod = Object.entries(methods ?? {}) as [HttpMethod, AccessRule | 'nothing-more'][];
    const resource = new OpenidClientAuthorizationResource(scope, 'Resource', {
      ...this.place,
      name,
      displayName: name,
      uris: [...paths],
      scopes: perMethod.map(([method]) => this.scopeOf(method).name),
    });
    const common = requires === undefined ? [] : [requires];
    // Keycloak weighs a permission of the resource against those of its methods; one for each method needs no weighing.
    for (const [method, rule] of perMethod) {
      new OpenidClientAuthorizationPermission(scope, method, {
        ...this.place,
        name: `${name} ${method}`,
        type: 'scope',
        decisionStrategy: 'UNANIMOUS',
        resources: [resource.id],
        scopes: [this.scopeOf(method).id],
        policies: this.policies.allOf(rule === 'nothing-more' ? common : [...common, rule]),
      });
    }
    if (perMethod.length > 0) return;
    new OpenidClientAuthorizationPermission(scope, 'Permission', {
      ...this.place,
      name,
      type: 'resource',
      decisionStrategy: 'UNANIMOUS',
      resources: [resource.id],
      policies: this.policies.allOf(common),
    });
  }

  private scopeOf(method: HttpMethod): OpenidClientAuthorizationScope {
    const known = this.scopes.get(method);
    if (known) return known;
    const made = new OpenidClientAuthorizationScope(this, method, { ...this.place, name: method });
    this.scopes.set(method, made);
    return made;
  }

  private checkResources(resources: readonly ProtectedResource[]): void {
    insist(this, resources?.length > 0, () => ({
      value: 'resources []',
      why: 'Keycloak would refuse every request',
      instead: 'Give at least one',
    }));
    const users = new Map<string, string>();
    for (const { name, paths, requires, methods = {} } of resources) {
      const once = (kind: string, value: string) => {
        const other = users.get(`${kind} ${value}`);
        insist(this, other === undefined, () => ({
          value: `${kind} ${JSON.stringify(value)} of resource "${name}"`,
          why: `resource "${other}" has it, and Keycloak would pick either`,
          instead: `Use each ${kind} once`,
        }));
        users.set(`${kind} ${value}`, name);
      };
      insist(this, typeof name === 'string' && name.trim() !== '', () => ({
        value: `resource name ${JSON.stringify(name)}`,
        why: 'permissions are shown by it',
        instead: 'Write for example "orders"',
      }));
      once('name', name);
      insist(this, paths?.length > 0, () => ({
        value: `paths [] of resource "${name}"`,
        why: 'no request would be for it',
        instead: 'Write for example ["/orders", "/orders/*"]',
      }));
      for (const path of paths) {
        insistOnPath(this, name, path);
        // Keycloak compares exact paths without regard to case.
        once('path', path.toLowerCase());
      }
      this.checkNeeds(name, requires, methods);
    }
  }

  private checkNeeds(name: string, requires: ProtectedResource['requires'], methods: object): void {
    for (const method of Object.keys(methods)) {
      insist(this, METHODS.includes(method), () => ({
        value: `method ${JSON.stringify(method)} of resource "${name}"`,
        why: 'it is no method of HTTP in capital letters',
        instead: `Write one of ${METHODS.join(', ')}`,
      }));
    }
    const needsOfMethods = Object.values(methods);
    const open = needsOfMethods.length === 0 || needsOfMethods.includes('nothing-more');
    insist(this, requires !== undefined || !open, () => ({
      value: `resource "${name}"`,
      why: 'it, or a method of it, needs nothing, and Keycloak grants no permission without a policy',
      instead: 'Say what it requires, if only the lowest level',
    }));
  }
}
