import { ALT, COND, COOKIE, flow, LOA, OTP, PASSWORD, REQ, realm } from '../../checks/support/realms';
import { describeWithKeycloak } from '../support/keycloak';
import { acr, withAnybodysRealm } from './anybodys-realm';

/** A limit that stands in each level: it passes without a proof, as long as the user has fewer sessions. */
const limit = REQ('user-session-limits', { behavior: 'Deny new session', userRealmLimit: '1' });

describeWithKeycloak('B8: a limit to sessions', () => {
  describe('as the only step of a level', () => {
    const place = withAnybodysRealm(
      realm(flow('login', [COOKIE, ALT('ways', [COND('silver', [LOA(1), PASSWORD]), COND('gold', [LOA(2), limit])])])),
    );

    test('gives the level for a password, below the limit', async () => {
      const attacker = await place.attacker();
      expect(await attacker.login({ acrValues: ['gold'] })).toBe('username password → gold');
      expect(await attacker.login({ acrValues: ['gold'] })).toBe('username password → refused');
    });

    test('is explained with what is assumed, and reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password']);
      expect(await place.assumed(acr('gold'), 'app')).toEqual([expect.stringMatching(/fewer sessions than the limit/)]);
      expect(await place.errors()).toContainEqual(expect.stringMatching(/^level-without-proof: /));
    });
  });

  describe('beside the proof of a level', () => {
    const place = withAnybodysRealm(
      realm(
        flow('login', [COOKIE, ALT('ways', [COND('silver', [LOA(1), PASSWORD, limit]), COND('gold', [LOA(2), OTP])])]),
      ),
    );

    test('gives nothing', async () => {
      expect(await (await place.attacker()).login({ acrValues: ['gold'] })).toBe('username password otp → stopped');
    });

    test('is explained with what is assumed, and nothing is reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password otp']);
      expect(await place.assumed(acr('gold'), 'app')).toEqual([expect.stringMatching(/fewer sessions than the limit/)]);
    });
  });
});
