import type { Rule } from '../rule';
import { levelPlaces, nameOf } from '../support/levels';
import { guide, source } from '../support/sources';

export const unenrolledStaysLower: Rule = {
  id: 'unenrolled-stays-lower',
  code: 'SU703',
  level: 'warning',
  summary: 'A level is skipped for users without its credential, who then get a lower token without an error.',
  cause:
    'conditional-user-configured beside the level condition makes the subflow be skipped for users who are not set up. The request for the level ends at the level below; ' +
    'only an essential one is refused.',
  attack: [
    'The application asks for gold by acr_values and takes the tokens that come.',
    'The attacker has the stolen password of a user without an OTP.',
    'Keycloak skips gold and issues silver tokens. The application takes them.',
  ],
  remedy:
    'Move conditional-user-configured into a CONDITIONAL subflow within the level, and add one with conditional-sub-flow-executed not-executed and deny-access-authenticator.',
  sources: [guide('Conditions in conditional flows'), source('ConditionalUserConfiguredAuthenticator.matchCondition')],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      for (const { condition, subflow, level } of levelPlaces(inspection, use)) {
        const beside = condition.siblings.find(({ authenticator }) => authenticator === 'conditional-user-configured');
        if (!beside || !subflow || level === undefined) continue;
        inspection.found(beside, {
          what: `${nameOf(inspection.model, level)} is skipped for users without its credential`,
          gain: 'They, and whoever has their password, get a lower token for a request for this level, and no error.',
          instead: 'Put the condition into a subflow within the level, and deny access when that was not executed',
        });
      }
    }
  },
};
