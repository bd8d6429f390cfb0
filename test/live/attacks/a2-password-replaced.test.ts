import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { withPasskeyRealm } from './passkey-realm';
import { byRule } from './scoped-realm';

const SET_PASSWORD = { parameters: { kc_action: 'UPDATE_PASSWORD' } };

describeWithKeycloak('A2: a password that proves a higher level, replaced with less', () => {
  describe('by default', () => {
    const { user, login } = withPasskeyRealm(byRule);

    test('a passkey sets no password: the action is off', async () => {
      const { password, ...thief } = await user();
      const result = await login(thief, SET_PASSWORD);
      expect(result).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'webauthn'] });
    });
  });

  describe('with the action as Keycloak has it', () => {
    const { realm, user, login } = withPasskeyRealm(byRule);
    beforeAll(async () => {
      const { admin } = await testKeycloak();
      const place = { realm, alias: 'UPDATE_PASSWORD' };
      const action = await admin.authenticationManagement.getRequiredActionForAlias(place);
      await admin.authenticationManagement.updateRequiredAction(place, { ...action, enabled: true });
    });

    test('a passkey is enough to set a password, which then gives gold', async () => {
      const { password, ...thief } = await user();
      const offered = await login(thief, SET_PASSWORD);
      expect(offered).toMatchObject({ outcome: 'unanswered', asked: ['username', 'webauthn', 'new-password'] });
    });
  });
});
