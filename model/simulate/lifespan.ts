import { isUnknown, type RealmModel } from '../realm-model';
import type { Session } from './types';

/**
 * Whether a session may still be alive: one that is remembered has a lifespan of its own, and the person at the browser
 * chooses whether it is, where the realm offers that. What is not known ends no session.
 * Source: `SessionExpirationUtils.calculateUserSessionMaxLifespanTimestamp`.
 */
export function mayBeAlive(model: RealmModel, { started }: Session, now: number): boolean {
  const longest = longestLifespan(model);
  return longest === undefined || now <= started + longest;
}

/** Seconds that a session may last at most; undefined if that is not known. */
export function longestLifespan({ sessions, selfService }: RealmModel): number | undefined {
  const { ssoMax, rememberMeMax = 0 } = sessions;
  const { rememberMe = false } = selfService;
  if (isUnknown(ssoMax) || isUnknown(rememberMe)) return undefined;
  if (rememberMe === false) return ssoMax as number;
  return isUnknown(rememberMeMax) ? undefined : Math.max(ssoMax as number, rememberMeMax as number);
}
