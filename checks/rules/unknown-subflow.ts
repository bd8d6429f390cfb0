import type { Rule } from '../rule';
import { spares } from '../support/places';
import { guide, source } from '../support/sources';

export const unknownSubflow: Rule = {
  id: 'unknown-subflow',
  code: 'SU603',
  level: 'error',
  summary: 'A condition looks at a subflow that its flow does not have: it counts as not executed.',
  cause:
    'conditional-sub-flow-executed looks for the alias among the subflows of its own flow. An unknown one was never executed: "executed" is always false, and ' +
    '"not-executed" always true.',
  attack: [
    'An OTP is asked if the passkey subflow was "executed", and that subflow is renamed.',
    'The attacker logs in; the condition is false, and the OTP is not asked.',
    'With "not-executed" in front of a deny it is the users who are refused, all of them.',
  ],
  remedy: "Refer to the alias of the subflow's resource, in the same top-level flow.",
  sources: [guide('Conditions in conditional flows'), source('ConditionalSubFlowExecutedAuthenticator.matchCondition')],
  inspect(inspection) {
    for (const place of inspection.places()) {
      if (place.authenticator !== 'conditional-sub-flow-executed') continue;
      const alias = place.setting('flow_to_check');
      if (alias === undefined) continue;
      const found = [...inspection.places([place.flow])].some(
        ({ execution }) => execution.kind === 'subflow' && execution.flow.alias === alias,
      );
      if (found) continue;
      const negated = place.setting('check_result') === 'not-executed';
      inspection.found(place, {
        what: `The condition looks at subflow "${alias}", which the flow does not have`,
        gain: negated
          ? 'It always holds: what stands behind it happens to every user.'
          : spares(place)
            ? 'It never holds: nobody is spared the proof.'
            : 'It never holds: the proof behind it is not asked.',
        instead: "Refer to the subflow's alias",
      });
    }
  },
};
