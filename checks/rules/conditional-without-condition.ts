import type { Rule } from '../rule';
import { disabledIn } from '../support/places';
import { guide, source } from '../support/sources';

export const conditionalWithoutCondition: Rule = {
  id: 'conditional-without-condition',
  code: 'SU101',
  level: 'error',
  summary: 'A CONDITIONAL subflow without an enabled condition is never entered.',
  cause:
    'Keycloak looks for enabled conditions among the direct children of a CONDITIONAL subflow. With none it takes the ' +
    'subflow as disabled and goes on; there is no warning, and the steps inside look as if they were asked.',
  attack: [
    'A level or a second factor stands in a CONDITIONAL subflow whose condition is missing or DISABLED.',
    'The attacker logs in with a stolen password.',
    'The subflow is skipped; nothing else is asked.',
  ],
  remedy:
    'Put an enabled condition into the subflow (REQUIRED, for example conditional-level-of-authentication), or make the ' +
    'subflow REQUIRED.',
  sources: [guide('Conditions in conditional flows'), source('DefaultAuthenticationFlow.isConditionalSubflowDisabled')],
  inspect(inspection) {
    for (const place of inspection.places()) {
      const { execution } = place;
      if (execution.kind !== 'subflow' || place.requirement !== 'CONDITIONAL') continue;
      const { children } = place;
      if (children.some((child) => child.isCondition)) continue;
      if (children.some((child) => child.isCustom)) {
        inspection.cannotTell(place.location, 'an authenticator of its own may be a condition');
        continue;
      }
      const disabled = disabledIn(execution).length > 0;
      if (children.length === 0 && !disabled) continue;
      inspection.found(place, {
        what: `Subflow "${place.name}" is CONDITIONAL and has no enabled condition`,
        gain: 'Keycloak skips it: whoever logs in is not asked for any of its steps.',
        instead: disabled
          ? 'Enable its condition (REQUIRED), or make the subflow REQUIRED'
          : 'Add a condition to it, or make the subflow REQUIRED',
      });
    }
  },
};
