import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BY_CONDITION, LEVELS, RULES } from './cases';
import { failClosedPage } from './page';
import { type Fate, fate, realmOfRows, rowsOf, VICTIMS } from './table';

/** Each as test/live/apply/fail-closed.test.ts finds it on a real server. */
describe('One part of a flow that is missing', () => {
  test.each([...BY_CONDITION, ...RULES, ...LEVELS].map((one) => [one.name, one] as const))(
    'lets nobody through: %s',
    (_name, one) => {
      const rows = rowsOf([one]);
      const model = realmOfRows(rows);
      const closed: readonly Fate[] = ['asked', 'refused'];
      const open = rows.flatMap((row) =>
        VICTIMS.flatMap((victim) => {
          const what = fate(model, row, victim);
          return closed.includes(what) ? [] : [`${row.part}, ${row.damage}: ${what}`];
        }),
      );
      const ofLevel = /^conditional-level-of-authentication REQUIRED, (deleted|no requirement set): lower level$/;
      expect(open.filter((line) => !ofLevel.test(line))).toEqual([]);
      expect(rows.length).toBeGreaterThan(10);
    },
  );

  test('is the page (npx tsx test/flow/fail-closed/write-page.ts)', () => {
    expect(readFileSync(join(__dirname, '../../../docs/fail-closed.md'), 'utf8')).toBe(failClosedPage());
  });
});
