import type { AssuranceLevel } from '../assurance/assurance-level';
import type { Factor, SingleFactor } from '../assurance/factor';
import { ALLOW, complete, wasExecuted } from './complete';
import { proofNodes } from './factor-nodes';
import { type FlowNode, type Subflow, subflow } from './flow-node';
import { levelName } from './level-name';
import type { LoginCondition, StepUpRule } from './step-up-rule';

/**
 * The subflows of rules: one REQUIRED subflow for each proof that the rules of a level need. It is passed by whoever has proved
 * the level in this login, by whom no rule is about, and else by the proof:
 *
 *     rule.payments REQUIRED
 *       .proved ALTERNATIVE [ CONDITIONAL [ the level's subflow was executed, allow ] ]
 *       .exempt ALTERNATIVE [ CONDITIONAL [ scope payments is not asked for, allow ] ]
 *       .prove  ALTERNATIVE [ the proof ]
 *
 * Not the other way round, a CONDITIONAL subflow that asks where the scope is asked for: Keycloak skips one whose condition is missing,
 * has no config or stands there twice, as after an apply that broke off. Here such a condition spares nobody the proof. The
 * alternatives are subflows with a CONDITIONAL one in them, because an ALTERNATIVE's own conditions count for nothing and
 * alternatives beside a CONDITIONAL are ignored. An `allow` can't be chosen by "Try another way": Keycloak offers the steps of a
 * CONDITIONAL subflow only while its conditions hold, and then the flow has passed it.
 *
 * Rules of one condition share the proof of their level. They stand in each other, so that whatever is missing of one (its whole
 * subflow, too) keeps from the only `allow`; side by side, a missing one would be a rule that is not there. A rule of several
 * conditions is passed if one of them doesn't hold, so it has a subflow of its own.
 *
 * The last node refuses if one of the REQUIRED subflows is not there at all.
 *
 * What was proved is told by subflows, not by `conditional-credential`: that one holds where it has no config.
 *
 * @param levels those whose subflows ask for their proofs, before these nodes in the flow
 */
export function ruleNodes(rules: readonly StepUpRule[], levels: readonly AssuranceLevel[]): FlowNode[] {
  const asked: RuleProof[] = [];
  const nodes = groupsOf(rules).flatMap((group): Subflow[] => {
    const factors = separateProofs(group.level.provedBy);
    const required = factors.map((factor) => {
      const name = factors.length > 1 ? `${group.name}.${factor.name}` : group.name;
      const proof = { name, level: group.level, factor };
      const node = subflow(name, 'REQUIRED', [
        subflow(provedBy(name), 'ALTERNATIVE', passes(provedBy(name), alreadyProved(proof, asked, levels))),
        ...exemptions(group, name),
        subflow(askedBy(name), 'ALTERNATIVE', proofNodes(group.level, name, factor)),
      ]);
      asked.push(proof);
      return node;
    });
    return [...signs(group), ...required];
  });
  const required = nodes.filter(({ requirement }) => requirement === 'REQUIRED');
  return required.length > 0 ? [...nodes, complete('rules', required)] : [];
}

/** Rules that the same proofs are asked for. */
interface RuleGroup {
  readonly name: string;
  readonly level: AssuranceLevel;
  readonly rules: readonly StepUpRule[];
}

/** A subflow that asks for one of the proofs of a level. */
interface RuleProof {
  readonly name: string;
  readonly level: AssuranceLevel;
  readonly factor: Factor;
}

function groupsOf(rules: readonly StepUpRule[]): RuleGroup[] {
  const simple = (rule: StepUpRule) => rule.when?.length === 1;
  return rules.flatMap((rule, index): RuleGroup[] => {
    const own = { name: `rule.${rule.name}`, level: rule.requires, rules: [rule] };
    if (!simple(rule)) return [own];
    const alike = (one: StepUpRule) => simple(one) && one.requires === rule.requires;
    if (rules.slice(0, index).some(alike)) return [];
    const all = rules.filter(alike);
    return [all.length > 1 ? { ...own, name: `rules.${levelName(rule.requires)}`, rules: all } : own];
  });
}

function separateProofs(factor: Factor): readonly Factor[] {
  return factor.kind === 'allOf' ? factor.factors.flatMap(separateProofs) : [factor];
}

function provedBy(name: string): string {
  return `${name}.proved`;
}

function askedBy(name: string): string {
  return `${name}.prove`;
}

/** What is passed where one of the subflows was executed. */
function passes(name: string, subflows: readonly string[]): FlowNode[] {
  return subflows.map((executed, index) =>
    subflow(`${name}-${index + 1}`, 'CONDITIONAL', [wasExecuted(executed, true), ALLOW]),
  );
}

/**
 * The subflows that were executed if this login has proved the factor. Whatever an earlier rule knows to be proved goes on by that
 * rule, so that the number of conditions doesn't grow with the rules before it.
 */
function alreadyProved(
  { level, factor }: RuleProof,
  earlier: readonly RuleProof[],
  levels: readonly AssuranceLevel[],
): string[] {
  // Where users may enrol on the way, a subflow is executed without a proof.
  const counts = (other: AssuranceLevel) => other === level || other.unenrolled === 'deny';
  const same = earlier.findLast(
    (one) => one.level === level && implies(one.factor, factor) && implies(factor, one.factor),
  );
  const others = earlier.filter((one) => one.level !== level && counts(one.level) && implies(one.factor, factor));
  return [
    ...(same
      ? [provedBy(same.name)]
      : levels.filter((one) => counts(one) && implies(one.provedBy, factor)).map(levelName)),
    ...[...(same ? [same] : []), ...others].map(({ name }) => askedBy(name)),
  ];
}

/** Whether who has proved `had` has proved `wanted`, too. */
function implies(had: Factor, wanted: Factor): boolean {
  if (had.kind === 'anyOf') return had.factors.every((one) => implies(one, wanted));
  if (wanted.kind !== 'single') {
    const parts = wanted.factors.map((one) => implies(had, one));
    return wanted.kind === 'anyOf' ? parts.includes(true) : !parts.includes(false);
  }
  if (had.kind === 'single') return isSame(had, wanted);
  return had.factors.some((one) => implies(one, wanted));
}

function isSame(one: SingleFactor, other: SingleFactor): boolean {
  return one.credentialType === other.credentialType && JSON.stringify(one.steps) === JSON.stringify(other.steps);
}

/** The alternative for logins that none of the rules is about; none if a rule is about all of them. */
function exemptions({ rules }: RuleGroup, name: string): Subflow[] {
  const nodes = rules.length > 1 ? ifNone(rules, name) : rules.flatMap((rule) => ifNot(rule, name));
  return nodes.length > 0 ? [subflow(`${name}.exempt`, 'ALTERNATIVE', nodes)] : [];
}

/** Passed if no rule holds, each of which has one condition. */
function ifNone([rule, ...others]: readonly StepUpRule[], name: string): FlowNode[] {
  if (rule === undefined) return [ALLOW];
  return [
    subflow(`${name}.unless.${rule.name}`, 'CONDITIONAL', [...oppositesOf(rule).flat(), ...ifNone(others, name)]),
  ];
}

/** Passed if one of the rule's conditions doesn't hold. */
function ifNot(rule: StepUpRule, name: string): FlowNode[] {
  return oppositesOf(rule).map((opposite, index, { length }) =>
    subflow(`${name}.unless${length > 1 ? `-${index + 1}` : ''}`, 'CONDITIONAL', [...opposite, ALLOW]),
  );
}

/** Conditions that hold where they have no config; the others don't hold then, or end the login. */
const HOLDS_WITHOUT_CONFIG: readonly string[] = ['conditional-credential'];

function needsSign({ opposite }: LoginCondition): boolean {
  return HOLDS_WITHOUT_CONFIG.includes(opposite.authenticator);
}

/**
 * Subflows in front of a rule that are executed where a condition of it holds. Where the opposite of the condition would hold without
 * its config, it spares the proof only if that subflow was not executed, so that nothing is spared by one thing that is missing.
 */
function signs({ rules }: RuleGroup): Subflow[] {
  return rules.flatMap((rule) =>
    (rule.when ?? []).flatMap((one, index) =>
      needsSign(one) ? [subflow(signOf(rule, index), 'CONDITIONAL', [one.execution, ALLOW])] : [],
    ),
  );
}

function signOf({ name, when = [] }: StepUpRule, index: number): string {
  return `rule.${name}.holds${when.length > 1 ? `-${index + 1}` : ''}`;
}

/** For each condition of a rule, what holds if it doesn't. */
function oppositesOf(rule: StepUpRule): FlowNode[][] {
  return (rule.when ?? []).map((one, index) => [
    one.opposite,
    ...(needsSign(one) ? [wasExecuted(signOf(rule, index), false)] : []),
  ]);
}
