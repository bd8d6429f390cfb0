import { type CredentialType, ENROLMENTS } from '../keycloak/authenticators';
import { isUnknown, type RealmModel } from '../realm-model';
import { known, type Login } from './login';
import type { ActionPage } from './types';

/**
 * The required actions that are due, in order: those of the user and of the flow by priority, then the one that the user
 * started. Disabled and unregistered ones are left out.
 *
 * Source: `AuthenticationManager.getApplicableRequiredActionsSorted`.
 */
export function dueActions(login: Login, done: ReadonlySet<string>): ActionPage[] {
  const { model, request, user } = login;
  const aliases = new Set([...(user.requiredActions ?? []), ...login.actions]);
  const due = [...aliases].filter((alias) => !done.has(alias) && isApplicable(model, alias));
  due.sort((a, b) => priorityOf(model, a) - priorityOf(model, b));
  const pages = due.map((alias) => page(alias, false));
  const { action } = request;
  if (action !== undefined && !aliases.has(action) && !done.has(action) && isApplicable(model, action)) {
    pages.push(page(action, true));
  }
  return pages;
}

/** The credential that an action leaves the person with: a changed password is one, too. */
const SETS: Readonly<Record<string, CredentialType | undefined>> = { ...ENROLMENTS, UPDATE_PASSWORD: 'password' };

function isApplicable(model: RealmModel, alias: string): boolean {
  const action = model.requiredActions.find((each) => each.alias === alias);
  return action !== undefined && known(action.enabled, `enabled of required action ${alias}`);
}

function priorityOf(model: RealmModel, alias: string): number {
  const priority = model.requiredActions.find((each) => each.alias === alias)?.priority;
  return priority === undefined || isUnknown(priority) ? 0 : priority;
}

function page(action: string, optional: boolean): ActionPage {
  const enrols = SETS[action];
  return { kind: 'action', action, optional, ...(enrols && { enrols }) };
}
