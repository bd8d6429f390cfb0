import type { Rule } from '../../checks';
import { RULES, ruleById, runRule } from '../../checks';
import { CASES } from './cases';
import { unknownEverywhere } from './support/unknown';

const found = (rule: Rule, model: Parameters<typeof runRule>[1]) =>
  runRule(rule, model).filter(({ verdict }) => verdict === 'found' || rule.id === 'unread-part');

test('every rule has one case', () => {
  expect(CASES.map(({ rule }) => rule).sort()).toEqual(RULES.map(({ id }) => id).sort());
});

describe.each(CASES)('$rule', ({ rule: id, vulnerable, remedied, remains }) => {
  const rule = ruleById(id) as Rule;

  test('finds the defect, where it is', () => {
    const findings = found(rule, vulnerable);
    expect(findings.map(({ rule: of }) => of)).toContain(id);
    for (const finding of findings) {
      expect(finding.location.path).not.toBe('');
      expect(finding.what).toMatch(/^[^\n]+[^.]$/);
      expect(finding.gain).toMatch(/\S/);
      expect(finding.instead).not.toMatch(/\.$/);
    }
  });

  test('finds nothing in the remedied realm', () => {
    expect(found(rule, remedied).filter(({ what }) => !remains?.test(what))).toEqual([]);
  });

  test('says that it can not tell where the source is unknown', () => {
    expect(runRule(rule, unknownEverywhere(vulnerable))).not.toEqual([]);
  });
});
