import { behaves } from '../keycloak/behaviours';
import { builtInRequiredActions } from '../keycloak/built-in-realm';
import { addJavaInts, parseJavaInt } from '../keycloak/java';
import { highestLevelOfSession, reach, requestedLevel } from './acr-store';
import { known, type Login, NO_LOA } from './login';
import { startedAction } from './required-actions';
import { ServerError } from './signals';

/** Seconds that a login counts for `kc_action` unless the action's config says otherwise (`Constants.KC_ACTION_MAX_AGE`). */
const ACTION_MAX_AGE = 300;

/**
 * The session's cookie: identifies the user, takes over the session's levels, and suffices if they reach what is asked.
 * Source: `CookieAuthenticator.authenticate`.
 */
export function beginCookie(login: Login, id: string): 'success' | 'attempted' {
  const { session } = login;
  if (!session) {
    login.note('no-session', id);
    return 'attempted';
  }
  login.levels = session.levels && new Map(Object.entries(session.levels).map(([level, at]) => [Number(level), at]));
  login.userKnown = true;
  if (mustReauthenticate(login, session.authTime)) {
    login.note('reauthentication', id);
    reach(login, NO_LOA, false);
    login.forcedReauthentication = true;
    return 'attempted';
  }
  const highest = highestLevelOfSession(login);
  const requested = requestedLevel(login);
  reach(login, highest, false);
  if (requested > highest) {
    login.note('cookie-too-low', id, `session ${highest}, requested ${requested}`);
    return 'attempted';
  }
  login.note('cookie-suffices', id, `session ${highest}, requested ${requested}`);
  login.sso = true;
  return 'success';
}

/** `OIDCLoginProtocol.requireReauthentication`. */
function mustReauthenticate(login: Login, authTime: number): boolean {
  const { prompt, maxAge } = login.request;
  const started = startedAction(login.request);
  if (prompt?.includes('login')) return true;
  if (maxAge !== undefined && addJavaInts(authTime, maxAge) < login.now) return true;
  if (!started) return false;
  // Keycloak asks the action's provider; one that it doesn't have needs no login.
  if (!builtInRequiredActions().some(({ alias }) => alias === started.alias)) {
    if (!behaves(login.model, 'unknown-action-ignored')) throw new ServerError(`There is no action ${started.alias}`);
    return false;
  }
  return addJavaInts(authTime, maxAuthAge(login, started.alias)) < login.now;
}

/**
 * Seconds that a login counts for starting the action; a negative setting is as none, and one that can't be read fails.
 * Source: `RequiredActionProvider.getMaxAuthAge`.
 */
function maxAuthAge({ model }: Login, alias: string): number {
  // `DeleteAccount.getMaxAuthAge`, which no setting changes.
  if (alias === 'delete_account') return 0;
  if (alias !== 'UPDATE_PASSWORD' && !behaves(model, 'age-of-any-action')) return ACTION_MAX_AGE;
  const setting = model.requiredActions.find((each) => each.alias === alias)?.config.max_auth_age;
  if (setting === undefined) return ACTION_MAX_AGE;
  const age = parseJavaInt(known(setting, `max_auth_age of required action ${alias}`));
  if (age === undefined) throw new ServerError(`max_auth_age of required action ${alias} is no number`);
  return age >= 0 ? age : ACTION_MAX_AGE;
}
