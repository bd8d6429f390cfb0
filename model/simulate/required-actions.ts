import { type CredentialType, ENROLMENTS } from '../keycloak/authenticators';
import { behaves } from '../keycloak/behaviours';
import { builtInRequiredActions, DEFAULT_USER_ROLES } from '../keycloak/built-in-realm';
import { isUnknown, type RealmModel } from '../realm-model';
import { emailChanges, mayUpdateEmail, profileChanges } from './actions/profile';
import { known, type Login } from './login';
import { CannotTell } from './signals';
import type { ActionPage, LoginRequest, ProfileChange } from './types';

/**
 * The required actions that are due, in order: those of the user and of the flow by priority, then the one that the user
 * started. Disabled and unregistered ones are left out, and those that end without a page.
 *
 * Source: `AuthenticationManager.getApplicableRequiredActionsSorted`.
 */
export function dueActions(login: Login, done: ReadonlySet<string>): ActionPage[] {
  const { model, request, user } = login;
  const aliases = new Set([...(user.requiredActions ?? []), ...login.actions, ...triggered(login)]);
  const due = [...aliases].filter((alias) => !done.has(alias) && isApplicable(model, alias));
  const byPriority = (a: string, b: string) => priorityOf(model, a) - priorityOf(model, b);
  due.sort(byPriority);
  const started = startedAction(request);
  const canStart =
    started && !aliases.has(started.alias) && !done.has(started.alias) && isApplicable(model, started.alias);
  const shown = canStart && !NOT_STARTED.has(started.alias) ? page(login, started, true) : undefined;
  const pageOf = (alias: string) => page(login, { alias }, false) ?? [];
  if (behaves(model, 'started-action-last')) return [...due.flatMap(pageOf), ...(shown ? [shown] : [])];

  // What can't be started is passed over as long as something is to be.
  const isPending = (alias: string) => {
    if (!started || aliases.has(started.alias)) return false;
    return canStart ? shown !== undefined || byPriority(alias, started.alias) < 0 : done.size === 0;
  };
  const shownNow = due.filter((alias) => !(NOT_STARTED.has(alias) && isPending(alias)));
  const all = shown ? [...shownNow, shown.action].sort(byPriority) : shownNow;
  return all.flatMap((alias) => (shown && alias === shown.action ? shown : pageOf(alias)));
}

const DELETION = 'delete_credential';
const LINK = 'idp_link';

/** Actions that `kc_action` doesn't start (`InitiatedActionSupport.NOT_SUPPORTED`). */
const NOT_STARTED = new Set(['TERMS_AND_CONDITIONS', 'VERIFY_PROFILE', 'update_user_locale']);

/** Actions of a user that show no page: the locale is taken from the request, and the profile counts as valid. */
const WITHOUT_PAGE = new Set(['update_user_locale', 'VERIFY_PROFILE']);

/** What `kc_action` names: a required action, and the credential or the identity provider that it is about. */
export interface StartedAction {
  readonly alias: string;
  readonly deletes?: CredentialType;
  readonly provider?: string;
}

/** The required action that `kc_action` starts, and what it is about (`kc_action_parameter`). */
export function startedAction({ action }: Pick<LoginRequest, 'action'>): StartedAction | undefined {
  const [alias, parameter] = action?.split(/:(.*)/) ?? [];
  if (alias === undefined) return undefined;
  return {
    alias,
    ...(alias === DELETION && parameter && { deletes: parameter as CredentialType }),
    ...(alias === LINK && parameter && { provider: parameter }),
  };
}

/** The credential that an action leaves the person with: a changed password is one, too. */
const SETS: Readonly<Record<string, CredentialType | undefined>> = { ...ENROLMENTS, UPDATE_PASSWORD: 'password' };

/** What the realm asks for by itself (`RequiredActionProvider.evaluateTriggers`). */
function triggered({ model, emailUnverified, assumptions }: Login): readonly string[] {
  const { verifyEmail = false } = model.selfService;
  if (emailUnverified) return known(verifyEmail, 'verification of e-mail addresses') ? ['VERIFY_EMAIL'] : [];
  if (verifyEmail !== false) assumptions.add('The e-mail address of the account is verified');
  return [];
}

function isApplicable(model: RealmModel, alias: string): boolean {
  const action = model.requiredActions.find((each) => each.alias === alias);
  return action !== undefined && known(action.enabled, `enabled of required action ${alias}`);
}

function priorityOf(model: RealmModel, alias: string): number {
  const priority = model.requiredActions.find((each) => each.alias === alias)?.priority;
  return priority === undefined || isUnknown(priority) ? 0 : priority;
}

/** The page of an action, undefined if it passes over without one. */
function page(login: Login, { alias, deletes, provider }: StartedAction, optional: boolean): ActionPage | undefined {
  const { model, user } = login;
  const base = { kind: 'action', action: alias, optional } as const;
  if (WITHOUT_PAGE.has(alias)) return undefined;
  switch (alias) {
    case DELETION:
      // A deletion of what the user doesn't have is passed over.
      return deletes !== undefined && login.has(deletes) ? { ...base, deletes } : undefined;
    case LINK:
      return provider !== undefined && mayLink(login, provider)
        ? { ...base, changes: [NONE, { kind: 'link', provider }] }
        : undefined;
    case 'UPDATE_PROFILE':
      return { ...base, changes: profileChanges(model) };
    case 'UPDATE_EMAIL':
      return mayUpdateEmail(model) ? { ...base, changes: emailChanges(model) } : undefined;
    case 'delete_account':
      return { ...base, changes: [NONE, { kind: 'delete-account' }] };
    case 'VERIFY_EMAIL':
      // Who started it by themselves has a verified address already.
      if (optional) return undefined;
      return { ...base, ...(!user.emailMoved && { needs: ['email'] }) };
    case 'TERMS_AND_CONDITIONS':
      return base;
    default: {
      const enrols = SETS[alias];
      if (enrols) return { ...base, enrols };
      if (builtInRequiredActions().some((action) => action.alias === alias)) return base;
      throw new CannotTell(`The required action ${alias} is not one of Keycloak's`);
    }
  }
}

const NONE: ProfileChange = { kind: 'none' };

/** `IdpLinkAction.requiredActionChallenge`: roles of the user that the client's tokens have too. */
function mayLink(login: Login, alias: string): boolean {
  const { model, client } = login;
  const provider = model.identityProviders.find((each) => each.alias === alias);
  if (!provider && !model.complete) throw new CannotTell(`The identity provider ${alias} is not in this source`);
  if (!provider) return false;
  return ['account.manage-account', 'account.manage-account-links'].some((role) => {
    if (!hasRole(login, role)) return false;
    if (known(client.fullScope ?? true, `full scope of client ${client.clientId}`)) return true;
    return known(client.scopeRoles ?? [], `scope roles of client ${client.clientId}`).includes(role);
  });
}

/** Every account has the default roles unless someone took them away, which accounts here don't say. */
export function hasRole({ model, user }: Login, role: string): boolean {
  return (
    (user.roles ?? []).includes(role) ||
    known(model.defaultRoles ?? DEFAULT_USER_ROLES, 'default roles of the realm').includes(role)
  );
}
