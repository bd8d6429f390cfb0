import type { Rule } from '../rule';
import { isSecondFactor, LOA_CONDITION } from '../support/places';
import { guide, source } from '../support/sources';

export const scopeBehindLevel: Rule = {
  id: 'scope-behind-level',
  code: 'SU110',
  level: 'error',
  summary:
    'A client scope condition and a level condition in one subflow must both hold, so the scope alone asks for nothing.',
  cause:
    'All conditions of a CONDITIONAL subflow are joined by AND. A level condition holds only if its level is requested; so a request ' +
    'for the scope that names no acr skips the proof.',
  attack: [
    'A subflow has conditional-client-scope "payments", conditional-level-of-authentication 2 and the OTP.',
    'The attacker logs in with a stolen password, asking for the scope and for no acr.',
    'Level 2 is not requested: the OTP is skipped, and the tokens have the scope.',
  ],
  remedy:
    'Let the scope stand alone: CONDITIONAL [conditional-client-scope, conditional-credential otp included=false, OTP], behind the login, and the level in a subflow of its own.',
  sources: [guide('Conditions in conditional flows'), source('DefaultAuthenticationFlow.isConditionalSubflowDisabled')],
  inspect(inspection) {
    for (const place of inspection.places(inspection.loginFlows)) {
      if (place.authenticator !== 'conditional-client-scope') continue;
      const { siblings } = place;
      if (!siblings.some(({ authenticator }) => authenticator === LOA_CONDITION)) continue;
      if (!siblings.some((sibling) => sibling.all.some(isSecondFactor))) continue;
      inspection.found(place, {
        what: `"${place.above?.name}" has a client scope condition beside a level condition`,
        gain: 'A request for the scope that asks for no level gets the scope without the proof.',
        instead: 'Give scope and level a subflow each',
      });
    }
  },
};
