import { roleExists } from '../../model/simulate/names';
import type { Rule } from '../rule';
import { exists } from '../support/exists';
import { spares } from '../support/places';
import { guide, source } from '../support/sources';

export const unknownRole: Rule = {
  id: 'unknown-role',
  code: 'SU602',
  level: 'error',
  summary: 'A condition looks at a role that does not exist, so it never holds, not even negated.',
  cause:
    'conditional-user-role with a role that the realm does not have is false, with and without "negate". There is no error.',
  attack: [
    'An OTP is asked of all who do not have the role "trusted-device"; the role was renamed.',
    'The attacker logs in with a stolen password.',
    'The condition is false although it is negated: no OTP is asked.',
  ],
  remedy: "Refer to the role's resource: the role's name for a realm role, client.role for a client's.",
  sources: [guide('Conditions in conditional flows'), source('ConditionalRoleAuthenticator.matchCondition')],
  inspect(inspection) {
    for (const place of inspection.places()) {
      if (place.authenticator !== 'conditional-user-role') continue;
      const name = place.setting('condUserRole');
      if (name === undefined || exists(inspection, place, () => roleExists(inspection.model, name))) continue;
      inspection.found(place, {
        what: `The condition looks at role "${name}", which does not exist`,
        gain: spares(place)
          ? 'It never holds, negated or not: nobody is spared the proof.'
          : 'It never holds, negated or not: the proof behind it is not asked.',
        instead: 'Refer to the role\'s resource; a client role is written "client.role"',
      });
    }
  },
};
