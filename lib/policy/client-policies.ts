import { RealmClientPolicyProfile } from '@cdktf/provider-keycloak/lib/realm-client-policy-profile';
import { RealmClientPolicyProfilePolicy } from '@cdktf/provider-keycloak/lib/realm-client-policy-profile-policy';
import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { contentHash } from '../flow/content-hash';
import type { StepUpRealm } from '../realm/step-up-realm';
import { resolved } from '../support/resolved';
import type { PolicyCondition } from './request-condition';

/** An executor of a client profile with its configuration; Keycloak takes a misspelt key and the executor does nothing. */
export type PolicyExecutor =
  | {
      readonly name: 'auth-flow-enforcer';
      /** `auth-flow-loa` is a whole number. */
      readonly configuration: { readonly 'auth-flow-alias': string; readonly 'auth-flow-loa': string };
    }
  | { readonly name: 'reject-ropc-grant'; readonly configuration: { readonly 'auto-configure': 'true' | 'false' } };

/** One client profile with the client policy that applies it. */
export interface PolicyDefinition {
  /** Unique in the realm. */
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  /** Where it stands among the realm's policies: those of a higher rank come later, and the last that matches wins. */
  readonly rank: number;
  readonly executor: PolicyExecutor;
  /** All must hold. */
  readonly conditions: readonly PolicyCondition[];
  /** What must exist before the policy: the whole flow that it enforces, what its conditions look at. */
  readonly dependsOn: readonly ITerraformDependable[];
}

interface Entry {
  readonly definition: PolicyDefinition;
  readonly profile: RealmClientPolicyProfile;
  readonly policy: RealmClientPolicyProfilePolicy;
}

/** A change makes a second set of policies behind the one in use, where it wins; then the old set goes. */
const REPLACE_BY_NEW = { createBeforeDestroy: true };

/**
 * The client policies of a realm, in the order in which Keycloak has to apply them.
 *
 * Keycloak keeps all policies of a realm in one list, where the last that matches wins and a new one comes last; and the
 * provider rewrites that list for each of them, reading it first. So one is made after the other: two at once could lose
 * one. The names carry a hash of the whole set: whenever anything changes, a new set is made in the right order behind
 * the old one, which goes when the new one is whole. The set ends with a policy that is always there, so that no
 * removal can overlap the making of what comes after it.
 */
export class ClientPolicies extends Construct {
  private readonly entries: Entry[] = [];

  constructor(private readonly realm: StepUpRealm) {
    super(realm, 'ClientPolicies');
  }

  /** Adds a policy at the place of its rank; behind those of the same rank. */
  add(definition: PolicyDefinition): void {
    const { name, description, enabled, executor, conditions } = definition;
    const scope = new Construct(this, name);
    const place = { realmId: this.realm.realmId, name, description, lifecycle: REPLACE_BY_NEW };
    const profile = new RealmClientPolicyProfile(scope, 'Profile', { ...place, executor: [executor] });
    const policy = new RealmClientPolicyProfilePolicy(scope, 'Policy', {
      ...place,
      enabled,
      condition: [...conditions],
      profiles: [profile.name],
    });
    this.realm.beforeBindings(policy);
    this.entries.push({ definition, profile, policy });
    this.chain();
  }

  private chain(): void {
    const ordered = [...this.entries].sort((a, b) => a.definition.rank - b.definition.rank);
    const hash = contentHash(
      resolved(
        this,
        ordered.map(({ definition: { dependsOn, ...content } }) => content),
      ),
    );
    ordered.forEach(({ definition, profile, policy }, index) => {
      const before = ordered[index - 1];
      const name = `${definition.name}-${hash}`;
      profile.name = name;
      policy.name = name;
      profile.dependsOn = (before ? [before.profile] : []).map(dependable);
      policy.dependsOn = [...definition.dependsOn, ...(before ? [before.policy] : [])].map(dependable);
    });
  }
}
