import { readAcrLoaMap } from '../../../model/keycloak/acr-loa-map';

const levels = (map: Record<string, number>) => ({ levels: Object.entries(map).map(([acr, loa]) => ({ acr, loa })) });

describe('an acr map as Jackson reads it', () => {
  test.each([
    ['numbers', '{"silver":1,"gold":2}', levels({ silver: 1, gold: 2 })],
    ['numbers in quotes, with spaces', '{"gold":" 2 "}', levels({ gold: 2 })],
    ['fractions', '{"gold":2.9}', levels({ gold: 2 })],
    ['text after the object', '{"gold":2} and more', levels({ gold: 2 })],
    ['an object after the object', '{"gold":2}{"gold":1}', levels({ gold: 2 })],
    ['null values', '{"silver":1,"gold":null,"mid":""}', levels({ silver: 1 })],
    ['names twice', '{"gold":1,"gold":2}', levels({ gold: 2 })],
    ['an empty object', '{}', levels({})],
    ['escapes in names', '{"a\\"\\u00e9":1}', levels({ 'a"é': 1 })],
    ['an empty text', '', levels({})],
  ])('takes %s', (_, text, expected) => {
    expect(readAcrLoaMap(text)).toEqual(expected);
  });

  test('keeps the order of the text, of names that are numbers too', () => {
    expect(readAcrLoaMap('{"b":1,"2":2,"1":1}')).toEqual({
      levels: [
        { acr: 'b', loa: 1 },
        { acr: '2', loa: 2 },
        { acr: '1', loa: 1 },
      ],
    });
  });

  test.each([
    '{"gold":',
    '["gold"]',
    '{"gold":"high"}',
    '{"gold":true}',
    '{"gold":2147483648}',
    '{"gold":{}}',
    '{gold:2}',
    '{"gold":02}',
    ' ',
    '{"a":1,}',
    '"gold"',
    '2',
  ])('has no levels of %s', (text) => {
    expect(readAcrLoaMap(text)).toEqual({ levels: [], broken: text });
  });

  test('is not known where the text is null, at which requests fail', () => {
    expect(readAcrLoaMap('null')).toEqual({ unknown: expect.stringMatching(/error/) });
  });
});
