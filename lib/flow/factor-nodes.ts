import type { AssuranceLevel } from '../assurance/assurance-level';
import { type CompositeFactor, type Factor, type SingleFactor, singleFactors } from '../assurance/factor';
import { complete, wasExecuted } from './complete';
import { condition, execution, type FlowNode, type Requirement, subflow } from './flow-node';

/**
 * The nodes that ask for the proof of a level, for the end of a CONDITIONAL or REQUIRED subflow.
 *
 * A user who lacks the credential is refused by a subflow that runs only when the one with the proof was skipped. An
 * alternative "deny" beside the proof would do the same, but Keycloak then offers it to users as another way to log in.
 *
 * What a user owns is asked of each subflow on its own, because the condition on it (`conditional-user-configured`) sees
 * the executions beside it and none in subflows below. Nor is a bare REQUIRED execution enough to refuse: Keycloak takes
 * recovery codes that are yet to be enrolled for proved, even while their required action is disabled.
 *
 * @param prefix of the subflows' names, unique in the flow
 */
export function proofNodes(level: AssuranceLevel, prefix: string, factor: Factor = level.provedBy): FlowNode[] {
  if (factor.kind === 'single') return singleProof(level, prefix, factor);
  if (factor.kind === 'anyOf') return anyProof(level, prefix, alternativesOf(factor));
  if (level.unenrolled === 'deny' && factor.factors.every(isPlain)) {
    return ifEnrolled(prefix, allSteps(level, factor), [denial(level)]);
  }
  // One part after the other: whoever owns some of them must prove those before the rest can be enrolled.
  const parts = factor.factors.map((one, index) => {
    const name = `${prefix}.${index + 1}-${one.name}`;
    return subflow(name, 'REQUIRED', proofNodes(level, name, one));
  });
  // Each in a subflow that fails if nothing in it was run: a condition that has lost its config would leave the other parts to pass.
  return [...parts, complete(prefix, parts)];
}

function singleProof(level: AssuranceLevel, prefix: string, factor: SingleFactor): FlowNode[] {
  const nodes = steps(level, factor, 'REQUIRED');
  // Keycloak itself offers to enrol what is REQUIRED.
  if (factor.enrolment === undefined || level.unenrolled !== 'deny') return nodes;
  // What finds out the user comes first: without a user nothing tells what they own.
  const first = nodes.slice(0, -1);
  const last = ifEnrolled(prefix, nodes.slice(-1), [denial(level)]);
  if (first.length === 0) return last;
  const proof = subflow(`${prefix}.${factor.name}`, 'REQUIRED', last);
  return [...first, proof, complete(prefix, [proof])];
}

function anyProof(level: AssuranceLevel, prefix: string, factors: readonly Factor[]): FlowNode[] {
  if (!factors.every(isPlain)) {
    const name = `${prefix}.any`;
    const alternatives = factors.map((one) => alternative(level, name, one));
    return [subflow(name, 'REQUIRED', alternatives)];
  }
  const alternatives = factors.map((one) => alternative(level, prefix, one));
  const [first] = factors as [Factor];
  return ifEnrolled(
    prefix,
    alternatives,
    level.unenrolled === 'deny' ? [denial(level)] : proofNodes(level, prefix, first),
  );
}

/** One node that is an alternative to its siblings, and fails for a user who lacks any part of it. */
function alternative(level: AssuranceLevel, prefix: string, factor: Factor): FlowNode {
  const name = `${prefix}.${factor.name}`;
  if (factor.kind !== 'single') {
    return subflow(
      name,
      'ALTERNATIVE',
      factor.factors.every(isPlain) ? [whenEnrolled(name, allSteps(level, factor))] : proofNodes(level, name, factor),
    );
  }
  const [only, ...more] = steps(level, factor, 'ALTERNATIVE');
  if (only !== undefined && more.length === 0) return only;
  return subflow(name, 'ALTERNATIVE', steps(level, factor, 'REQUIRED'));
}

/** Whether the factor is one execution that can tell which users own its credential. */
function isPlain(factor: Factor): boolean {
  return factor.kind === 'single' && factor.enrolment !== undefined && factor.steps.length === 1;
}

/** The alternatives of an `anyOf`, those of an `anyOf` in it included. */
function alternativesOf(factor: CompositeFactor): Factor[] {
  return factor.factors.flatMap((one) => (one.kind === 'anyOf' ? alternativesOf(one) : [one]));
}

function ifEnrolled(prefix: string, proof: readonly FlowNode[], otherwise: readonly FlowNode[]): FlowNode[] {
  const enrolled = whenEnrolled(prefix, proof);
  return [enrolled, subflow(`${prefix}.unenrolled`, 'CONDITIONAL', [wasExecuted(enrolled.name, false), ...otherwise])];
}

function whenEnrolled(prefix: string, proof: readonly FlowNode[]): FlowNode {
  return subflow(`${prefix}.enrolled`, 'CONDITIONAL', [condition('conditional-user-configured'), ...proof]);
}

function denial(level: AssuranceLevel): FlowNode {
  return execution('deny-access-authenticator', {
    config: { denyErrorMessage: `Your account is not set up to prove the level "${level.acr}".` },
  });
}

function allSteps(level: AssuranceLevel, factor: Factor): FlowNode[] {
  return singleFactors(factor).flatMap((one) => steps(level, one, 'REQUIRED'));
}

/**
 * The executions of a single factor. The last one carries its amr value, which counts as long as the level does.
 * Source: Server Administration Guide, "Authentication Method Reference (AMR)".
 */
function steps(level: AssuranceLevel, factor: SingleFactor, requirement: Requirement): FlowNode[] {
  const maxAge = level.maxAge.toSeconds();
  return factor.steps.map(({ authenticator, config }, index) => {
    const last = index === factor.steps.length - 1;
    const amr = { 'default.reference.value': factor.amr, 'default.reference.maxAge': String(maxAge) };
    return execution(authenticator, {
      requirement,
      name: last ? factor.name : authenticator,
      config: last ? { ...config, ...amr } : config,
    });
  });
}
