import type { AssuranceLevel } from '../assurance/assurance-level';
import { proofNodes } from './factor-nodes';
import { condition, execution, type FlowNode, subflow } from './flow-node';
import { levelName } from './level-name';
import { ruleNodes } from './rule-nodes';
import type { StepUpRule } from './step-up-rule';

/**
 * The nodes of a browser flow with step-up: single sign-on, else one CONDITIONAL subflow a level, lowest first; after
 * both, the rules.
 *
 * The rules stand behind the subflow of the cookie, not in the forms beside it: there, single sign-on would skip them.
 */
export function stepUpNodes(levels: readonly AssuranceLevel[], rules: readonly StepUpRule[]): FlowNode[] {
  const login = [
    execution('auth-cookie', { requirement: 'ALTERNATIVE' }),
    subflow(
      'forms',
      'ALTERNATIVE',
      levels.map((level) => levelNode(level)),
    ),
  ];
  if (rules.length === 0) return login;
  return [subflow('login', 'REQUIRED', login), ...ruleNodes(rules, levels)];
}

/**
 * The CONDITIONAL subflow that grants a level, by Keycloak's condition on the Level of Authentication.
 *
 * @param proofs what to ask for instead of the level's factor
 */
export function levelNode(level: AssuranceLevel, proofs?: readonly FlowNode[]): FlowNode {
  const name = levelName(level);
  return subflow(name, 'CONDITIONAL', [
    condition('conditional-level-of-authentication', {
      'loa-condition-level': String(level.loa),
      'loa-max-age': String(level.maxAge.toSeconds()),
    }),
    ...(proofs ?? proofNodes(level, name)),
  ]);
}
