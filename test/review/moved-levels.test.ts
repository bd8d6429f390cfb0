import type { AcrLoaMap, RealmModel } from '../../model';
import { type MovedLevel, movedLevels } from '../../review';
import { client, realm, stepUpFlow } from '../model/support/realm';

const map = (levels: Readonly<Record<string, number>>): AcrLoaMap => ({
  levels: Object.entries(levels).map(([acr, loa]) => ({ acr, loa })),
});

/** Anybody's realm: its levels, and what else is said. */
function having(levels: Readonly<Record<string, number>>, more: Partial<RealmModel> = {}): RealmModel {
  return realm(stepUpFlow(), { acrLoaMap: map(levels), ...more });
}

describe('movedLevels', () => {
  test.each<[string, Record<string, number>, Record<string, number>, MovedLevel[]]>([
    ['nothing', { silver: 1, gold: 2 }, { silver: 1, gold: 2 }, []],
    ['a level on top', { silver: 1, gold: 2 }, { silver: 1, gold: 2, top: 3 }, []],
    [
      'a level taken out, whose number the next one gets',
      { silver: 1, mid: 2, gold: 3 },
      { silver: 1, gold: 2 },
      [
        { kind: 'number-renamed', loa: 2, before: 'mid', after: 'gold', worth: 'more' },
        { kind: 'name-renumbered', acr: 'gold', before: 3, after: 2 },
      ],
    ],
    [
      'a level taken out with its number',
      { silver: 10, mid: 15, gold: 20 },
      { silver: 10, gold: 20 },
      [{ kind: 'number-renamed', loa: 15, before: 'mid', after: 'silver', worth: 'less' }],
    ],
    [
      'the lowest taken out',
      { silver: 10, gold: 20 },
      { gold: 20 },
      [{ kind: 'number-renamed', loa: 10, before: 'silver', worth: 'less' }],
    ],
    [
      'a level put between, with the number of the next one',
      { silver: 1, gold: 2 },
      { silver: 1, mid: 2, gold: 3 },
      [
        { kind: 'number-renamed', loa: 2, before: 'gold', after: 'mid', worth: 'other' },
        { kind: 'name-renumbered', acr: 'gold', before: 2, after: 3 },
      ],
    ],
    [
      'a level put between with a number of its own',
      { silver: 10, gold: 20 },
      { silver: 10, mid: 15, gold: 20 },
      [{ kind: 'put-below', acr: 'mid', loa: 15, above: ['gold'] }],
    ],
    [
      'another name',
      { silver: 1, gold: 2 },
      { silver: 1, aurum: 2 },
      [{ kind: 'number-renamed', loa: 2, before: 'gold', after: 'aurum', worth: 'other' }],
    ],
    [
      'a second name of a number, by which it may be called',
      { silver: 1, gold: 2 },
      { silver: 1, aurum: 2, gold: 2 },
      [],
    ],
  ])('%s', (_what, before, after, moved) => {
    expect(movedLevels(having(before), having(after))).toEqual(moved);
  });

  test('a number that was retired longer ago', () => {
    const recorded = [{ acr: 'mid', loa: 15, retired: true }] as const;
    const before = having({ silver: 10 });
    const after = having({ silver: 10, gold: 15 });
    expect(movedLevels(before, after)).toEqual([]);
    expect(movedLevels(before, after, recorded)).toEqual([
      { kind: 'number-reused', loa: 15, before: 'mid', after: 'gold' },
    ]);
    expect(movedLevels(before, having({ silver: 10, mid: 15 }), recorded)).toEqual([]);
  });

  test('the minimum and the defaults of clients whose names are gone, but not what was no name before', () => {
    const app = client('app', { minimumAcr: 'gold', defaultAcrValues: ['gold', 'nothing', '2'] });
    const clients = [app];
    const moved = movedLevels(
      having({ silver: 1, gold: 2 }, { clients }),
      having({ silver: 1, aurum: 2 }, { clients }),
    );
    expect(moved.filter(({ kind }) => kind === 'name-gone')).toEqual([
      { client: 'app', kind: 'name-gone', acr: 'gold', of: 'minimum' },
      { client: 'app', kind: 'name-gone', acr: 'gold', of: 'default' },
    ]);
  });

  test('the map of a client, which counts instead of the realm’s', () => {
    const before = having(
      { silver: 1, gold: 2 },
      { clients: [client('app', { acrLoaMap: map({ low: 1, high: 2 }) })] },
    );
    const after = having({ silver: 1, gold: 2 }, { clients: [client('app', { acrLoaMap: map({ high: 1 }) })] });
    expect(movedLevels(before, after)).toEqual([
      { client: 'app', kind: 'number-renamed', loa: 1, before: 'low', after: 'high', worth: 'more' },
      { client: 'app', kind: 'name-renumbered', acr: 'high', before: 2, after: 1 },
    ]);
    const none = having({ silver: 1, gold: 2 }, { clients: [client('app')] });
    expect(movedLevels(none, after).map(({ client: id, kind }) => [id, kind])).toEqual([
      ['app', 'number-renamed'],
      ['app', 'number-renamed'],
    ]);
  });

  test('what is not known is told, and never taken for unmoved', () => {
    const unknown = { ...having({}), acrLoaMap: { unknown: 'it is a reference' } };
    expect(movedLevels(having({ silver: 1 }), unknown)).toEqual([
      { kind: 'cannot-tell', why: 'the acr map of after: it is a reference' },
    ]);
    expect(movedLevels(unknown, having({ silver: 1 }))).toMatchObject([{ kind: 'cannot-tell' }]);
  });
});
