import type { Role } from '@cdktf/provider-keycloak/lib/role';
import type { ITerraformDependable } from 'cdktf';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { type Factor, singleFactors } from '../assurance/factor';
import type { StepUpClientScope } from '../client/step-up-client-scope';
import { type ClientRole, insistOnRealmRole, insistOnRoleOf } from '../realm/own-role';
import type { StepUpRealm } from '../realm/step-up-realm';
import { describe, insist } from '../support/configuration-error';
import type { AuthenticationFlow } from './authentication-flow';
import { aliasOf, condition, type Execution, type ExecutionConfig } from './flow-node';

/** Something about a login that a rule looks at. Made by {@link When}. */
export interface LoginCondition {
  /** The condition's execution. */
  readonly execution: Execution;
  /** The condition that holds whenever `execution` doesn't, and spares a login the proof. */
  readonly opposite: Execution;
  /** What must exist before a flow may look at it: Keycloak takes an unknown scope or role as never there. */
  readonly dependsOn: readonly ITerraformDependable[];
  /** Throws a ConfigurationError at `flow` if it could never hold in a flow of the realm. @default it always could */
  insistOnSense?(flow: AuthenticationFlow, realm: StepUpRealm): void;
  /** What is wrong with it once the whole stack is known. @default nothing */
  validate?(): string[];
}

/** A `StepUpClientScope`, or anything that has the name and the resource of a client scope. */
export interface GuardedScope {
  readonly name: string;
  readonly resource: ITerraformDependable;
  /** @default not checked */
  readonly realm?: StepUpRealm;
}

/** Asks for the proof of a level whenever all its conditions hold, whatever acr is requested. */
export interface StepUpRule {
  /** Name of the rule, part of aliases: begins with a letter or digit, then letters, digits and `. _ -`. */
  readonly name: string;
  /**
   * The conditions, all of which must hold.
   * @default none: always
   */
  readonly when?: readonly LoginCondition[];
  /** The level whose proof is asked for. It must be above the lowest level of the flow. */
  readonly requires: AssuranceLevel;
}

export interface UserAttribute {
  /** Name of the user attribute. */
  readonly name: string;
  /** The value that must be equal, or a Java regular expression that must match the whole value. */
  readonly value: string | RegExp;
  /** Whether attributes of the user's groups count too. @default true */
  readonly includeGroups?: boolean;
}

/**
 * What a step-up rule can look at. Source: Server Administration Guide, "Conditions in conditional flows".
 *
 * Keycloak is given the opposite of each, which spares a login the proof where it holds, and a condition on something that does not exist
 * never holds: a role or scope that is gone later asks everybody. Roles are taken as resources of the same stack, not as names, and a
 * subflow must be one of the flow's. Nothing can check the name of an attribute: misspelt, nobody has it, and `userAttribute` asks nobody.
 */
export const When = {
  /** The user has the realm role (directly or by a composite or group). */
  realmRole(role: Role): LoginCondition {
    return onRealmRole(role, true);
  },

  /** The user does not have the role, which must exist all the same. */
  noRealmRole(role: Role): LoginCondition {
    return onRealmRole(role, false);
  },

  /** The user has the role of the client (directly or by a composite or group). */
  clientRole(client: ClientRole['client'], role: Role): LoginCondition {
    return onClientRole({ client, role }, true);
  },

  /** The user does not have the role of the client, which must exist all the same. */
  noClientRole(client: ClientRole['client'], role: Role): LoginCondition {
    return onClientRole({ client, role }, false);
  },

  /** The user, or one of the user's groups, has the attribute with the value. */
  userAttribute(attribute: UserAttribute): LoginCondition {
    return onUserAttribute(attribute, true);
  },

  /**
   * Neither the user nor one of the user's groups has the attribute with the value; they need not have it at all, so a
   * misspelt name asks everybody. Users who can edit the attribute themselves can end what asks them.
   */
  noUserAttribute(attribute: UserAttribute): LoginCondition {
    return onUserAttribute(attribute, false);
  },

  /** The client scope is in the request, or is a default of the client. */
  clientScope(scope: GuardedScope): LoginCondition {
    return onClientScope(scope, true);
  },

  /**
   * The client scope is not a default of the client: it marks the clients that need no proof. A scope that a client may ask
   * for is refused at validation, because whoever makes the request could then add it and come past the proof.
   */
  noClientScope(scope: StepUpClientScope): LoginCondition {
    return { ...onClientScope(scope, false), validate: () => escapes(scope) };
  },

  /**
   * One of the factor's credentials was used in this login; single sign-on uses none. A password is refused in a flow where
   * a user name may come without one: Keycloak counts the user name form as it.
   */
  credentialUsed(factor: Factor): LoginCondition {
    return onCredentials(factor, true);
  },

  /** None of the factor's credentials was used in this login. */
  credentialNotUsed(factor: Factor): LoginCondition {
    return onCredentials(factor, false);
  },

  /**
   * The subflow of this name in the same flow was run to its end: `forms` of a `StepUpFlow`, which single sign-on skips, or
   * `level-<loa>.<acr>`.
   */
  subflowExecuted(name: string): LoginCondition {
    return onSubflow(name, true);
  },

  /** The subflow of this name in the same flow was not run, or did not succeed. */
  subflowNotExecuted(name: string): LoginCondition {
    return onSubflow(name, false);
  },
} as const;

/**
 * @param wanted whether what the condition looks at must be so or must not
 * @param config of the condition that holds if it is so, or if it isn't
 */
function looksAt(authenticator: string, wanted: boolean, config: (holds: boolean) => ExecutionConfig): LoginCondition {
  return {
    execution: condition(authenticator, config(wanted)),
    opposite: condition(authenticator, config(!wanted)),
    dependsOn: [],
  };
}

function onSubflow(name: string, wanted: boolean): LoginCondition {
  return looksAt('conditional-sub-flow-executed', wanted, (executed) => ({
    flow_to_check: aliasOf(name),
    check_result: executed ? 'executed' : 'not-executed',
  }));
}

function onRealmRole(role: Role, wanted: boolean): LoginCondition {
  return {
    ...looksAt('conditional-user-role', wanted, (had) => ({ condUserRole: role.name, negate: String(!had) })),
    dependsOn: [role],
    insistOnSense: (flow, realm) => insistOnRealmRole(flow, realm, role),
  };
}

function onClientRole({ client, role }: ClientRole, wanted: boolean): LoginCondition {
  const condUserRole = `${client.clientId}.${role.name}`;
  return {
    ...looksAt('conditional-user-role', wanted, (had) => ({ condUserRole, negate: String(!had) })),
    dependsOn: [client.resource, role],
    insistOnSense: (flow, realm) => insistOnRoleOf(flow, realm, { client, role }),
  };
}

function onUserAttribute({ name, value, includeGroups = true }: UserAttribute, wanted: boolean): LoginCondition {
  return {
    ...looksAt('conditional-user-attribute', wanted, (had) => ({
      attribute_name: name,
      attribute_expected_value: typeof value === 'string' ? value : value.source,
      regex: String(typeof value !== 'string'),
      include_group_attributes: String(includeGroups),
      not: String(!had),
    })),
    insistOnSense: (flow) => {
      insist(flow, name !== '', () => ({
        value: 'userAttribute name ""',
        why: `no user has an attribute without a name, so the proof would be ${wanted ? 'skipped' : 'asked of everybody'}`,
        instead: 'Name the attribute',
      }));
      insist(flow, typeof value === 'string' || value.flags === '', () => ({
        value: `userAttribute value ${value}`,
        why: 'Keycloak takes a Java regular expression without flags',
        instead: 'Leave the flags out, and write [Yy]es for /yes/i',
      }));
    },
  };
}

function onClientScope(scope: GuardedScope, wanted: boolean): LoginCondition {
  return {
    ...looksAt('conditional-client-scope', wanted, (asked) => ({ client_scope: scope.name, negate: String(!asked) })),
    dependsOn: [scope.resource],
    insistOnSense: (flow, realm) =>
      insist(flow, scope.realm === undefined || scope.realm === realm, () => ({
        value: `when scope "${scope.name}" of ${scope.realm?.node.path}`,
        why: `the flow is of ${realm.node.path}, where a condition on an unknown scope never holds, so that the proof would be asked of everybody`,
        instead: 'Use a StepUpClientScope of the same realm',
      })),
  };
}

function escapes(scope: StepUpClientScope): string[] {
  return scope.optionalFor.map((client) =>
    describe({
      value: `noClientScope "${scope.name}"`,
      why: `${client.node.path} has it among its optionalScopes, so a request that adds the scope comes past the proof`,
      instead: 'Take it out there, or make it one of the defaultScopes of clients that need no proof',
    }),
  );
}

function onCredentials(factor: Factor, included: boolean): LoginCondition {
  const credentials = [...new Set(singleFactors(factor).map(({ credentialType }) => credentialType))];
  return {
    ...looksAt('conditional-credential', included, (used) => ({
      credentials: credentials.join('##'),
      included: String(used),
    })),
    insistOnSense: (flow) =>
      insist(flow, !credentials.includes('password') || !flow.countsUserNameAsPassword, () => ({
        value: `credential${included ? 'Used' : 'NotUsed'} with ${factor.name}`,
        why: 'Keycloak counts the user name form as the credential "password", so in this flow it says nothing about a password',
        instead:
          'Look at what was used beside it, for example When.credentialUsed(Factor.usernameThenPasskey()), or at a subflow',
      })),
  };
}
