import { scopeExists } from '../../model/simulate/names';
import type { Rule } from '../rule';
import { exists } from '../support/exists';
import { spares } from '../support/places';
import { guide, source } from '../support/sources';

export const unknownScope: Rule = {
  id: 'unknown-scope',
  code: 'SU601',
  level: 'error',
  summary: 'A condition looks at a client scope that does not exist, so it never holds.',
  cause:
    'conditional-client-scope with a scope that the realm does not have is false, whatever "negate" says. There is no error.',
  attack: [
    'An OTP is asked on condition of the scope "payment"; the scope is named "payments".',
    'The attacker logs in with a stolen password and asks for "payments".',
    'The condition is false: no OTP is asked, and the tokens have the scope.',
  ],
  remedy: "Refer to the scope's resource instead of repeating its name.",
  sources: [guide('Conditions in conditional flows'), source('ConditionalClientScopeAuthenticator.matchCondition')],
  inspect(inspection) {
    for (const place of inspection.places()) {
      if (place.authenticator !== 'conditional-client-scope') continue;
      const name = place.setting('client_scope');
      if (name === undefined || exists(inspection, place, () => scopeExists(inspection.model, name))) continue;
      inspection.found(place, {
        what: `The condition looks at client scope "${name}", which does not exist`,
        gain: spares(place)
          ? 'It never holds: nobody is spared the proof.'
          : 'It never holds: the proof behind it is not asked.',
        instead: "Refer to the scope's resource, or correct the name",
      });
    }
  },
};
