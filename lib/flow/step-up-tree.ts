import type { AssuranceLevel } from '../assurance/assurance-level';
import { type Factor, singleFactors } from '../assurance/factor';
import { proofNodes } from './factor-nodes';
import { condition, execution, type FlowNode, subflow } from './flow-node';
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
  return [subflow('login', 'REQUIRED', login), ...rules.flatMap(ruleNodes)];
}

/**
 * The CONDITIONAL subflow that grants a level, by Keycloak's condition on the Level of Authentication.
 *
 * @param proofs what to ask for instead of the level's factor
 */
export function levelNode(level: AssuranceLevel, proofs?: readonly FlowNode[]): FlowNode {
  const name = `level-${level.loa}.${inAlias(level.acr)}`;
  return subflow(name, 'CONDITIONAL', [
    condition('conditional-level-of-authentication', {
      'loa-condition-level': String(level.loa),
      'loa-max-age': String(level.maxAge.toSeconds()),
    }),
    ...(proofs ?? proofNodes(level, name)),
  ]);
}

/** One subflow for each proof that the level needs, so that each is asked for unless this login has used it already. */
export function ruleNodes(rule: StepUpRule): FlowNode[] {
  const proofs = separateProofs(rule.requires.provedBy);
  return proofs.map((factor) => {
    const name = `rule.${rule.name}${proofs.length > 1 ? `.${factor.name}` : ''}`;
    return subflow(name, 'CONDITIONAL', [
      ...(rule.when ?? []).map(({ execution: one }, index) => ({ ...one, name: `${one.name}-${index + 1}` })),
      ...notYetUsed(factor),
      ...proofNodes(rule.requires, name, factor),
    ]);
  });
}

function separateProofs(factor: Factor): readonly Factor[] {
  return factor.kind === 'allOf' ? factor.factors.flatMap(separateProofs) : [factor];
}

/**
 * Keeps a user who has just proved the level, by asking for it in the same request, from being asked twice. Where one of
 * the alternatives is itself several proofs, one of them alone must not count, so it is asked for always.
 */
function notYetUsed(factor: Factor): FlowNode[] {
  if (factor.kind === 'anyOf' && factor.factors.some(({ kind }) => kind !== 'single')) return [];
  const credentials = singleFactors(factor).map(({ credentialType }) => credentialType);
  return [condition('conditional-credential', { credentials: credentials.join('##'), included: 'false' })];
}

/** A name as part of an alias. */
export function inAlias(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '-');
}
