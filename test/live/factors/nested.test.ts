import { AssuranceLevel, Factor } from '../../../lib';
import { describeWithKeycloak } from '../support/keycloak';
import { type HttpUser, loginsTo, passwordOf, withLevelsRealm } from './http-logins';

const OTP = Factor.otp();
const CODE = Factor.recoveryCode();

function proofsOf(user: HttpUser) {
  return {
    ...passwordOf(user),
    otp: async () => (await user.totp?.next()) ?? '',
    'recovery-code': user.codes[0],
  };
}

describeWithKeycloak('Factors: a passkey, or all of OTP and recovery code', () => {
  const { user, login } = loginsTo(
    withLevelsRealm((stack) => [
      new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
      new AssuranceLevel(stack, 'gold', {
        acr: 'gold',
        loa: 2,
        provedBy: Factor.anyOf(Factor.passkey(), Factor.allOf(OTP, CODE)),
      }),
    ]),
  );

  test('who owns both parts of the second way is asked for both', async () => {
    const result = await login('gold', proofsOf(await user({ totp: true, recoveryCodes: true })));
    expect(result).toMatchObject({ outcome: 'granted', acr: 'gold' });
    expect(result.asked).toEqual(['username', 'password', 'otp', 'recovery-code']);
  });

  test.each([{ totp: true as const }, { recoveryCodes: true as const }, {}])(
    'who owns a part of it only, or nothing, is refused and enrols nothing: %p',
    async (owns) => {
      const result = await login('gold', proofsOf(await user(owns)));
      expect(result.outcome).toBe('refused');
      expect(result.asked.filter((asked) => asked.startsWith('enrol'))).toEqual([]);
      expect(result.tokens).toBeUndefined();
    },
  );
});

describeWithKeycloak('Factors: a lowest level of more than a password', () => {
  describe('password and OTP', () => {
    const { user, login } = loginsTo(
      withLevelsRealm((stack) => [
        new AssuranceLevel(stack, 'gold', {
          acr: 'gold',
          loa: 2,
          provedBy: Factor.allOf(Factor.password(), OTP),
        }),
      ]),
    );

    test('asks for both at once', async () => {
      const result = await login('gold', proofsOf(await user({ totp: true })));
      expect(result).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['username', 'password', 'otp'] });
    });

    test('refuses who has no OTP', async () => {
      const result = await login('gold', proofsOf(await user()));
      expect(result).toMatchObject({ outcome: 'refused', error: expect.stringContaining('not set up') });
    });
  });

  describe('password, or user name and passkey', () => {
    const { user, login } = loginsTo(
      withLevelsRealm((stack) => [
        new AssuranceLevel(stack, 'silver', {
          acr: 'silver',
          loa: 1,
          provedBy: Factor.anyOf(Factor.password(), Factor.usernameThenPasskey()),
        }),
      ]),
    );

    test('takes the password', async () => {
      expect(await login('silver', proofsOf(await user()))).toMatchObject({ outcome: 'granted', amr: ['pwd'] });
    });
  });

  describe('user name and passkey', () => {
    const { user, login } = loginsTo(
      withLevelsRealm((stack) => [
        new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 2, provedBy: Factor.usernameThenPasskey() }),
      ]),
    );

    test('refuses who has no passkey, and a user name is not enough to enrol one', async () => {
      const result = await login('silver', proofsOf(await user()));
      expect(result).toMatchObject({
        outcome: 'refused',
        error: expect.stringContaining('not set up'),
        asked: ['username'],
      });
    });
  });
});
