import { AssuranceLevel, Factor } from '../../../lib';
import { type Answers, Browser, type LoginPage, TotpDevice } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { type LevelsOf, withFactorRealm } from '../factors/factor-realm';
import { loginsTo, passwordOf } from '../factors/http-logins';
import { describeWithKeycloak } from '../support/keycloak';

/** Whoever sits at the browser enrols the app that Keycloak offers. */
const enrolling: Answers = {
  'enrol-otp': (page: LoginPage) => new TotpDevice(page.fields.totpSecret as string).next(),
};

const ENROL = { parameters: { kc_action: 'CONFIGURE_TOTP' } };

jest.setTimeout(300_000);

describeWithKeycloak('Levels: numbers that are left out', () => {
  describe('silver (10) and gold (20)', () => {
    const levels: LevelsOf = (stack) => [
      new AssuranceLevel(stack, 'silver', { acr: 'silver', provedBy: Factor.password() }),
      new AssuranceLevel(stack, 'gold', { acr: 'gold', provedBy: Factor.otp(), unenrolled: 'enrol' }),
    ];
    const { user, login } = loginsTo(withFactorRealm({ levels, redirectUri: REDIRECT_URI }));

    test('ask for the proofs of the level, and keep them in the session', async () => {
      const bob = await user({ totp: true });
      const browser = new Browser();
      const otp = () => bob.totp?.next() ?? '';
      const asked = ['username', 'password'];
      expect(await login(undefined, passwordOf(bob), { browser })).toMatchObject({ acr: 'silver', asked });
      expect(await login('gold', { otp: bob.totp?.wrong() ?? '' }, { browser })).toMatchObject({ outcome: 'refused' });
      expect(await login('gold', { otp }, { browser })).toMatchObject({ acr: 'gold', asked: ['otp'] });
      expect(await login('gold', {}, { browser })).toMatchObject({ acr: 'gold', asked: [] });
    });

    test('let a user enrol whom nobody asks for more than the password, and ask the owner of an app for it', async () => {
      const alice = await user();
      const enrolled = await login(undefined, { ...passwordOf(alice), ...enrolling }, ENROL);
      expect(enrolled).toMatchObject({ outcome: 'granted', asked: ['username', 'password', 'enrol-otp'] });
      const bob = await user({ totp: true });
      const thief = await login(undefined, { ...passwordOf(bob), ...enrolling }, ENROL);
      expect(thief).toMatchObject({ outcome: 'unanswered', asked: ['username', 'password', 'otp'] });
    });
  });

  describe('three levels, of which the highest may be enrolled', () => {
    const levels =
      (...loa: (number | undefined)[]): LevelsOf =>
      (stack) => [
        new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: loa[0], provedBy: Factor.password() }),
        new AssuranceLevel(stack, 'mid', { acr: 'mid', loa: loa[1], provedBy: Factor.recoveryCode() }),
        new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: loa[2], provedBy: Factor.otp(), unenrolled: 'enrol' }),
      ];
    const gaps = loginsTo(withFactorRealm({ levels: levels(), redirectUri: REDIRECT_URI }));
    const dense = loginsTo(withFactorRealm({ levels: levels(1, 2, 3), redirectUri: REDIRECT_URI }));

    test('Keycloak asks who owns neither for the level between first, and for the password alone without gaps', async () => {
      const alice = await gaps.user();
      expect(await gaps.login(undefined, { ...passwordOf(alice), ...enrolling }, ENROL)).toMatchObject({
        outcome: 'refused',
        error: expect.stringContaining('not set up to prove the level "mid"'),
      });
      const carol = await dense.user();
      expect(await dense.login(undefined, { ...passwordOf(carol), ...enrolling }, ENROL)).toMatchObject({
        outcome: 'granted',
        asked: ['username', 'password', 'enrol-otp'],
      });
    });
  });
});
