import type { Rule } from '../rule';
import { locate } from '../support/inspection';

export const unreadPart: Rule = {
  id: 'unread-part',
  code: 'SU113',
  level: 'note',
  summary: 'A part of the source could not be read, so what rests on it can not be told.',
  cause:
    'A configuration holds values that only the apply knows: references to data sources, variables without a default, resources of a ' +
    'module that is not here. They are kept as unknown and are never taken as safe.',
  attack: ['What is unknown here is decided elsewhere, where these checks did not look.'],
  remedy: 'Check the plan ("terraform show -json"), the state, or the live realm too.',
  sources: ['Terraform, "JSON Output Format"'],
  inspect(inspection) {
    for (const part of inspection.model.unknowns) inspection.cannotTell(locate('realm', part), part.unknown);
  },
};
