import type { CredentialType } from '../../keycloak/authenticators';
import { behaves } from '../../keycloak/behaviours';
import { credentialLevels } from '../acr-store';
import { boundFlow, overridingFlow } from '../choose-flow';
import { known, type Login, NO_LOA } from '../login';
import { hasRole } from '../required-actions';
import { CannotTell } from '../signals';
import type { ActionPage, Answer, Outcome, ProfileChange, SimulatedUser } from '../types';
import { confirmsEmail } from './profile';

/**
 * Does a required action to the account.
 *
 * @returns how the login ends by it, undefined if it goes on
 */
export function perform(
  login: Login,
  page: ActionPage,
  answer: Extract<Answer, { give: number }>,
): Outcome | undefined {
  const { user } = login;
  if (page.enrols) login.user = withCredential(user, page.enrols);
  if (page.deletes) {
    if (!mayDelete(login, page.deletes)) return REFUSED;
    const credentials = user.credentials.filter((type) => type !== page.deletes);
    login.user = { ...user, credentials };
    login.note('credential-deleted', login.client.clientId, page.deletes);
  }
  if (page.action === 'VERIFY_EMAIL') login.emailUnverified = false;
  const change = page.changes?.[answer.give];
  if (!change) return undefined;
  const ended = apply(login, change);
  if (change.kind !== 'email' || page.action !== 'UPDATE_EMAIL' || !confirmsEmail(login.model)) return ended;
  // The link of the confirmation ends the login that it was asked for in.
  login.emailUnverified = false;
  return { kind: 'done' };
}

/** The error that Keycloak shows in place of an action's page. Source: `DeleteAccount.requiredActionChallenge`. */
export function refusalOf(login: Login, { action }: ActionPage): Outcome | undefined {
  if (action !== 'delete_account' || hasRole(login, 'account.delete-account')) return undefined;
  return { kind: 'refused', status: 200, reason: 'action-refused' };
}

const REFUSED: Outcome = { kind: 'refused', status: 400, reason: 'action-refused' };

/** An account counts as having one credential of a type. */
function withCredential(user: SimulatedUser, type: CredentialType): SimulatedUser {
  return user.credentials.includes(type) ? user : { ...user, credentials: [...user.credentials, type] };
}

/**
 * Whether the login has the level at which the credential stands in the client's own flow, or in the realm's: one that a client
 * policy chose doesn't count. Outside of any level condition none is asked for. Source: `CredentialDeleteHelper`.
 */
function mayDelete(login: Login, type: CredentialType): boolean {
  if (type === 'password') return false;
  const { model, client } = login;
  const own = behaves(model, 'deletion-at-own-level') ? overridingFlow(model, client, 'browser') : undefined;
  const flow = own ?? boundFlow(model, 'browser');
  return login.level >= (credentialLevels(flow).get(type) ?? NO_LOA);
}

function apply(login: Login, change: ProfileChange): Outcome | undefined {
  const { user, model } = login;
  const noteChange = (what: string) => login.note('profile-changed', login.client.clientId, what);
  switch (change.kind) {
    case 'none':
      return undefined;
    case 'email':
      noteChange('email');
      login.user = { ...user, emailMoved: true };
      login.emailUnverified = true;
      return undefined;
    case 'username':
      noteChange('username');
      login.user = { ...user, usernameMoved: true };
      return undefined;
    case 'attribute': {
      noteChange(change.name);
      const values = change.value === '' ? [] : [change.value];
      login.user = { ...user, attributes: { ...user.attributes, [change.name]: values } };
      if (change.name === 'email') verifyAnew(login);
      return undefined;
    }
    case 'link': {
      const provider = model.identityProviders.find(({ alias }) => alias === change.provider);
      if (!provider) throw new CannotTell(`The identity provider ${change.provider} is not in this source`);
      if (!known(provider.enabled, `enabled of identity provider ${change.provider}`)) return REFUSED;
      noteChange(`identity of ${change.provider}`);
      login.user = { ...user, linked: [...new Set([...(user.linked ?? []), change.provider])] };
      return undefined;
    }
    case 'delete-account':
      noteChange('account deleted');
      login.user = { ...user, deleted: true };
      return { kind: 'done' };
  }
}

/** The new address is nobody's in particular; until its mail is answered, each login asks for that. */
function verifyAnew(login: Login): void {
  const { emailMoved: _, ...user } = login.user;
  login.user = user;
  login.emailUnverified = true;
  if (!known(login.model.selfService.verifyEmail ?? false, 'verification of e-mail addresses')) return;
  login.user = { ...user, requiredActions: [...new Set([...(user.requiredActions ?? []), 'VERIFY_EMAIL'])] };
}
