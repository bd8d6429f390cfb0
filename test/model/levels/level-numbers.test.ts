import { type DeclaredLevel, movedMeaning, numberLevels, type RecordedLevel } from '../../../model/levels';

/** `silver`, `gold:20`; of the history also `mid:15-`, which is retired. */
const declared = (text: string): DeclaredLevel[] =>
  text.split(' ').map((each) => {
    const [acr = '', loa] = each.split(':');
    return { acr, ...(loa !== undefined && { loa: Number(loa) }) };
  });
const recorded = (text: string): RecordedLevel[] =>
  text === ''
    ? []
    : text.split(' ').map((each) => {
        const [acr = '', loa = ''] = each.split(':');
        return { acr, loa: Number.parseInt(loa, 10), ...(loa.endsWith('-') && { retired: true as const }) };
      });
const numbers = (levels: string, history = ''): unknown => {
  const numbered = numberLevels(declared(levels), recorded(history));
  return Array.isArray(numbered)
    ? numbered.map(({ loa }) => loa)
    : `${numbered.value}: ${numbered.why}. ${numbered.instead}`;
};

describe('numberLevels', () => {
  test.each([
    ['a', '', [10]],
    ['a b c', '', [10, 20, 30]],
    ['a:1 b:2', '', [1, 2]],
    ['a:1 b', '', [1, 10]],
    ['a:7 b c', '', [7, 10, 20]],
    ['a b:20', '', [10, 20]],
    ['a b', 'a:1 b:2', [1, 2]],
    ['a m b', 'a:10 b:20', [10, 15, 20]],
    ['a m n b', 'a:10 b:20', [10, 13, 16, 20]],
    ['m a b', 'a:10 b:20', [5, 10, 20]],
    ['a b t', 'a:10 b:20', [10, 20, 30]],
    // Above what was retired, or sessions of that time would have it.
    ['a m b', 'a:10 x:15- b:20', [10, 17, 20]],
    ['a b', 'a:10 x:20-', [10, 30]],
    // What is taken out in the same change is in use still.
    ['a m b', 'a:10 x:15 b:20', [10, 17, 20]],
  ])('%s with %s', (levels, history, expected) => {
    expect(numbers(levels, history)).toEqual(expected);
  });

  test.each([
    ['a m b', 'a:1 b:2', /level "m": between 1 and 2, .*none left.*"npx step-up levels record --renumber b"/],
    ['a m b', 'a:10 x:19- b:20', /between 19 and 20/],
    ['m b:2', '', /between 1 and 2/],
    ['a:2147483640 b', '', /level "b": between 2147483640 and 2147483647.*Give it a loa of its own/],
  ])('has no number left for %s with %s', (levels, history, message) => {
    expect(numbers(levels, history)).toMatch(message);
  });
});

describe('movedMeaning', () => {
  const moved = (levels: string, history: string) =>
    movedMeaning(declared(levels) as { acr: string; loa: number }[], recorded(history));

  test.each([
    ['the same', 'a:10 b:20', 'a:10 b:20'],
    ['a new one on top', 'a:10 b:20', 'a:10'],
    ['a new one between', 'a:10 m:15 b:20', 'a:10 b:20'],
    ['one taken out', 'a:10 b:20', 'a:10 m:15 b:20'],
    ['a renamed one that is recorded', 'a:10 c:20', 'a:10 b:20- c:20'],
  ])('takes %s', (_what, levels, history) => {
    expect(moved(levels, history)).toBeUndefined();
  });

  test.each([
    ['another number of a name', 'a:10 b:30', 'a:10 b:20', /it has 20 .*or write loa: 20; .*--renumber b/],
    ['another name of a number', 'a:10 c:20', 'a:10 b:20', /20 is the number of "b".*--rename b=c/],
    ['a retired number', 'a:10 c:20', 'a:10 b:20-', /20 is the number of "b", which is retired.*Leave loa out/],
    ['a retired name with its number', 'a:10 b:20', 'a:10 b:20-', /retired .* had 20.*--again b.*--renumber b/],
    ['a retired name with another number', 'a:10 b:30', 'a:10 b:20-', /the name is retired/],
    ['the next level’s number', 'a:1 gold:2', 'a:1 mid:2 gold:3', /level "gold" with loa 2: it has 3/],
    ['a number below a retired one', 'a:10 m:12 b:20', 'a:10 x:15- b:20', /sessions with 15, .* "x" .* would have it/],
    ['a number on top below a retired one', 'a:10 m:12', 'a:10 x:15-', /sessions with 15/],
  ])('refuses %s', (_what, levels, history, message) => {
    const problem = moved(levels, history);
    expect(problem && `${problem.value}: ${problem.why}. ${problem.instead}`).toMatch(message);
  });
});
