import { DEFAULT_DEFAULT_SCOPES, DEFAULT_OPTIONAL_SCOPES } from '../keycloak/built-in-realm';
import type { RealmModel } from '../realm-model';
import { CannotTell } from './signals';

/** Whether a client scope of that name exists, as far as the model can say. */
export function scopeExists(model: RealmModel, name: string): boolean {
  if (model.clientScopes.some((scope) => scope.name === name)) return true;
  if (DEFAULT_DEFAULT_SCOPES.includes(name) || DEFAULT_OPTIONAL_SCOPES.includes(name)) return true;
  if (model.complete) return false;
  throw new CannotTell(`The client scope ${name} is not in this source`);
}

/** Whether a role exists, as conditions name it: `role` or `client.role` (`KeycloakModelUtils.getRoleFromString`). */
export function roleExists(model: RealmModel, name: string): boolean {
  if (model.roles.includes(name)) return true;
  if (model.complete) return false;
  throw new CannotTell(`The role ${name} is not in this source`);
}
