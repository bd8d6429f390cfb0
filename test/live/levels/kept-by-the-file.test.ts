import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHistory, writeHistory } from '../../../cli/levels/file';
import { type DeclaredLevel, type LevelChange, type Meant, recordLevels } from '../../../model/levels';
import { Browser } from '../../../sandbox/login';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { type LevelsOptions, proofs, type Wanted, withLevelsThatChange } from './levels-realm';

/** A realm whose levels have a history in a file, as `step-up levels record` writes it. */
function withHistory() {
  const folder = mkdtempSync(join(tmpdir(), 'step-up-levels-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'step-up.levels.json');
  const levelHistory = { file, realm: 'acme' };
  const realm = withLevelsThatChange();
  const record = (levels: readonly DeclaredLevel[], ...meant: Meant[]): readonly LevelChange[] => {
    const { history, changes } = recordLevels(readHistory(file) ?? {}, [{ realm: 'acme', levels }], meant);
    writeHistory(file, history);
    return changes;
  };
  const apply = (levels: readonly Wanted[], options: LevelsOptions = {}) =>
    realm.apply(levels, { levelHistory, ...options });
  return {
    ...realm,
    record,
    apply,
    /** Records the levels, and applies them. */
    async change(levels: readonly Wanted[], ...meant: Meant[]): Promise<readonly LevelChange[]> {
      const changes = record(
        levels.map(({ acr, loa }) => ({ acr, loa })),
        ...meant,
      );
      await apply(levels);
      return changes;
    },
    async map(): Promise<unknown> {
      const { admin } = await testKeycloak();
      const { attributes } = (await admin.realms.findOne({ realm: realm.realm })) ?? {};
      return JSON.parse(attributes?.['acr.loa.map']);
    },
  };
}

const SILVER = { acr: 'silver' };
const MID = { acr: 'mid' };
const GOLD = { acr: 'gold' };
const AURUM = { acr: 'aurum' };

// Each change of levels is an apply of a whole realm.
jest.setTimeout(300_000);

describeWithKeycloak('Levels: numbers that the file keeps', () => {
  describe('mid is taken out', () => {
    const { apply, change, map, user, at, refreshed } = withHistory();
    beforeAll(() => change([SILVER, MID, GOLD]));

    test('gold can not get its number, keeps its own, and is not had for the proof of mid', async () => {
      expect(await map()).toEqual({ silver: 10, mid: 20, gold: 30 });
      const bob = await user();
      const browser = new Browser();
      const mid = await at('app', 'mid', proofs(bob, 'code'), browser);
      expect(mid).toMatchObject({ acr: 'mid', asked: ['username', 'password', 'recovery-code'] });

      await expect(apply([SILVER, { ...GOLD, loa: 20 }])).rejects.toThrow(
        /^test\/realm: level "gold" with loa 20: it has 30 in step-up\.levels\.json/,
      );
      await change([SILVER, GOLD]);

      expect(await map()).toEqual({ silver: 10, gold: 30 });
      expect(await refreshed('app', mid)).toBe('silver');
      for (const [client, acr] of [
        ['app', 'gold'],
        ['vault', undefined],
      ] as const) {
        expect(await at(client, acr, {}, browser)).toMatchObject({ outcome: 'unanswered', asked: ['otp'] });
      }
      expect(await at('vault', undefined, proofs(bob, 'otp'), browser)).toMatchObject({ acr: 'gold', asked: ['otp'] });
    });

    test('nor does a level that is put there later', async () => {
      await change([SILVER, MID, GOLD], { kind: 'renumber', acr: 'mid' });
      const bob = await user();
      const mid = await at('app', 'mid', proofs(bob, 'code'));
      await change([SILVER, GOLD]);
      await change([SILVER, AURUM, GOLD]);
      expect(await map()).toEqual({ silver: 10, aurum: 27, gold: 30 });
      expect(await refreshed('app', mid)).toBe('silver');
    });
  });

  describe('mid is put between', () => {
    const { apply, change, map, user, at, refreshed } = withHistory();
    beforeAll(() => change([SILVER, GOLD]));

    test('is refused with the number of gold, and has one of its own that no session of silver reaches', async () => {
      const bob = await user();
      const silver = await at('app', undefined, proofs(bob));
      const browser = new Browser();
      const vault = await at('vault', undefined, proofs(bob, 'otp'), browser);
      expect(vault).toMatchObject({ acr: 'gold' });

      await expect(apply([SILVER, { ...MID, loa: 20 }, { ...GOLD, loa: 30 }])).rejects.toThrow(
        /level "mid" with loa 20: 20 is the number of "gold"/,
      );
      await expect(apply([SILVER, MID, GOLD])).rejects.toThrow(/level "mid" with loa 15: .* does not have it yet/);
      const [between] = await change([SILVER, MID, GOLD]);

      expect(await map()).toEqual({ silver: 10, mid: 15, gold: 20 });
      expect(await refreshed('app', silver)).toBe('silver');
      expect(await refreshed('vault', vault)).toBe('gold');
      // A higher level counts for a lower one, so this is what is told when it is recorded.
      expect(await at('app', 'mid', {}, browser)).toMatchObject({ outcome: 'granted', acr: 'mid', asked: [] });
      expect(between).toMatchObject({
        kind: 'between',
        note: expect.stringContaining('of "gold" from before count for "mid"'),
      });
    });
  });

  describe('mid is put between, and gold gets another number', () => {
    const { change, map, user, at, refreshed } = withHistory();
    beforeAll(() => change([SILVER, GOLD]));

    test('sessions of before have neither', async () => {
      const bob = await user();
      const browser = new Browser();
      const vault = await at('vault', undefined, proofs(bob, 'otp'), browser);
      expect(vault).toMatchObject({ acr: 'gold' });

      const changes = await change([SILVER, MID, GOLD], { kind: 'renumber', acr: 'gold' });

      expect(changes.map(({ kind }) => kind)).toEqual(['new', 'renumbered']);
      expect(await map()).toEqual({ silver: 10, mid: 30, gold: 40 });
      expect(await refreshed('vault', vault)).toBe('silver');
      expect(await at('app', 'mid', {}, browser)).toMatchObject({ outcome: 'unanswered', asked: ['recovery-code'] });
      const anew = await at('vault', undefined, proofs(bob, 'code', 'otp'), browser);
      expect(anew).toMatchObject({ acr: 'gold', asked: ['recovery-code', 'otp'] });
    });
  });

  describe('gold is called aurum', () => {
    const { apply, change, record, map, user, at, refreshed } = withHistory();
    beforeAll(() => change([SILVER, GOLD]));

    test('keeps its number if that is meant, and a client may ask by the old name', async () => {
      const bob = await user();
      const browser = new Browser();
      const gold = await at('app', 'gold', proofs(bob, 'otp'), browser);
      expect(gold).toMatchObject({ acr: 'gold' });

      await expect(apply([SILVER, AURUM])).rejects.toThrow(/"npx step-up levels record --rename gold=aurum"/);
      await expect(apply([SILVER, { ...AURUM, loa: 20 }])).rejects.toThrow(/--rename gold=aurum/);
      const [renamed] = record([SILVER, AURUM], { kind: 'rename', acr: 'gold', as: 'aurum' });
      expect(renamed).toMatchObject({ note: expect.stringContaining('a client that still asks for "gold"') });
      await apply([SILVER, AURUM], {
        app: ([silver, aurum]) => ({ acrMap: { silver: silver as never, gold: aurum as never } }),
      });

      expect(await map()).toEqual({ silver: 10, aurum: 20 });
      expect(await refreshed('app', gold)).toBe('gold');
      expect(await at('vault', undefined, {}, browser)).toMatchObject({ outcome: 'granted', acr: 'aurum', asked: [] });
      const asked = ['username', 'password', 'otp'];
      expect(await at('app', 'gold', proofs(bob, 'otp'))).toMatchObject({ acr: 'gold', asked });
      expect(await at('vault', undefined, proofs(bob, 'otp'))).toMatchObject({ acr: 'aurum', asked });
    });
  });
});
