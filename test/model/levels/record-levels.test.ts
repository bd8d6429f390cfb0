import fc from 'fast-check';
import {
  type LevelHistory,
  type Meant,
  parseLevelHistory,
  printLevelHistory,
  RecordError,
  type RecordedLevel,
  recordLevels,
} from '../../../model/levels';

const levels = (...names: string[]) => names.map((acr) => ({ acr }));
const inFile = (history: LevelHistory): string[] =>
  (history.acme ?? [])
    .toSorted((one, other) => one.loa - other.loa)
    .map(({ acr, loa, retired, sessions }) => `${acr}:${loa}${retired ? '-' : ''}${sessions ? '!' : ''}`);

/** Records one list of names after the other. */
function recording(...steps: (readonly [string[], ...Meant[]])[]) {
  let history: LevelHistory = {};
  let kinds: string[] = [];
  for (const [names, ...meant] of steps) {
    const step = recordLevels(history, [{ realm: 'acme', levels: levels(...names) }], meant);
    history = step.history;
    kinds = step.changes.map(({ kind, acr }) => `${kind} ${acr}`);
  }
  return { levels: inFile(history), kinds };
}

const START = [['silver', 'gold']] as const satisfies readonly [string[]];

describe('recordLevels', () => {
  test('adds what is new, retires what is gone, and drops nothing', () => {
    expect(recording(START)).toEqual({ levels: ['silver:10', 'gold:20'], kinds: ['new silver', 'new gold'] });
    expect(recording(START, START)).toEqual({ levels: ['silver:10', 'gold:20'], kinds: [] });
    expect(recording(START, [['silver']])).toEqual({ levels: ['silver:10', 'gold:20-'], kinds: ['retired gold'] });
    expect(recording(START, [['silver']], [['silver', 'top']]).levels).toEqual(['silver:10', 'gold:20-', 'top:30']);
  });

  test('a level below others leaves sessions open, until they are settled', () => {
    const between = recording(START, [['silver', 'mid', 'gold']]);
    expect(between).toEqual({ levels: ['silver:10', 'mid:15!', 'gold:20'], kinds: ['between mid'] });
    const names = ['silver', 'mid', 'gold'];
    expect(recording(START, [names], [names]).kinds).toEqual([]);
    const settled = recording(START, [names], [names, { kind: 'settled', acr: 'mid' }]);
    expect(settled).toEqual({ levels: ['silver:10', 'mid:15', 'gold:20'], kinds: ['settled mid'] });
  });

  test('a level below others leaves none open if those get other numbers', () => {
    const { levels: now, kinds } = recording(START, [['silver', 'mid', 'gold'], { kind: 'renumber', acr: 'gold' }]);
    expect(now).toEqual(['silver:10', 'gold:20-', 'mid:30', 'gold:40']);
    expect(kinds).toEqual(['new mid', 'renumbered gold']);
  });

  test('a renamed level keeps its number', () => {
    const { levels: now, kinds } = recording(START, [
      ['silver', 'aurum'],
      { kind: 'rename', acr: 'gold', as: 'aurum' },
    ]);
    expect(now).toEqual(['silver:10', 'gold:20-', 'aurum:20']);
    expect(kinds).toEqual(['renamed aurum']);
  });

  test('a level that changes places with a higher one leaves the sessions of that open', () => {
    const { levels: now } = recording([['a', 'b', 'c']], [['a', 'c', 'b'], { kind: 'renumber', acr: 'c' }]);
    expect(now).toEqual(['a:10', 'c:15!', 'b:20', 'c:30-']);
    const { levels: up } = recording([['a', 'b', 'c']], [['a', 'c', 'b'], { kind: 'renumber', acr: 'b' }]);
    expect(up).toEqual(['a:10', 'b:20-', 'c:30', 'b:40']);
    const { levels: same } = recording([['a', 'b', 'c']], [['a', 'b', 'c'], { kind: 'renumber', acr: 'b' }]);
    expect(same).toEqual(['a:10', 'b:20-', 'b:25', 'c:30']);
  });

  test('of several realms with the old name, the one with the new one is meant', () => {
    const history = { acme: [{ acr: 'gold', loa: 20 }], staff: [{ acr: 'gold', loa: 20 }] };
    const declared = [
      { realm: 'acme', levels: levels('aurum') },
      { realm: 'staff', levels: levels('gold') },
    ];
    const { history: now } = recordLevels(history, declared, [{ kind: 'rename', acr: 'gold', as: 'aurum' }]);
    expect(inFile(now)).toEqual(['gold:20-', 'aurum:20']);
    expect(now.staff).toEqual(history.staff);
  });

  test('a retired level is there again only if it is said', () => {
    const again: Meant = { kind: 'again', acr: 'gold' };
    expect(() => recording(START, [['silver']], START)).toThrow(/the name is retired/);
    expect(recording(START, [['silver']], [['silver', 'gold'], again]).levels).toEqual(['silver:10', 'gold:20']);
    expect(recording(START, [['silver']], [['silver', 'gold'], { kind: 'renumber', acr: 'gold' }]).levels).toEqual([
      'silver:10',
      'gold:20-',
      'gold:30',
    ]);
    // A level above that came meanwhile did not prove it.
    expect(recording(START, [['silver']], [['silver', 'top']], [['silver', 'gold', 'top'], again]).levels).toEqual([
      'silver:10',
      'gold:20!',
      'top:30',
    ]);
    expect(() =>
      recording(START, [['silver']], [['silver', 'top']], [['silver']], [['silver', 'gold'], again]),
    ).toThrow(/sessions with 30, the number of "top"/);
  });

  test('stacks of one history share it, whatever each declares', () => {
    const { history, changes } = recordLevels({}, [
      { realm: 'acme', levels: levels('silver', 'mid', 'gold') },
      { realm: 'acme', levels: levels('silver', 'gold', 'top') },
      { realm: 'staff', levels: levels('one') },
    ]);
    expect(inFile(history)).toEqual(['silver:10', 'mid:20', 'gold:30', 'top:40']);
    expect(changes).toHaveLength(5);
    expect(history.staff).toEqual([{ acr: 'one', loa: 10 }]);
    const later = recordLevels(history, [{ realm: 'acme', levels: levels('silver', 'gold', 'top') }]);
    expect(inFile(later.history)).toEqual(['silver:10', 'mid:20-', 'gold:30', 'top:40']);
    expect(later.history.staff).toEqual(history.staff);
  });

  test.each<[string, string[], Meant, RegExp]>([
    ['a new name that a level had', ['silver', 'old'], { kind: 'rename', acr: 'gold', as: 'old' }, /"old" had 30/],
    ['a new name that no level has', ['silver'], { kind: 'rename', acr: 'gold', as: 'x' }, /no level is called "x"/],
    ['a rename beside the old name', ['silver', 'gold', 'x'], { kind: 'rename', acr: 'gold', as: 'x' }, /"gold" still/],
    ['a rename of nothing', ['silver', 'gold'], { kind: 'rename', acr: 'none', as: 'gold' }, /--rename none: no level/],
    ['a number anew of nothing', ['silver', 'gold'], { kind: 'renumber', acr: 'none' }, /--renumber none: no level/],
    [
      'one again that is there',
      ['silver', 'gold'],
      { kind: 'again', acr: 'gold' },
      /--again gold: no level .* retired/,
    ],
    ['one again that no stack has', ['silver', 'gold'], { kind: 'again', acr: 'old' }, /no stack has a level of this/],
    ['what is settled', ['silver', 'gold'], { kind: 'settled', acr: 'gold' }, /--settled gold: no sessions are open/],
  ])('refuses %s', (_what, names, meant, message) => {
    const acme: RecordedLevel[] = [
      { acr: 'silver', loa: 10 },
      { acr: 'gold', loa: 20 },
      { acr: 'old', loa: 30, retired: true },
    ];
    const run = () => recordLevels({ acme }, [{ realm: 'acme', levels: levels(...names) }], [meant]);
    expect(run).toThrow(RecordError);
    expect(run).toThrow(message);
  });

  test('a number that the stack writes out is no new one', () => {
    const acme: RecordedLevel[] = [{ acr: 'gold', loa: 20 }];
    const renumber: Meant = { kind: 'renumber', acr: 'gold' };
    const declared = [{ realm: 'acme', levels: [{ acr: 'gold', loa: 20 }] }];
    expect(() => recordLevels({ acme }, declared, [renumber])).toThrow(/the stack says loa: 20/);
  });

  test('by no edits does a session get a name that it did not have, unless it is told that sessions are open', () => {
    const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
    const nameOf = (used: readonly RecordedLevel[], loa: number) =>
      used.filter((level) => level.loa <= loa).sort((one, other) => other.loa - one.loa)[0]?.acr;
    fc.assert(
      fc.property(fc.array(fc.subarray(NAMES, { minLength: 1 }), { minLength: 2, maxLength: 8 }), (edits) => {
        let history: LevelHistory = {};
        const had = new Map<number, Set<string>>();
        for (const names of edits) {
          let step: ReturnType<typeof recordLevels>;
          try {
            step = recordLevels(history, [{ realm: 'acme', levels: levels(...names) }]);
          } catch (error) {
            if (error instanceof RecordError) continue;
            throw error;
          }
          history = step.history;
          const all = history.acme ?? [];
          const used = all.filter(({ retired }) => !retired);
          const isOpen = (name: string) => used.some(({ acr, sessions }) => acr === name && sessions !== undefined);
          expect(parseLevelHistory(printLevelHistory(history), '')).toBeDefined();
          for (const { loa } of all) {
            const name = nameOf(used, loa);
            const before = had.get(loa);
            if (before === undefined) {
              // Whoever proves a level has proved those below it.
              had.set(loa, new Set(used.filter((level) => level.loa <= loa).map(({ acr }) => acr)));
            } else if (name !== undefined && !before.has(name) && !isOpen(name)) {
              throw new Error(`sessions with ${loa} have ${name} after ${JSON.stringify(edits)}`);
            }
          }
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
