import { RealmUserProfile } from '@cdktf/provider-keycloak/lib/realm-user-profile';
import { TerraformStack } from 'cdktf';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { type CertificateOwner, singleFactors } from '../assurance/factor';
import { describe, type Problem } from '../support/configuration-error';
import { contentOf } from '../support/content';
import { resolved } from '../support/resolved';
import type { StepUpRealm } from './step-up-realm';

/** The part of a user profile in Terraform's JSON that says who writes what. */
interface UserProfile {
  readonly unmanaged_attribute_policy?: string;
  readonly attribute?: readonly ProfileAttribute[];
}

interface ProfileAttribute {
  readonly name: string;
  readonly permissions?: { readonly edit?: readonly string[] };
}

/** Whether a certificate of some level names its owner by user name. */
export function hasOwnersByName(levels: readonly AssuranceLevel[]): boolean {
  return owners(levels).some(({ owner }) => owner.by === 'username');
}

/**
 * Messages on levels whose certificates name their owner by something that users can write themselves: whoever has the password of an
 * account would make it the account of their own certificate.
 */
export function certificateOwnerProblems(realm: StepUpRealm): string[] {
  return owners(realm.levels)
    .flatMap(({ level, owner }) =>
      owner.by === 'username' ? nameProblems(realm, level) : attributeProblems(realm, level, owner.attribute),
    )
    .map(describe);
}

function owners(levels: readonly AssuranceLevel[]): { level: AssuranceLevel; owner: CertificateOwner }[] {
  return levels.flatMap((level) =>
    singleFactors(level.provedBy).flatMap(({ owner }) => (owner === undefined ? [] : [{ level, owner }])),
  );
}

function nameProblems(realm: StepUpRealm, { acr }: AssuranceLevel): Problem[] {
  const content = contentOf(realm.resource);
  const value = `level "${acr}", whose certificates name their owner by user name`;
  const problems: Problem[] = [];
  if (content.login_with_email_allowed !== false) {
    problems.push({
      value,
      why: 'where users may log in with their e-mail address Keycloak looks for the owner by the address too, and a stolen password can change that to the address in another certificate',
      instead: 'Leave loginWithEmail out, or name the owners by a userAttribute that users cannot edit',
    });
  }
  if (content.edit_username_allowed !== false) {
    problems.push({
      value,
      why: 'where users may edit their user name a stolen password can change it to the name in another certificate',
      instead: "Leave editUsernameAllowed off in the realm's resource",
    });
  }
  return problems;
}

function attributeProblems(realm: StepUpRealm, { acr }: AssuranceLevel, attribute: string): Problem[] {
  const value = `level "${acr}", whose certificates name their owner by the user attribute "${attribute}"`;
  const instead = `Make a bindings.realmUserProfile.RealmUserProfile with attribute { name: '${attribute}', permissions: { view: ['admin'], edit: ['admin'] } }`;
  const profiles = profilesOf(realm);
  if (profiles.length === 0) {
    return [{ value, why: `no user profile of ${realm.node.path} in the stack says who may edit it`, instead }];
  }
  return profiles.flatMap(({ attribute: declared = [], unmanaged_attribute_policy: unmanaged }) => {
    const found = declared.find(({ name }) => name === attribute);
    if (found ? !found.permissions?.edit?.includes('user') : unmanaged === 'ADMIN_EDIT') return [];
    const why = found
      ? 'users may edit it, so a stolen password can change it to the name in another certificate'
      : unmanaged === 'ENABLED'
        ? 'the user profile lacks it, and lets users have any attribute that it lacks'
        : 'the user profile lacks it, so no user can have it';
    return [{ value, why, instead }];
  });
}

function profilesOf(realm: StepUpRealm): UserProfile[] {
  const own = [realm.realmId, realm.resource.realm, realm.resource.realmInput].map((name) => resolved(realm, name));
  return TerraformStack.of(realm)
    .node.findAll()
    .filter((node) => node instanceof RealmUserProfile)
    .map((profile) => contentOf(profile))
    .filter(({ realm_id: realmId }) => own.includes(realmId)) as UserProfile[];
}
