export { OWN_CERTIFICATE } from './actions/profile';
export { RULES, type Rule, type RuleId } from './rules';
export { simulate } from './simulate';
export * from './types';
