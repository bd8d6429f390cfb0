import type { Rule } from '../rule';
import { levelPlaces, nameOf } from '../support/levels';
import { guide, source } from '../support/sources';

export const proofDisabled: Rule = {
  id: 'proof-disabled',
  code: 'SU208',
  level: 'error',
  summary: 'The subflow of a level has no enabled step, so the level can not be reached.',
  cause: 'A subflow without an enabled step never succeeds. When its level is requested the login fails with it.',
  attack: [
    'The OTP form of gold is set to DISABLED, to let users in without it for a while.',
    'Logins that ask for gold end on an error page.',
    'The application is changed not to ask any more, and stays so.',
  ],
  remedy: 'Enable a proof (REQUIRED), or remove the whole subflow and its acr name.',
  sources: [guide('Creating flows'), source('DefaultAuthenticationFlow.processFlow')],
  inspect(inspection) {
    for (const use of inspection.flows) {
      for (const { subflow, level } of levelPlaces(inspection, use)) {
        if (!subflow || subflow.all.some(({ execution, isCondition }) => execution.kind !== 'subflow' && !isCondition))
          continue;
        inspection.found(subflow, {
          what: `"${subflow.name}" has no enabled step but its condition`,
          gain: `Every login that asks for ${level === undefined ? 'its level' : nameOf(inspection.model, level)} is refused.`,
          instead: 'Enable its proof (REQUIRED)',
        });
      }
    }
  },
};
