import type { AssuranceLevel } from '../assurance/assurance-level';
import { type Factor, singleFactors } from '../assurance/factor';
import { proofNodes } from './factor-nodes';
import { aliasOf, condition, execution, type FlowNode, subflow } from './flow-node';
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
  return [subflow('login', 'REQUIRED', login), ...ruleNodes(rules)];
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

/**
 * The subflows of rules, one for each proof that the level of a rule needs, so that each is asked for unless this login has
 * proved it already. They stand behind the subflows of the levels.
 */
export function ruleNodes(rules: readonly StepUpRule[]): FlowNode[] {
  const asked: RuleProof[] = [];
  return rules.flatMap((rule) => {
    const proofs = separateProofs(rule.requires.provedBy);
    return proofs.map((factor, part) => {
      const name = `rule.${rule.name}${proofs.length > 1 ? `.${factor.name}` : ''}`;
      const proof = { name, level: rule.requires, part };
      const node = subflow(name, 'CONDITIONAL', [
        ...(rule.when ?? []).map(({ execution: one }, index) => ({ ...one, name: `${one.name}-${index + 1}` })),
        ...notYetProved(factor, proof, asked),
        ...proofNodes(rule.requires, name, factor),
      ]);
      asked.push(proof);
      return node;
    });
  });
}

/** The subflow of a rule that asks for one of the proofs of a level. */
interface RuleProof {
  readonly name: string;
  readonly level: AssuranceLevel;
  /** Which of the level's proofs it is. */
  readonly part: number;
}

function separateProofs(factor: Factor): readonly Factor[] {
  return factor.kind === 'allOf' ? factor.factors.flatMap(separateProofs) : [factor];
}

/** Credentials that Keycloak notes as used when their authenticator has verified them, and at no other time. */
const NOTED_WHEN_VERIFIED = ['otp', 'recovery-authn-codes', 'webauthn', 'webauthn-passwordless', 'kerberos'];

/**
 * Keeps a user who has just proved the level, by asking for it in the same request, from being asked twice.
 *
 * The credentials that a login has used tell so only where nothing else counts as one: the user name form counts as a
 * password, a certificate as any other one whatever its checks were, and one proof of several as all of them. For those, what
 * tells is whether the level's own subflow has succeeded, or the same proof's of an earlier rule.
 */
function notYetProved(factor: Factor, { level, part }: RuleProof, earlier: readonly RuleProof[]): FlowNode[] {
  const singles = singleFactors(factor);
  const exact = factor.kind === 'single' || factor.factors.every(({ kind }) => kind === 'single');
  if (exact && singles.every(({ credentialType }) => NOTED_WHEN_VERIFIED.includes(credentialType))) {
    const credentials = singles.map(({ credentialType }) => credentialType);
    return [condition('conditional-credential', { credentials: credentials.join('##'), included: 'false' })];
  }
  const same = earlier.filter((one) => one.level === level && one.part === part).map(({ name }) => name);
  return [levelName(level), ...same].map((name, index) => ({
    ...condition('conditional-sub-flow-executed', { flow_to_check: aliasOf(name), check_result: 'not-executed' }),
    name: `not-proved-${index + 1}`,
  }));
}

function levelName({ loa, acr }: AssuranceLevel): string {
  return `level-${loa}.${inAlias(acr)}`;
}

/** A name as part of an alias. */
export function inAlias(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '-');
}
