import { AssuranceLevel, Factor } from '../../../lib';
import { describeWithKeycloak } from '../support/keycloak';
import { loginsTo, passwordOf, withLevelsRealm } from './http-logins';

const ASKED = ['username', 'password', 'recovery-code'];

describeWithKeycloak('Factors: recovery codes', () => {
  const realm = withLevelsRealm((stack) => [
    new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
    new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.recoveryCode() }),
  ]);
  const { user, login } = loginsTo(realm);

  test('one code works once, and the next one after it', async () => {
    const bob = await user({ recoveryCodes: true });
    const answer = (code?: string) => login('gold', { ...passwordOf(bob), 'recovery-code': code });
    const granted = { outcome: 'granted', acr: 'gold', amr: ['pwd', 'recovery-code'], asked: ASKED };
    expect(await answer(bob.codes[0])).toMatchObject(granted);
    const replayed = await answer(bob.codes[0]);
    expect(replayed).toMatchObject({ outcome: 'refused', asked: ASKED });
    expect(replayed.tokens).toBeUndefined();
    expect(await answer(bob.codes[1])).toMatchObject(granted);
  });

  test.each([
    ['a wrong code', () => 'WRONG-CODE'],
    ["another user's code", async () => (await user({ recoveryCodes: true })).codes[0]],
  ])('%s is refused', async (_what, code) => {
    const bob = await user({ recoveryCodes: true });
    const result = await login('gold', { ...passwordOf(bob), 'recovery-code': await code() });
    expect(result).toMatchObject({ outcome: 'refused', asked: ASKED });
    expect(result.tokens).toBeUndefined();
  });

  test('a user who has none is refused', async () => {
    const result = await login('gold', passwordOf(await user()));
    expect(result).toMatchObject({
      outcome: 'refused',
      error: expect.stringContaining('not set up to prove the level "gold"'),
      asked: ['username', 'password'],
    });
  });
});
