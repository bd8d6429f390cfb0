import type { Known, ProfileAttribute, SelfService, UserProfile } from '../realm-model';
import { isUnknown } from '../realm-model';

/** An attribute of a user profile's configuration. */
export interface DeclaredAttribute {
  readonly name: string;
  /** Roles that may edit it: `user`, `admin`. Undefined if nothing is said of who may. */
  readonly edit: Known<readonly string[]> | undefined;
}

/** The profile that Keycloak gives a realm that has none of its own (`keycloak-default-user-profile.json`). */
export const DEFAULT_ATTRIBUTES: readonly DeclaredAttribute[] = ['username', 'email', 'firstName', 'lastName'].map(
  (name) => ({ name, edit: ['admin', 'user'] }),
);

/**
 * What users may change of themselves once they have an account.
 *
 * The user name also needs the realm's "edit username"; where the e-mail address is the user name, it is changed by the address
 * alone, which then needs "edit username" too.
 *
 * Source: `DeclarativeUserProfileProvider.decorateUserProfileForCache`, `DeclarativeUserProfileProviderFactory.editUsernameCondition`
 * and `editEmailCondition`.
 */
export function userProfileOf(
  attributes: readonly DeclaredAttribute[],
  unmanaged: UserProfile['unmanaged'],
  { editUsername = false, emailAsUsername = false }: Pick<SelfService, 'editUsername' | 'emailAsUsername'>,
): UserProfile {
  const conditions: Readonly<Record<string, Known<boolean>>> = {
    username: both(editUsername, not(emailAsUsername)),
    email: either(editUsername, not(emailAsUsername)),
  };
  return {
    attributes: attributes.map(({ name, edit }): ProfileAttribute => {
      const builtIn = Object.hasOwn(conditions, name);
      const allowed = edit === undefined ? builtIn : isUnknown(edit) ? edit : edit.includes('user');
      return { name, userEdits: builtIn ? both(allowed, conditions[name] as Known<boolean>) : allowed };
    }),
    unmanaged,
  };
}

function not(value: Known<boolean>): Known<boolean> {
  return isUnknown(value) ? value : !value;
}

function both(a: Known<boolean>, b: Known<boolean>): Known<boolean> {
  if (a === false || b === false) return false;
  return isUnknown(a) ? a : b;
}

function either(a: Known<boolean>, b: Known<boolean>): Known<boolean> {
  return not(both(not(a), not(b)));
}
