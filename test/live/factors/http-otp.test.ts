import { HOTP, Secret } from 'otpauth';
import { AssuranceLevel, Duration, Factor, type OtpPolicy, type Unenrolled } from '../../../lib';
import { type LoginPage, TotpDevice, type TotpOptions } from '../../../sandbox/login';
import { describeWithKeycloak } from '../support/keycloak';
import { loginsTo, passwordOf, withLevelsRealm } from './http-logins';

const GRANTED = { outcome: 'granted', acr: 'gold', amr: ['pwd', 'otp'], asked: ['username', 'password', 'otp'] };
const REFUSED = { outcome: 'refused', error: 'Invalid authenticator code.' };

function withOtpRealm(otpPolicy: OtpPolicy, unenrolled?: Unenrolled) {
  return withLevelsRealm(
    (stack) => [
      new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
      new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.otp(), unenrolled }),
    ],
    { otpPolicy },
  );
}

describeWithKeycloak('Factors: OTP by time (TOTP)', () => {
  const { user, login } = loginsTo(withOtpRealm({ type: 'totp' }));
  const owner = () => user({ totp: true });

  test('the right code reaches the level', async () => {
    const bob = await owner();
    expect(await login('gold', { ...passwordOf(bob), otp: () => bob.totp?.next() ?? '' })).toMatchObject(GRANTED);
  });

  test('a wrong code is refused', async () => {
    const bob = await owner();
    expect(await login('gold', { ...passwordOf(bob), otp: () => bob.totp?.wrong() ?? '' })).toMatchObject(REFUSED);
  });

  test('an expired code is refused', async () => {
    const bob = await owner();
    expect(await login('gold', { ...passwordOf(bob), otp: () => bob.totp?.expired() ?? '' })).toMatchObject(REFUSED);
  });

  test('a replayed code is refused', async () => {
    const bob = await owner();
    const otp = (await bob.totp?.next()) ?? '';
    expect(await login('gold', { ...passwordOf(bob), otp })).toMatchObject(GRANTED);
    expect(await login('gold', { ...passwordOf(bob), otp })).toMatchObject(REFUSED);
  });
});

describeWithKeycloak('Factors: OTP by time, 8 digits by SHA-256 every minute', () => {
  const policy: OtpPolicy = { digits: 8, algorithm: 'HmacSHA256', period: Duration.seconds(60) };
  const { user, login } = loginsTo(withOtpRealm(policy, 'enrol'));

  /** Enrols an app of this kind: a credential made by the test would be checked by its own data, whatever the policy. */
  const enrol = async (options: TotpOptions) => {
    const bob = await user();
    let app: TotpDevice | undefined;
    const scan = (page: LoginPage) => {
      app = new TotpDevice(page.fields.totpSecret as string, options);
      return app.next();
    };
    const result = await login('gold', { ...passwordOf(bob), 'enrol-otp': scan });
    return {
      result,
      app: app as unknown as TotpDevice,
      answer: (otp: string) => login('gold', { ...passwordOf(bob), otp }),
    };
  };
  const BY_POLICY: TotpOptions = { digits: 8, algorithm: 'SHA256', period: 60 };

  test('an app by the policy is enrolled, and its codes reach the level once each', async () => {
    const { result, app, answer } = await enrol(BY_POLICY);
    expect(result).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['username', 'password', 'enrol-otp'] });
    const code = await app.next();
    expect(code).toHaveLength(8);
    expect(await answer(code)).toMatchObject(GRANTED);
    expect(await answer(code)).toMatchObject(REFUSED);
  });

  test.each(['wrong', 'expired'] as const)('a code that is %s is refused', async (which) => {
    const { app, answer } = await enrol(BY_POLICY);
    expect(await answer(app[which]())).toMatchObject(REFUSED);
  });

  test.each<TotpOptions>([{ digits: 6 }, { algorithm: 'SHA1' }, { period: 30 }])(
    'an app that differs in one of them is not enrolled: %p',
    async (other) => {
      const { result } = await enrol({ ...BY_POLICY, ...other });
      expect(result).toMatchObject({ outcome: 'refused', asked: ['username', 'password', 'enrol-otp'] });
    },
  );
});

describeWithKeycloak('Factors: OTP by counter (HOTP), 8 digits, a window of 2', () => {
  const { user, login } = loginsTo(withOtpRealm({ type: 'hotp', digits: 8, lookAheadWindow: 2 }));

  /** A user with a token that counts from 0. */
  const owner = async () => {
    const secret = 'counter-token-of-the-test';
    const token = new HOTP({ secret: Secret.fromUTF8(secret), digits: 8, counter: 0 });
    const credentials = [
      {
        type: 'otp',
        secretData: JSON.stringify({ value: secret }),
        credentialData: JSON.stringify({ subType: 'hotp', digits: 8, counter: 0, algorithm: 'HmacSHA1' }),
      },
    ];
    const bob = await user({ credentials });
    const at = (counter: number) => token.generate({ counter });
    return { at, answer: (otp: string) => login('gold', { ...passwordOf(bob), otp }) };
  };

  test('the right code, and the one after it, reach the level', async () => {
    const { at, answer } = await owner();
    expect(await answer(at(0))).toMatchObject(GRANTED);
    expect(await answer(at(1))).toMatchObject(GRANTED);
  });

  test('a code within the window reaches the level, and the ones before it then count no more', async () => {
    const { at, answer } = await owner();
    expect(await answer(at(2))).toMatchObject(GRANTED);
    expect(await answer(at(1))).toMatchObject(REFUSED);
  });

  test('a code beyond the window is refused', async () => {
    const { at, answer } = await owner();
    expect(await answer(at(20))).toMatchObject(REFUSED);
  });

  test('a wrong code is refused', async () => {
    const { at, answer } = await owner();
    const near = Array.from({ length: 9 }, (_, counter) => at(counter));
    const wrong = ['00000000', ...near.map((code) => code.slice(1) + code[0])].find((code) => !near.includes(code));
    expect(await answer(wrong as string)).toMatchObject(REFUSED);
  });

  test('a replayed code is refused', async () => {
    const { at, answer } = await owner();
    expect(await answer(at(0))).toMatchObject(GRANTED);
    expect(await answer(at(0))).toMatchObject(REFUSED);
  });
});
