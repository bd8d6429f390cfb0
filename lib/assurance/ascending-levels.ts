import type { IConstruct } from 'constructs';
import { LEVELS_FILE } from '../../model/levels';
import { insist } from '../support/configuration-error';
import type { AssuranceLevel } from './assurance-level';
import { enrolmentActions, isOpen } from './enrolment';
import { identifiesUser } from './factor';

/**
 * Checks that levels are at least one, in ascending order of LoA and without duplicate acr names or numbers, and that
 * the lowest can start a login. Keycloak accepts all of these mistakes; a login then is locked out or ends too low.
 *
 * @throws ConfigurationError at `scope`
 */
export function insistOnAscendingLevels(scope: IConstruct, levels: readonly AssuranceLevel[]): void {
  const [lowest] = levels;
  insist(scope, lowest !== undefined, () => ({
    value: 'levels []',
    why: 'without a level no login reaches an acr',
    instead: 'Give at least one AssuranceLevel, lowest first',
  }));
  insist(scope, identifiesUser(lowest.provedBy), () => ({
    value: `lowest level "${lowest.acr}" proved by ${lowest.provedBy.name}`,
    why: `${lowest.provedBy.name} does not find out who the user is, so no login can start with it`,
    instead: 'Prove the lowest level by Factor.password(), or by another factor that finds out the user',
  }));
  insistOnOneRuleAnAction(scope, levels);
  levels.forEach((level, index) => {
    const earlier = levels.slice(0, index);
    const sameLoa = earlier.find((other) => other.loa === level.loa);
    insist(scope, sameLoa === undefined, () => ({
      value: `level "${level.acr}" with loa ${level.loa}`,
      why: `level "${sameLoa?.acr}" has the same number, and of two subflows of one level Keycloak never runs the second`,
      instead: 'Give each level a LoA number of its own',
    }));
    const sameAcr = earlier.find((other) => other.acr === level.acr);
    insist(scope, sameAcr === undefined, () => ({
      value: `level "${level.acr}" with loa ${level.loa}`,
      why: `the acr map holds one number an acr, and "${level.acr}" is LoA ${sameAcr?.loa} already`,
      instead: 'Give each level an acr name of its own',
    }));
    const { unenrolled } = level;
    insist(scope, typeof unenrolled === 'string' || earlier.includes(unenrolled.enrolAt), () => ({
      value: `level "${level.acr}", enrolled at "${typeof unenrolled === 'string' ? unenrolled : unenrolled.enrolAt.acr}"`,
      why: 'that level is not among the lower ones, so a user could enrol without its proof',
      instead: `Enrol at one of: ${earlier.map(({ acr }) => acr).join(', ')}`,
    }));
    const before = levels[index - 1];
    insist(scope, before === undefined || before.loa < level.loa, () => ({
      value: `level "${level.acr}" (loa ${level.loa}) after "${before?.acr}" (loa ${before?.loa})`,
      why: 'Keycloak runs the levels in the order of the flow, and a lower one after a higher one locks users out or ends too low',
      instead: `List the levels in ascending order of loa${level.givenLoa === undefined ? `; a loa that is left out is the one in ${LEVELS_FILE}` : ''}`,
    }));
  });
}

/** A required action is enabled in the realm or not: one level can't be open by it and another closed. */
function insistOnOneRuleAnAction(scope: IConstruct, levels: readonly AssuranceLevel[]): void {
  const opened = new Map(
    levels.filter(isOpen).flatMap((level) => enrolmentActions(level).map((action) => [action, level])),
  );
  for (const level of levels) {
    if (isOpen(level)) continue;
    const action = enrolmentActions(level).find((one) => opened.has(one));
    insist(scope, action === undefined, () => ({
      value: `level "${level.acr}" with unenrolled 'deny'`,
      why: `level "${opened.get(action as string)?.acr}" opens the required action ${action}, by which users then enrol the credential of this level too`,
      instead: "Write 'deny' at both levels, or let both be enrolled",
    }));
  }
}
