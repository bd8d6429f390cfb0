import { CLIENTS } from './clients';
import { CONDITIONS } from './conditions';
import { FLOW_SHAPE } from './flow-shape';
import { LEVELS } from './levels';

/** One for each rule: by them the rules are tested, and the attacks are made on a real Keycloak. */
export const CASES = [...FLOW_SHAPE, ...LEVELS, ...CLIENTS, ...CONDITIONS];
