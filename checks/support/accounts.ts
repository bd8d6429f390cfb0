import { explorationOf } from '../../model/explore/exploration';
import type { RealmModel } from '../../model/realm-model';
import type { SimulatedUser } from '../../model/simulate';
import { OWNER_OF_ALL } from './trial';

/**
 * Accounts that own every credential, one of each kind that the realm's logins tell apart: by roles, attributes and the like. One with
 * two values of an attribute, on which conditions exclude each other, is no honest user's.
 */
export function accountsOf(model: RealmModel): readonly SimulatedUser[] {
  const { credentials } = OWNER_OF_ALL;
  const kinds = explorationOf(model)
    .accounts.filter(({ user }) => Object.values(user.attributes ?? {}).every(({ length }) => length < 2))
    .map(({ user }) => ({ ...user, credentials }));
  const distinct = new Map(kinds.map((user) => [JSON.stringify(user), user]));
  return distinct.size > 0 ? [...distinct.values()] : [OWNER_OF_ALL];
}
