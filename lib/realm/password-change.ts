import { RequiredAction } from '@cdktf/provider-keycloak/lib/required-action';
import { levelOfAddedPassword } from '../assurance/password-suffices';
import type { StepUpRealm } from './step-up-realm';

/**
 * Where a password proves more than the lowest level, who has not given one must not set one (`kc_action=UPDATE_PASSWORD`):
 * Keycloak asks for the level under which a flow happens to have the password form, and of users without a password for none.
 */
export function closePasswordChange(realm: StepUpRealm): void {
  if (levelOfAddedPassword(realm.levels) === undefined) return;
  new RequiredAction(realm, 'UPDATE_PASSWORD', {
    realmId: realm.realmId,
    alias: 'UPDATE_PASSWORD',
    name: 'Update Password',
    enabled: false,
    defaultAction: false,
    priority: 57,
  });
}
