import { AssuranceLevel, Factor } from '../../../lib';
import { describeWithKeycloak } from '../support/keycloak';
import { loginsTo, passwordOf, withLevelsRealm } from './http-logins';

describeWithKeycloak('Factors: passwords', () => {
  describe.each([
    { row: 'password', factor: Factor.password(), asked: ['username', 'password'] },
    {
      row: 'username first, then password',
      factor: Factor.usernameThenPassword(),
      asked: ['username', 'password'],
    },
  ])('$row', ({ row, factor, asked }) => {
    const realm = withLevelsRealm((stack) => [
      new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: factor }),
    ]);
    const { user, login } = loginsTo(realm);

    test('the right one reaches the level, and amr says pwd', async () => {
      const result = await login('silver', passwordOf(await user()));
      expect(result).toMatchObject({ outcome: 'granted', acr: 'silver', amr: ['pwd'], asked });
    });

    test('a wrong one is refused', async () => {
      const result = await login('silver', { ...passwordOf(await user()), password: 'wrong' });
      expect(result).toMatchObject({ outcome: 'refused', asked });
      expect(result.tokens).toBeUndefined();
    });

    test('the user name has its page', async () => {
      const { username } = await user();
      const result = await login('silver', { username });
      expect(result.outcome).toBe('unanswered');
      expect(result.page?.id).toBe(row === 'password' ? 'login-login' : 'login-login-password');
    });
  });
});
