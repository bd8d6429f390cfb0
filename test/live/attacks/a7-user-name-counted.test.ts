import { describeWithKeycloak } from '../support/keycloak';
import { PageKeeper, withPasskeyRealm } from './passkey-realm';
import { byRule, unlessUsed } from './scoped-realm';

const PAYMENTS = { scope: ['openid', 'payments'] };

describeWithKeycloak('A7: a user name that Keycloak counts as a password', () => {
  describe('with a rule of the flow', () => {
    const { user, login } = withPasskeyRealm(byRule);

    test('the scope is not had without the password', async () => {
      const { password, ...thief } = await user();
      expect(await login(thief, PAYMENTS)).toMatchObject({
        outcome: 'unanswered',
        asked: ['username', 'webauthn', 'password'],
      });
    });

    test('the owner is asked for it once, for the scope alone and with the level', async () => {
      const asked = ['username', 'webauthn', 'password'];
      const scope = await login(await user(), PAYMENTS);
      expect(scope).toMatchObject({ outcome: 'granted', acr: 'silver', asked });
      expect(scope.scope).toContain('payments');
      expect(await login(await user(), { ...PAYMENTS, acrValues: ['gold'] })).toMatchObject({
        outcome: 'granted',
        acr: 'gold',
        asked,
      });
    });

    test('a session does not have it either', async () => {
      const owner = await user();
      const browser = new PageKeeper();
      await login(owner, { ...PAYMENTS, browser });
      const { password, ...thief } = owner;
      expect(await login(thief, { ...PAYMENTS, browser })).toMatchObject({
        outcome: 'unanswered',
        asked: ['password'],
      });
    });
  });

  describe('with a rule that looks at the credential, as rules did', () => {
    const { user, login } = withPasskeyRealm(unlessUsed('password'));

    test('the scope is had without a password', async () => {
      const { password, ...thief } = await user();
      const result = await login(thief, PAYMENTS);
      expect(result).toMatchObject({ outcome: 'granted', asked: ['username', 'webauthn'] });
      expect(result.scope).toContain('payments');
    });
  });
});
