import type { AssuranceLevel } from '../assurance/assurance-level';
import { describe } from '../support/configuration-error';
import { contentOf } from '../support/content';
import type { StepUpRealm } from './step-up-realm';

const ACR_MAP = 'acr.loa.map';

/** The realm attribute that gives the levels their names. */
export function acrMapAttribute(levels: readonly AssuranceLevel[]): Record<string, string> {
  return { [ACR_MAP]: JSON.stringify(Object.fromEntries(levels.map(({ acr, loa }) => [acr, loa]))) };
}

/** Messages on another map in the realm's resource, such as none among attributes that were set anew. */
export function acrMapProblems(realm: StepUpRealm): string[] {
  const attributes = contentOf(realm.resource).attributes as Record<string, unknown> | undefined;
  const now = attributes?.[ACR_MAP];
  const own = acrMapAttribute(realm.levels)[ACR_MAP];
  if (now === own) return [];
  return [
    describe({
      value: `attribute "${ACR_MAP}" ${JSON.stringify(now)}, not ${own}`,
      why: 'by another map requests for a level are ignored, or had with the proof of a lower one',
      instead: 'Keep it when you add attributes to the realm: { ...realm.resource.attributesInput, ... }',
    }),
  ];
}
