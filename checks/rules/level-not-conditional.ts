import type { Rule } from '../rule';
import { levelPlaces } from '../support/levels';
import { guide, source } from '../support/sources';

export const levelNotConditional: Rule = {
  id: 'level-not-conditional',
  code: 'SU205',
  level: 'error',
  summary: 'A level condition stands in a subflow that is not CONDITIONAL, so it is never evaluated.',
  cause:
    'Keycloak evaluates conditions for CONDITIONAL subflows only. In a REQUIRED or ALTERNATIVE one the condition is passed over: the steps ' +
    'are asked regardless of the request, and the level is not reached.',
  attack: [
    'The subflows of the levels are REQUIRED.',
    'Users give password and OTP at every login, and get silver; gold can not be had.',
    'An essential acr is answered with silver and without an error, because no level condition took part.',
  ],
  remedy: 'Make the subflow CONDITIONAL.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('DefaultAuthenticationFlow.isConditionalSubflowDisabled'),
  ],
  inspect(inspection) {
    for (const use of inspection.flows) {
      for (const { condition, subflow, level } of levelPlaces(inspection, use)) {
        const requirement = subflow?.requirement;
        if (requirement === 'CONDITIONAL' || (subflow && requirement === undefined)) continue;
        inspection.found(condition, {
          what: `The condition of level ${level ?? '?'} stands ${subflow ? `in "${subflow.name}", which is ${requirement}` : 'at the top of the flow'}`,
          gain: 'It is never evaluated: the level is not reached, and an essential request for it gets a lower token without an error.',
          instead: 'Put it into a CONDITIONAL subflow with the proofs of the level',
        });
      }
    }
  },
};
