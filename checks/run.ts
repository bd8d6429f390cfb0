import { isUnknown, type RealmModel } from '../model/realm-model';
import type { Guard } from './guard';
import { RULES } from './registry';
import { type CheckedRealm, type Finding, LEVELS, type Rule, type Suppression } from './rule';
import { Inspection } from './support/inspection';

/** A suppression without a reason, or of a rule that doesn't exist. The message is for the user. */
export class SuppressionError extends Error {
  override readonly name = 'SuppressionError';
}

/** What one rule says of a realm, in the order of the model. */
export function runRule(rule: Rule, model: RealmModel, guards: readonly Guard[] = []): Finding[] {
  const inspection = new Inspection(model, rule, guards);
  rule.inspect(inspection);
  return inspection.findings;
}

/**
 * What the rules say of a realm: errors first, then by the rule's code, then in the order of the model.
 *
 * @param guards what must not be had for less than a level, beside what the realm itself shows
 * @throws SuppressionError on a suppression that gives no reason or names no rule
 */
export function check(
  model: RealmModel,
  suppressions: readonly Suppression[] = [],
  rules: readonly Rule[] = RULES,
  guards: readonly Guard[] = [],
): CheckedRealm {
  for (const suppression of suppressions) insistOnReason(suppression, rules);
  const all = rules
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    .flatMap((rule) => runRule(rule, model, guards))
    .toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  const findings: Finding[] = [];
  const suppressed: { finding: Finding; reason: string }[] = [];
  const used = new Set<Suppression>();
  for (const finding of all) {
    const suppression = suppressions.find((each) => suppresses(each, finding));
    if (!suppression) {
      findings.push(finding);
      continue;
    }
    used.add(suppression);
    suppressed.push({ finding, reason: suppression.reason });
  }
  return {
    realm: isUnknown(model.realm) ? '(unknown)' : model.realm,
    model,
    findings,
    suppressed,
    unused: suppressions.filter((each) => !used.has(each)),
  };
}

function suppresses({ id, at }: Suppression, { rule, location }: Finding): boolean {
  if (id !== rule) return false;
  return at === undefined || location.path.includes(at) || (location.address?.includes(at) ?? false);
}

function insistOnReason({ id, reason }: Suppression, rules: readonly Rule[]): void {
  if (!rules.some((rule) => rule.id === id)) {
    throw new SuppressionError(
      `Suppression of "${id}": there is no such rule. Name a rule by its id, for example "${rules[0]?.id}".`,
    );
  }
  if (typeof reason !== 'string' || reason.trim() === '') {
    throw new SuppressionError(
      `Suppression of "${id}": it gives no reason. Say why the finding is accepted: { id: '${id}', reason: '…' }.`,
    );
  }
}
