import { type CredentialType, ENROLMENTS } from '../keycloak/authenticators';
import { isUnknown, type RealmModel } from '../realm-model';
import { credentialLevels } from './acr-store';
import { known, type Login, NO_LOA } from './login';
import { CannotTell } from './signals';
import type { ActionPage, LoginRequest } from './types';

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
  const started = startedAction(request);
  // A deletion of what the user does not have is passed over.
  const possible = started && (started.deletes === undefined || login.has(started.deletes));
  if (possible && !aliases.has(started.alias) && !done.has(started.alias) && isApplicable(model, started.alias)) {
    pages.push({ ...page(started.alias, true), ...(started.deletes && { deletes: started.deletes }) });
  }
  return pages;
}

const DELETION = 'delete_credential';

/** The required action that `kc_action` starts, and the credential that it deletes (`kc_action_parameter`). */
export function startedAction({
  action,
}: Pick<LoginRequest, 'action'>): { readonly alias: string; readonly deletes?: CredentialType } | undefined {
  const [alias, parameter] = action?.split(/:(.*)/) ?? [];
  if (alias === undefined) return undefined;
  return { alias, ...(alias === DELETION && parameter && { deletes: parameter as CredentialType }) };
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

/**
 * What the user has after doing the action: an account counts as having one credential of a type. A deletion takes the level in
 * whose subflow the credential is checked (`CredentialDeleteHelper`), which the start of the action has asked for.
 */
export function credentialsAfter(login: Login, { enrols, deletes }: ActionPage): readonly CredentialType[] {
  const { credentials } = login.user;
  if (enrols) return login.has(enrols) ? credentials : [...credentials, enrols];
  if (!deletes) return credentials;
  if (deletes === 'password' || login.level < (credentialLevels(login.flow.top).get(deletes) ?? NO_LOA)) {
    throw new CannotTell(`How Keycloak refuses to delete the credential ${deletes} is not followed here`);
  }
  return credentials.filter((type) => type !== deletes);
}
