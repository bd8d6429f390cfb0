import type { IConstruct } from 'constructs';
import { insist } from '../support/configuration-error';
import type { AssuranceLevel } from './assurance-level';
import { type Factor, type SingleFactor, singleFactors } from './factor';

/** The required actions by which users enrol the factors of a level themselves. */
export function enrolmentActions(level: AssuranceLevel): string[] {
  return singleFactors(level.provedBy).flatMap(({ enrolment }) => enrolment?.action ?? []);
}

/** Whether the level lets users enrol its credential themselves. */
export function isOpen(level: AssuranceLevel): boolean {
  return level.unenrolled !== 'deny';
}

/**
 * Checks that enrolment during the login can be had for the factor, and that it does not let in a stranger.
 *
 * @throws ConfigurationError at `scope`
 */
export function insistOnEnrollable(scope: IConstruct, factor: Factor): void {
  const singles = singleFactors(factor);
  insist(scope, singles.some(isEnrolled), () => ({
    value: `unenrolled for ${factor.name}`,
    why: 'its credentials are issued to users, who cannot enrol them',
    instead: "Leave unenrolled out, or write 'deny'",
  }));
  const byName = singles.find((one) => isEnrolled(one) && one.identifiesUser);
  insist(scope, byName === undefined, () => ({
    value: `unenrolled for ${factor.name}`,
    why: `${byName?.name} finds out the user by name alone, so anybody who knows a name could enrol a device for it`,
    instead:
      "Write unenrolled: 'deny'; to hand out passkeys, deploy passkey() above a level that is proved otherwise, and change it once users have them",
  }));
  const skippable = singles.find((one) => one.skippable);
  insist(scope, skippable === undefined, () => ({
    value: `unenrolled for ${factor.name}`,
    why: `${skippable?.name} is not asked of a login that leaves the header out, so a stolen password could enrol a device`,
    instead: "Write unenrolled: 'deny', or leave defaultOtpOutcome at 'force'",
  }));
  const mixed = mixedChoice(factor);
  insist(scope, mixed === undefined, () => ({
    value: `unenrolled for ${factor.name}`,
    why: `of the alternatives ${mixed?.name} not each is one credential that users enrol, and Keycloak cannot tell who owns none of them`,
    instead: "Write unenrolled: 'deny', or make each alternative one of otp, recoveryCode, webAuthn and passkey",
  }));
}

function isEnrolled({ enrolment }: SingleFactor): boolean {
  return enrolment !== undefined;
}

/** An `anyOf` with an alternative that is several factors, or one that users can't enrol. */
function mixedChoice(factor: Factor): Factor | undefined {
  if (factor.kind === 'single') return undefined;
  if (factor.kind === 'allOf') return factor.factors.map(mixedChoice).find((found) => found !== undefined);
  const plain = factor.factors.every((one) =>
    one.kind === 'single' ? isEnrolled(one) : mixedChoice(one) === undefined && one.kind === 'anyOf',
  );
  return plain ? undefined : factor;
}
