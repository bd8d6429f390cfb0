import type { Rule } from '../rule';
import { levelPlaces, nameOf } from '../support/levels';
import { isSecondFactor } from '../support/places';
import { guide } from '../support/sources';

export const alternativeInLevel: Rule = {
  id: 'alternative-in-level',
  code: 'SU207',
  level: 'warning',
  summary: 'The proofs of a level are ALTERNATIVE, so users who own none of them get a wrong-password error.',
  cause:
    'Keycloak offers enrolment for REQUIRED steps only. With ALTERNATIVEs none of which the user is set up for, the subflow fails, and with it ' +
    'the login: the page says "Invalid username or password" although both were right.',
  attack: [
    'A level has the OTP form ALTERNATIVE.',
    'A user without an OTP asks for the level, is told that the password is wrong, and calls the help desk to have it reset.',
    'Resets that are asked for daily are granted without a look: an attacker asks for one, too.',
  ],
  remedy: 'Add an ALTERNATIVE deny-access-authenticator with a message, or let users enrol on purpose.',
  sources: [guide('Creating flows'), 'keycloak/keycloak issue 34577'],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      for (const { subflow, level } of levelPlaces(inspection, use)) {
        if (!subflow || level === undefined) continue;
        const groups = subflow.all.filter(({ execution }) => execution.kind === 'subflow');
        for (const { children } of groups) {
          const steps = children.filter(({ isCondition }) => !isCondition);
          if (steps.length === 0 || steps.some(({ requirement }) => requirement !== 'ALTERNATIVE')) continue;
          if (!steps.every((step) => step.all.some(isSecondFactor))) continue;
          const guarded = children.some(({ authenticator }) => authenticator === 'conditional-user-configured');
          const [first] = steps;
          if (!first || guarded || isBehindConfigured(first.around)) continue;
          inspection.found(first, {
            what: `Every proof of ${nameOf(inspection.model, level)} is ALTERNATIVE`,
            gain: 'Users who own none of them are refused as if their password were wrong.',
            instead: 'Add deny-access-authenticator ALTERNATIVE as the last one, with a denyErrorMessage',
          });
        }
      }
    }
  },
};

function isBehindConfigured(
  around: readonly { children: readonly { authenticator: string | undefined }[] }[],
): boolean {
  return around.some(({ children }) =>
    children.some(({ authenticator }) => authenticator === 'conditional-user-configured'),
  );
}
