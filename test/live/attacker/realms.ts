import fc from 'fast-check';
import { conformanceCase, realmSettings } from '../conformance/arbitrary';
import { maybe, weighted } from '../conformance/arbitrary-support';
import type { ConformanceCase, RealmSettings, ResetFlow, UserSettings } from '../conformance/case';

/** A small realm to attack: a case of which there are no logins yet, and one account for each run. */
export type AttackedRealm = Omit<ConformanceCase, 'logins'>;

const settings: fc.Arbitrary<RealmSettings> = fc
  .tuple(
    realmSettings,
    maybe(weighted<ResetFlow>([3, 'plain'], [2, 'force-login'], [1, 'otp'], [1, 'no-mail'], [1, 'level']), 50),
    maybe(fc.constant(true), 30),
  )
  .map(([base, reset, registration]) => ({ ...base, ...(reset && { reset }), ...(registration && { registration }) }));

/** What the explorer doesn't follow, or a browser without a screen can't give: a goal that rests on it tells nothing. */
const LEFT_OUT = /webauthn|x509|identity-provider|session-limits/;
/** Larger ones take the explorer long. */
const MOST_STEPS = 12;

function isSmall({ flow }: ConformanceCase): boolean {
  const text = JSON.stringify(flow);
  return !LEFT_OUT.test(text) && text.split('"requirement"').length <= MOST_STEPS;
}

/** The same realms for the same seed. */
export function attackedRealms(count: number, seed: number): AttackedRealm[] {
  return fc
    .sample(conformanceCase(settings).filter(isSmall), { numRuns: count, seed })
    .map(({ logins: _, other: __, ...realm }) => realm);
}

/** The account that a run attacks: that of the realm, with or without an OTP. */
export function accountOf(realm: AttackedRealm, withOtp: boolean): UserSettings {
  return { ...realm.user, credentials: withOtp ? ['password', 'otp'] : ['password'], requiredActions: [] };
}
