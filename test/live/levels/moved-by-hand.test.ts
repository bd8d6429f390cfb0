import { setTimeout as sleep } from 'node:timers/promises';
import { Browser } from '../../../sandbox/login';
import { describeWithKeycloak } from '../support/keycloak';
import { byHand } from './by-hand';
import { proofs, withLevelsThatChange } from './levels-realm';

// Each change of levels is an apply of a whole realm.
jest.setTimeout(300_000);

describeWithKeycloak('Levels: numbers that are moved by hand', () => {
  describe('mid (2) is taken out, and gold, which was 3, gets its number', () => {
    const { realm, apply, user, at, refreshed } = withLevelsThatChange();
    beforeAll(() =>
      apply([
        { acr: 'silver', loa: 1 },
        { acr: 'mid', loa: 2 },
        { acr: 'gold', loa: 3 },
      ]),
    );

    test('who proved mid has gold without a page, enters the client with the minimum, and keeps it by refreshing', async () => {
      const bob = await user();
      const browser = new Browser();
      const mid = await at('app', 'mid', proofs(bob, 'code'), browser);
      expect(mid).toMatchObject({ acr: 'mid', asked: ['username', 'password', 'recovery-code'] });
      expect(await at('vault', undefined, {}, browser)).toMatchObject({ outcome: 'unanswered', asked: ['otp'] });

      const hand = await byHand(realm);
      await hand.takeOut('mid');
      await hand.change(3, { 'loa-condition-level': '2' });
      await hand.map({ silver: 1, gold: 2 });

      expect(await at('app', 'gold', {}, browser)).toMatchObject({ outcome: 'granted', acr: 'gold', asked: [] });
      const vault = await at('vault', undefined, {}, browser);
      expect(vault).toMatchObject({ outcome: 'granted', acr: 'gold', asked: [] });

      await hand.change(2, { 'loa-max-age': '1' });
      await sleep(2_100);
      expect(await at('app', 'gold', {}, browser)).toMatchObject({ outcome: 'unanswered', asked: ['otp'] });
      expect(await refreshed('app', mid)).toBe('gold');
      expect(await refreshed('vault', vault)).toBe('gold');
    });
  });

  describe('mid is put between, with the number 2 that gold had', () => {
    const { realm, apply, user, at, refreshed } = withLevelsThatChange();
    beforeAll(() =>
      apply([
        { acr: 'silver', loa: 1 },
        { acr: 'gold', loa: 2 },
      ]),
    );

    test('sessions of gold have mid, which nobody proved, and the client with the minimum goes on at mid', async () => {
      const bob = await user();
      const browser = new Browser();
      const vault = await at('vault', undefined, proofs(bob, 'otp'), browser);
      expect(vault).toMatchObject({ acr: 'gold', asked: ['username', 'password', 'otp'] });

      const hand = await byHand(realm);
      await hand.change(2, { 'loa-condition-level': '3' });
      await hand.putBetween(2);
      await hand.map({ silver: 1, mid: 2, gold: 3 });

      const anew = await at('app', 'mid', proofs(await user(), 'code'));
      expect(anew).toMatchObject({ acr: 'mid', asked: ['username', 'password', 'recovery-code'] });
      expect(await at('app', 'mid', {}, browser)).toMatchObject({ outcome: 'granted', acr: 'mid', asked: [] });
      expect(await refreshed('vault', vault)).toBe('mid');
    });
  });

  describe('gold is called aurum', () => {
    const { realm, apply, user, at, refreshed } = withLevelsThatChange();
    beforeAll(() =>
      apply([
        { acr: 'silver', loa: 1 },
        { acr: 'gold', loa: 2 },
      ]),
    );

    test('sessions are right, but who asks for gold gets silver, and the minimum counts for nothing', async () => {
      const bob = await user();
      const gold = await at('app', 'gold', proofs(bob, 'otp'));
      expect(gold).toMatchObject({ acr: 'gold' });

      await (await byHand(realm)).map({ silver: 1, aurum: 2 });

      expect(await refreshed('app', gold)).toBe('aurum');
      const asked = ['username', 'password'];
      expect(await at('app', 'gold', proofs(bob))).toMatchObject({ outcome: 'granted', acr: 'silver', asked });
      expect(await at('vault', undefined, proofs(bob))).toMatchObject({ outcome: 'granted', acr: 'silver', asked });
    });
  });
});
