import type { Rule } from '../rule';
import { guide, source } from '../support/sources';

export const attributeCondition: Rule = {
  id: 'attribute-condition',
  code: 'SU605',
  level: 'note',
  summary:
    'A condition looks at a user attribute; whether it exists, and who may change it, can not be told from here.',
  cause:
    'An attribute that a user does not have is not equal to anything. A typo in its name, and a user who edits the attribute in the account console, both make the ' +
    'condition false.',
  attack: [
    'An OTP is asked of users whose attribute "departement" is "finance"; the attribute is named "department".',
    'The attacker logs in with the stolen password of somebody in finance.',
    'The condition is false: no OTP is asked.',
  ],
  remedy:
    'Log in once as a user with the attribute. In the user profile, let only administrators edit it. A role says the same and can be referred to.',
  sources: [
    guide('Conditions in conditional flows'),
    guide('Managing user attributes'),
    source('ConditionalUserAttributeValue.matchCondition'),
  ],
  inspect(inspection) {
    for (const place of inspection.places()) {
      if (place.authenticator !== 'conditional-user-attribute') continue;
      const name = place.setting('attribute_name');
      if (name === undefined) continue;
      inspection.found(place, {
        what: `The condition looks at user attribute "${name}"`,
        gain: 'If the name is misspelt, or users may edit the attribute, the proof behind it is not asked.',
        instead: 'See by a login that it holds, and let only administrators edit the attribute; or use a role',
      });
    }
  },
};
