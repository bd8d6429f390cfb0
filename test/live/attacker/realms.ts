import fc from 'fast-check';
import { conformanceCase } from '../conformance/arbitrary';
import type { ConformanceCase, UserSettings } from '../conformance/case';

/** A small realm to attack: a case of which there are no logins yet, and one account for each run. */
export type AttackedRealm = Omit<ConformanceCase, 'logins'>;

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
  return fc.sample(conformanceCase().filter(isSmall), { numRuns: count, seed }).map(attacked);
}

/** Without what the attacker has nothing for: identities of a provider, and secrets of clients. */
function attacked({ logins: _, other: __, service: ___, realm, user, ...more }: ConformanceCase): AttackedRealm {
  const { provider: ____, organizations: _____, ...settings } = realm;
  const { linked: ______, ...account } = user;
  return { ...more, realm: settings, user: account };
}

/** The account that a run attacks: that of the realm, with or without an OTP. */
export function accountOf(realm: AttackedRealm, withOtp: boolean): UserSettings {
  return { ...realm.user, credentials: withOtp ? ['password', 'otp'] : ['password'], requiredActions: [] };
}
