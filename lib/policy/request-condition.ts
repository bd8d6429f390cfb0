import { Fn, type ITerraformDependable } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { AssuranceLevel } from '../assurance/assurance-level';
import type { StepUpClientScope } from '../client/step-up-client-scope';
import { type ClientRole, insistOnRoleOf } from '../realm/own-role';
import type { StepUpRealm } from '../realm/step-up-realm';
import { insist } from '../support/configuration-error';

/** A condition of a client policy with its configuration; Keycloak takes a misspelt key and ignores the condition. */
export type PolicyCondition =
  | { readonly name: 'acr-condition'; readonly configuration: { readonly 'acr-property': string } }
  | {
      readonly name: 'client-scopes';
      /** `scopes` is a JSON array. */
      readonly configuration: { readonly scopes: string; readonly type: 'Any' | 'Optional' | 'Default' };
    }
  | {
      readonly name: 'client-roles';
      /** `roles` is a JSON array. */
      readonly configuration: { readonly roles: string };
    }
  | { readonly name: 'any-client'; readonly configuration: Readonly<Record<string, never>> };

/** Something about an authorization request that a client policy looks at. Made by {@link WhenRequest}. */
export interface RequestCondition {
  readonly condition: PolicyCondition;
  /** What must exist before a policy may look at it. */
  readonly dependsOn: readonly ITerraformDependable[];
  /** Throws a ConfigurationError at `policy` unless what it looks at is of the realm. */
  insistOnRealm(policy: IConstruct, realm: StepUpRealm): void;
  /**
   * What to write so that requests which it matches prove the level in the ordinary flow too, unless they do already.
   * Keycloak forgets a policy when a login is begun anew.
   */
  lacking(realm: StepUpRealm, level: AssuranceLevel): string | undefined;
}

/**
 * What a `StepUpPolicy` can look at. Source: Server Administration Guide, "Client policies" (conditions).
 *
 * Keycloak takes a name that does not exist as one that never matches, and the request goes to the ordinary flow. So
 * levels, scopes and roles are taken as constructs, not as names.
 */
export const WhenRequest = {
  /**
   * The request asks for the level by its acr name, in `acr_values` or in the claim `acr`, essential or not, or the
   * client's default does where the request names none. A LoA number and a client's own acr name don't count.
   */
  acr(level: AssuranceLevel): RequestCondition {
    return {
      condition: { name: 'acr-condition', configuration: { 'acr-property': level.acr } },
      dependsOn: [],
      insistOnRealm: (policy, realm) => realm.insistOnOwnLevel(policy, 'when acr', level),
      // The token tells the level that was proved, in whatever flow.
      lacking: () => undefined,
    };
  },

  /** The request asks for one of these scopes, or one of them is a default scope of the client. */
  scopes(...scopes: readonly [StepUpClientScope, ...StepUpClientScope[]]): RequestCondition {
    return {
      condition: {
        name: 'client-scopes',
        configuration: { scopes: Fn.jsonencode(scopes.map(({ resource }) => resource.name)), type: 'Any' },
      },
      dependsOn: scopes.map(({ resource }) => resource),
      insistOnRealm: (policy, realm) => {
        for (const scope of scopes) {
          insist(policy, scope.realm === realm, () => ({
            value: `when scope "${scope.name}" of ${scope.realm.node.path}`,
            why: `the policy is of ${realm.node.path}, where a scope that is not there never matches`,
            instead: 'Use a StepUpClientScope of the same realm',
          }));
        }
      },
      lacking: (_realm, { acr, loa }) => {
        const open = scopes.find(({ requires }) => requires === undefined || requires.loa < loa);
        return open && `Let scope "${open.name}" require "${acr}", and list it in the scopes of the flow`;
      },
    };
  },

  /**
   * The request is of a client that has one of these roles, whoever logs in. This is how the requests of one client are
   * pointed to a flow: the role marks the client.
   */
  clientRoles(...roles: readonly [ClientRole, ...ClientRole[]]): RequestCondition {
    return {
      condition: {
        name: 'client-roles',
        configuration: { roles: Fn.jsonencode(roles.map(({ role }) => role.name)) },
      },
      dependsOn: roles.flatMap(({ client, role }) => [client.resource, role]),
      insistOnRealm: (policy, realm) => {
        for (const one of roles) insistOnRoleOf(policy, realm, one);
      },
      lacking: (realm, level) => {
        const open = roles.find(({ client }) => {
          const raised = client.minimumLevel !== undefined && client.minimumLevel.loa >= level.loa;
          return !raised && !(client.browserFlow ?? realm.browserFlow)?.alwaysProves(level);
        });
        return open && `Give client "${open.client.clientId}" the minimumLevel "${level.acr}"`;
      },
    };
  },

  /** Every request of every client of the realm, the account console included. */
  anyClient(): RequestCondition {
    return {
      condition: { name: 'any-client', configuration: {} },
      dependsOn: [],
      insistOnRealm: () => {},
      lacking: (realm, level) =>
        realm.alwaysProves(level)
          ? undefined
          : `Give the StepUpFlow that is bound, and each client's own, a rule without conditions that requires "${level.acr}"`,
    };
  },
} as const;
