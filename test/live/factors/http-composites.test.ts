import { AssuranceLevel, Factor } from '../../../lib';
import { describeWithKeycloak } from '../support/keycloak';
import { type HttpUser, loginsTo, passwordOf, withLevelsRealm } from './http-logins';

const OTP = Factor.otp();
const CODE = Factor.recoveryCode();
const NOT_SET_UP = {
  outcome: 'refused',
  error: expect.stringContaining('not set up to prove the level "gold"'),
  asked: ['username', 'password'],
};

function withGold(provedBy: Factor) {
  return loginsTo(
    withLevelsRealm((stack) => [
      new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
      new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy }),
    ]),
  );
}

function allOf(user: HttpUser) {
  return {
    ...passwordOf(user),
    otp: async () => (await user.totp?.next()) ?? '',
    'recovery-code': user.codes[0],
  };
}

describeWithKeycloak('Factors: any of OTP and recovery code', () => {
  describe.each([
    { order: 'OTP first', factor: Factor.anyOf(OTP, CODE) },
    { order: 'recovery code first', factor: Factor.anyOf(CODE, OTP) },
  ])('$order', ({ factor }) => {
    const { user, login } = withGold(factor);

    test.each([
      { owns: { totp: true as const }, asked: 'otp', amr: 'otp' },
      { owns: { recoveryCodes: true as const }, asked: 'recovery-code', amr: 'recovery-code' },
    ])('who owns one is asked for it: $asked, and amr says so', async ({ owns, asked, amr }) => {
      const result = await login('gold', allOf(await user(owns)));
      expect(result).toMatchObject({ outcome: 'granted', acr: 'gold', amr: ['pwd', amr] });
      expect(result.asked).toEqual(['username', 'password', asked]);
    });

    test('who owns both is asked for one', async () => {
      const result = await login('gold', allOf(await user({ totp: true, recoveryCodes: true })));
      expect(result).toMatchObject({ outcome: 'granted', acr: 'gold' });
      expect(result.asked).toHaveLength(3);
    });

    test('who owns none is refused', async () => {
      expect(await login('gold', passwordOf(await user()))).toMatchObject(NOT_SET_UP);
    });
  });
});

describeWithKeycloak('Factors: all of OTP and recovery code', () => {
  describe.each([
    { order: 'OTP first', factor: Factor.allOf(OTP, CODE), proofs: ['otp', 'recovery-code'] },
    { order: 'recovery code first', factor: Factor.allOf(CODE, OTP), proofs: ['recovery-code', 'otp'] },
  ])('$order', ({ factor, proofs }) => {
    const { user, login } = withGold(factor);
    const owner = () => user({ totp: true, recoveryCodes: true });

    test('both are asked for, in this order, and amr says both', async () => {
      const result = await login('gold', allOf(await owner()));
      expect(result).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['username', 'password', ...proofs] });
      expect([...result.amr].sort()).toEqual(['otp', 'pwd', 'recovery-code']);
    });

    test.each(['otp', 'recovery-code'])('a wrong %s is refused', async (which) => {
      const bob = await owner();
      const wrong = which === 'otp' ? (bob.totp?.wrong() as string) : 'WRONG-CODE';
      expect(await login('gold', { ...allOf(bob), [which]: wrong })).toMatchObject({ outcome: 'refused' });
    });

    test.each([{ totp: true as const }, { recoveryCodes: true as const }, {}])(
      'who lacks one is refused: %p',
      async (owns) => {
        const result = await login('gold', allOf(await user(owns)));
        expect(result.outcome).toBe('refused');
        expect(result.asked).not.toContain('enrol-otp');
        expect(result.asked).not.toContain('enrol-recovery-codes');
      },
    );
  });
});
