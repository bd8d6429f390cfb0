import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexOf, pageOf, RULES } from '../../checks';

const FOLDER = join(__dirname, '../../docs/checks');

describe('the documentation pages', () => {
  test('are one a rule, and the table', () => {
    expect(readdirSync(FOLDER).sort()).toEqual([...RULES.map(({ id }) => `${id}.md`), 'README.md'].sort());
    expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toBe(indexOf(RULES));
  });

  test.each(RULES)('$id is what the rule says (npx tsx checks/write-pages.ts)', (rule) => {
    expect(readFileSync(join(FOLDER, `${rule.id}.md`), 'utf8')).toBe(pageOf(rule));
  });
});
