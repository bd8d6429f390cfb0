import { parseLevelHistory, printLevelHistory, UnreadableHistory } from '../../../model/levels';

const read = (text: string) => parseLevelHistory(text, 'levels.json');
const withLevels = (...levels: string[]) => `{ "version": 1, "realms": { "acme": [${levels.join(', ')}] } }`;

describe('The history of levels', () => {
  test('is printed sorted, a line each, and read as it was', () => {
    const history = {
      staff: [{ acr: 'one', loa: 10 }],
      acme: [
        { acr: 'gold', loa: 20 },
        { acr: 'oro', loa: 20, retired: true as const },
        { acr: 'silver', loa: 10, sessions: 'open' as const },
      ],
    };
    const text = printLevelHistory(history);
    expect(text).toBe(`{
  "version": 1,
  "realms": {
    "acme": [
      { "loa": 10, "acr": "silver", "sessions": "open" },
      { "loa": 20, "acr": "gold" },
      { "loa": 20, "acr": "oro", "retired": true }
    ],
    "staff": [
      { "loa": 10, "acr": "one" }
    ]
  }
}
`);
    expect(printLevelHistory(read(text))).toBe(text);
  });

  test.each([
    ['no JSON', '{', /^levels\.json: no valid JSON/],
    ['the marks of a merge', '{\n<<<<<<< HEAD\n}', /a merge left its marks: keep the lines of both sides/],
    ['another version', '{ "version": 2, "realms": {} }', /write { "version": 1/],
    ['a list', '[]', /write { "version": 1/],
    ['a further key', '{ "version": 1, "realms": {}, "more": 1 }', /write { "version": 1/],
    ['a realm that is no list', '{ "version": 1, "realms": { "acme": {} } }', /realm "acme" is no list of levels/],
    ['a level without a number', withLevels('{ "acr": "gold" }'), /is no level such as/],
    ['a number that is a text', withLevels('{ "acr": "gold", "loa": "20" }'), /is no level such as/],
    ['a misspelt state', withLevels('{ "acr": "gold", "loa": 20, "retierd": true }'), /is no level such as/],
    [
      'a level that is retired no more',
      withLevels('{ "acr": "gold", "loa": 20, "retired": false }'),
      /no level such as/,
    ],
    [
      'one number of two levels, as two branches leave it',
      withLevels('{ "loa": 15, "acr": "mid" }', '{ "loa": 15, "acr": "half" }'),
      /realm "acme": "mid" and "half" both have 15: keep the line that is deployed/,
    ],
    [
      'two numbers of one level',
      withLevels('{ "loa": 15, "acr": "mid" }', '{ "loa": 17, "acr": "mid" }'),
      /"mid" has 15 and 17/,
    ],
    [
      'a line twice',
      withLevels('{ "loa": 15, "acr": "mid" }', '{ "loa": 15, "acr": "mid", "retired": true }'),
      /"mid" with 15 is in it twice/,
    ],
    [
      'a realm twice, of which JSON keeps one',
      '{ "version": 1, "realms": { "acme": [{ "loa": 10, "acr": "a" }], "acme": [] } }',
      /a realm is in it twice/,
    ],
  ])('refuses %s', (_what, text, message) => {
    expect(() => read(text)).toThrow(UnreadableHistory);
    expect(() => read(text)).toThrow(message);
  });
});
