import { splitJava } from './java';

/** Client attribute `default.acr.values`: values joined by `##` (`Constants.CFG_DELIMITER`). */
export function readDefaultAcrValues(attribute: string): string[] {
  return attribute === '' ? [] : splitJava(attribute, '##');
}
