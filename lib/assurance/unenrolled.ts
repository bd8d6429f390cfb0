import type { AssuranceLevel } from './assurance-level';

/**
 * What happens to a user who asks for a level and owns no credential to prove it with.
 *
 * - `deny`: the login is refused with a message, and users can't enrol the credential themselves.
 * - `enrol`: Keycloak offers to set the credential up during the login. Whoever holds the proofs of the levels below
 *   (a stolen password, say) then reaches this level by enrolling a device of their own. A passkey is not offered in the
 *   login: users start its enrolment themselves, by `kc_action=webauthn-register-passwordless` or in the account console.
 * - `enrolAt(level)`: the same, but the flow must ask for `level` first, so an attacker needs its proof.
 */
export type Unenrolled = 'deny' | 'enrol' | EnrolAt;

/** Enrolment by users who have reached a level. */
export interface EnrolAt {
  readonly enrolAt: AssuranceLevel;
}

/**
 * Lets users without the credential enrol it once they have reached `level`, which must be a lower one of the same flow.
 * At the lowest level this is what `enrol` is.
 */
export function enrolAt(level: AssuranceLevel): EnrolAt {
  return { enrolAt: level };
}
