import { type CredentialType, ENROLMENTS, traitsOf } from '../keycloak/authenticators';
import { behaves } from '../keycloak/behaviours';
import { addJavaInts, parseJavaBoolean, parseJavaInt } from '../keycloak/java';
import {
  type AuthenticatorConfig,
  type AuthenticatorExecution,
  type Flow,
  isUnknown,
  type RealmModel,
} from '../realm-model';
import { boundFlow } from './choose-flow';
import { allExecutions } from './flow-index';
import { known, type Login, MINIMUM_LOA, NO_LOA } from './login';
import { perFlow } from './per-flow';
import { startedAction } from './required-actions';
import { ServerError } from './signals';

/** The levels of a login and of its session. Source: `AcrStore` and `LoAUtil`. */

export const LOA_CONDITION = 'conditional-level-of-authentication';
const LEVEL = 'loa-condition-level';
const MAX_AGE = 'loa-max-age';
/** Of Keycloak 17, which had no max age. */
const STORE_IN_SESSION = 'loa-store-in-user-session';
const DEFAULT_MAX_AGE = 36_000;

/**
 * Level of a condition; undefined if it isn't a number (`LoAUtil.getLevelFromLoaConditionConfiguration`).
 * @throws ServerError without a config, as Keycloak does
 */
export function levelOf(config: AuthenticatorConfig | undefined, at: string): number | undefined {
  if (!config) throw new ServerError(`The level condition ${at} has no config`);
  return parseJavaInt(value(config, LEVEL, at));
}

/** Seconds that a level counts; 0 if the config doesn't say (`LoAUtil.getMaxAgeFromLoaConditionConfiguration`). */
export function maxAgeOf(config: AuthenticatorConfig, at: string): number {
  const maxAge = parseJavaInt(value(config, MAX_AGE, at));
  if (maxAge !== undefined) return maxAge;
  return parseJavaBoolean(value(config, STORE_IN_SESSION, at)) ? DEFAULT_MAX_AGE : 0;
}

function value(config: AuthenticatorConfig, key: string, at: string): string | undefined {
  const raw = config.values[key];
  return raw === undefined ? undefined : known(raw, `${key} of ${at}`);
}

/** Whether the server runs without the feature of levels. */
export function isStepUpOff({ disabledFeatures }: RealmModel): boolean {
  return disabledFeatures?.includes('STEP_UP_AUTHENTICATION') ?? false;
}

/** What tokens then say (`TokenManager.initToken`). */
export function acrWithoutLevels({ sso }: Pick<Login, 'sso'>): string {
  return sso ? '0' : '1';
}

/** All level conditions of a flow, disabled ones included (`AuthenticatorUtil.getExecutionsByType`). */
export function levelConditions(flow: Flow): AuthenticatorExecution[] {
  const found: AuthenticatorExecution[] = [];
  for (const { execution } of allExecutions(flow)) {
    if (execution.kind !== 'authenticator') continue;
    if (known(execution.authenticator, `authenticator of ${execution.id}`) === LOA_CONDITION) found.push(execution);
  }
  return found;
}

/**
 * Max ages by level (`LoAUtil.getLoaMaxAgesConfiguredInRealmFlow`).
 * @throws ServerError if two conditions have one level, as Keycloak does
 */
export const maxAges = perFlow((flow): ReadonlyMap<number, number> => {
  const ages = new Map<number, number>();
  for (const { config, id } of levelConditions(flow)) {
    const level = config && levelOf(config, id);
    if (!config || level === undefined) continue;
    if (ages.has(level)) throw new ServerError(`Two conditions have level ${level}`);
    ages.set(level, maxAgeOf(config, id));
  }
  return ages;
});

/** Levels of the realm's browser flow, as minimum acr values are checked against (`getLoAConfiguredInRealmBrowserFlow`). */
export function configuredLevels(browserFlow: Flow): number[] {
  const levels = [...maxAges(browserFlow).keys()];
  return levels.length === 0 ? [MINIMUM_LOA, 1] : [MINIMUM_LOA, ...levels];
}

/**
 * The highest level of the session that still counts. The first expired level, from the lowest, ends the search; a level that
 * the flow lacks has max age 0 (`getHighestAuthenticatedLevelFromPreviousAuthentication`).
 */
export function highestLevelOfSession(login: Login): number {
  if (!login.levels || login.levels.size === 0) return NO_LOA;
  const ages = maxAges(behaves(login.model, 'ages-of-own-flow') ? login.flow.top : boundFlow(login.model, 'browser'));
  let highest = MINIMUM_LOA;
  for (const [level, provenAt] of [...login.levels].sort(([a], [b]) => a - b)) {
    if (login.now > addJavaInts(provenAt, ages.get(level) ?? 0)) break;
    highest = level;
  }
  return highest;
}

/** Whether the session proved this very level within `maxAge` (`isLevelAuthenticatedInPreviousAuth`). */
export function isLevelInSession(login: Login, level: number, maxAge: number): boolean {
  if (login.forcedReauthentication) return false;
  const provenAt = login.levels?.get(level);
  return provenAt !== undefined && addJavaInts(provenAt, maxAge) >= login.now;
}

/** `AcrStore.setLevelAuthenticated` with, and `setLevelAuthenticatedToCurrentRequest` without `keep`. */
export function reach(login: Login, level: number, keep: boolean): void {
  login.level = level;
  if (!keep) return;
  login.levels = new Map(login.levels).set(level, login.now);
}

/** The level asked for by the client or by `kc_action` (`getRequestedLevelOfAuthentication`). */
export function requestedLevel(login: Login): number {
  return Math.max(login.requested.loa ?? NO_LOA, levelForAction(login));
}

function levelForAction(login: Login): number {
  const started = startedAction(login.request);
  if (!login.userKnown || !started) return NO_LOA;
  const { alias, deletes } = started;
  const credential = deletes && login.has(deletes) ? deletes : enrolledBy(alias);
  // A level condition without config is no matter where the action is about no credential.
  if (!credential) return NO_LOA;
  const levels = credentialLevels(login.flow.top);
  let level = levels.get(credential);
  if (level === undefined) return NO_LOA;
  while (level > NO_LOA) {
    const ofLevel = [...levels].filter(([, other]) => other === level).map(([type]) => type);
    if (ofLevel.length === 0 || ofLevel.some((type) => login.has(type))) break;
    level--;
  }
  login.note('level-for-action', alias, `level ${level}`);
  return level;
}

function enrolledBy(alias: string): CredentialType | undefined {
  return Object.hasOwn(ENROLMENTS, alias) ? ENROLMENTS[alias] : undefined;
}

/** The level in whose subflow each credential is checked (`LoAUtil.getCredentialTypesToLoAMap`). */
export const credentialLevels = perFlow((top): ReadonlyMap<CredentialType, number> => {
  const levels = new Map<CredentialType, number>();
  const visit = (flow: Flow, inherited: number) => {
    let current = inherited;
    for (const execution of flow.executions) {
      if (execution.kind === 'subflow') {
        visit(execution.flow, current);
        continue;
      }
      if (isUnknown(execution.authenticator)) continue;
      if (execution.authenticator === LOA_CONDITION) {
        current = levelOf(execution.config, execution.id) ?? current;
        continue;
      }
      const category = traitsOf(execution.authenticator)?.category;
      if (category) levels.set(category, current);
    }
  };
  visit(top, NO_LOA);
  return levels;
});
