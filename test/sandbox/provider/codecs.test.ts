import fc from 'fast-check';
import {
  formatDuration,
  hashed,
  multivalued,
  parseDuration,
  sameUnordered,
} from '../../../sandbox/provider/engine/codecs';
import type { Value } from '../../../sandbox/provider/protocol/values';

describe('Durations', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 9 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });

  it.each([
    ['90s', 90, '1m30s'],
    ['1.5h', 5400, '1h30m0s'],
    ['720h0m0s', 2592000, '720h0m0s'],
    ['0s', 0, '0s'],
    ['1500ms', 1.5, '1.5s'],
  ])('%s is %d seconds and shown as %s', (text, seconds, shown) => {
    expect(parseDuration(text)).toBe(seconds);
    expect(formatDuration(seconds)).toBe(shown);
  });

  it.each(['', '5', 'm5', '5 m', '5m ', '-5m', 'five minutes', '5d'])('"%s" is refused', (text) => {
    expect(() => parseDuration(text)).toThrow(`"${text}" is no duration`);
  });
});

describe('Joined lists', () => {
  const part = fc.string({ minLength: 1 }).filter((text) => !text.includes('#') && text !== '__proto__');

  it('come back from Keycloak as they were', () => {
    fc.assert(
      fc.property(fc.array(part), (list) => {
        expect(hashed.decode(hashed.encode(list))).toEqual(list);
      }),
    );
  });

  it('come back from a map of lists as they were, in any order counted as the same', () => {
    fc.assert(
      fc.property(fc.dictionary(part, fc.array(part, { minLength: 1 })), (lists) => {
        const joined = Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, list.join('##')])) as Value;
        const turned = Object.fromEntries(
          Object.entries(lists).map(([key, list]) => [key, [...list].reverse().join('##')]),
        ) as Value;
        const codec = multivalued('##');

        expect(codec.encode(joined)).toEqual(lists);
        expect(codec.decode(lists)).toEqual(joined);
        expect(sameUnordered('##')(joined, turned)).toBe(true);
      }),
    );
  });
});
