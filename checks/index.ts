export { type Guard, GuardError, guardText, parseGuard } from './guard';
export { KNOWN_DEFECTS, type KnownDefect } from './known-defects';
export { indexOf, pageOf } from './page';
export { RULES, ruleById } from './registry';
export {
  type CheckedRealm,
  type Finding,
  LEVELS,
  type Level,
  type Location,
  type Rule,
  type Suppression,
} from './rule';
export { check, runRule, SuppressionError } from './run';
