import { Factor } from '../../../lib';
import type { ScriptBrowserOptions } from '../../../sandbox/webauthn/script-browser';
import { testKeycloak } from '../support/keycloak';
import {
  describeWithChromium,
  type KeyOwner,
  passwordThen,
  CHROMIUM_REDIRECT_URI as redirectUri,
  AUTHENTICATOR_TIMEOUT as timeout,
  withChromium,
} from './chromium-logins';
import { withChangingRealm } from './factor-realm';

const OTP = Factor.otp();
const KEY = Factor.webAuthn();
const BY_PASSWORD = ['username', 'password'];

describeWithChromium('Factors: OTP and WebAuthn', () => {
  const loginsTo = withChromium();
  const realm = withChangingRealm({
    levels: passwordThen(KEY, 'enrol'),
    props: { webAuthnPolicy: { timeout } },
    redirectUri,
  });
  const { user, enrolled, browser, login } = loginsTo(realm.name);
  let both: KeyOwner;
  let keyOnly: KeyOwner;

  beforeAll(async () => {
    both = await enrolled(undefined, { totp: true });
    keyOnly = await enrolled();
  });

  const gold = async (
    owner: KeyOwner,
    { otp = 'right', ...options }: { otp?: 'right' | 'wrong' } & ScriptBrowserOptions = {},
  ) => {
    const { totp } = owner.user;
    const code = { right: async () => (await totp?.next()) ?? '', wrong: () => totp?.wrong() ?? '' };
    const own = await browser({ credentials: owner.credentials, ...options });
    return login(owner.user, own, { acrValues: ['gold'] }, { otp: code[otp] });
  };
  const otpOnly = async (): Promise<KeyOwner> => ({ user: await user({ totp: true }), credentials: [] });
  /** The two with a key, after a use of it. */
  const used = ({ user: who }: KeyOwner, { credentials }: Pick<KeyOwner, 'credentials'>) => {
    const owner = { user: who, credentials };
    if (who === both.user) both = owner;
    else keyOnly = owner;
  };

  describe.each([
    { order: 'OTP first', factor: Factor.anyOf(OTP, KEY) },
    { order: 'WebAuthn first', factor: Factor.anyOf(KEY, OTP) },
  ])('any of both, $order', ({ factor }) => {
    beforeAll(() => realm.apply(passwordThen(factor)));

    test('who owns an authenticator app is asked for its password, and a wrong one is refused', async () => {
      const bob = await otpOnly();
      const right = await gold(bob);
      expect(right.result).toMatchObject({ outcome: 'granted', acr: 'gold', amr: ['pwd', 'otp'] });
      expect(right.result.asked).toEqual([...BY_PASSWORD, 'otp']);
      const wrong = await gold(bob, { otp: 'wrong' });
      expect(wrong.result).toMatchObject({ outcome: 'refused', error: 'Invalid authenticator code.' });
    });

    test('who owns a key is asked for it, and another one is refused', async () => {
      const right = await gold(keyOnly);
      used(keyOnly, right);
      expect(right.result).toMatchObject({ outcome: 'granted', acr: 'gold', amr: ['pwd', 'hwk'] });
      expect(right.result.asked).toEqual([...BY_PASSWORD, 'webauthn']);
      const wrong = await gold(keyOnly, { credentials: both.credentials });
      expect(wrong.result).toMatchObject({ outcome: 'refused', asked: [...BY_PASSWORD, 'webauthn'] });
    });

    test('who owns both is asked for one and may choose the other, and amr says which it was', async () => {
      const ways: string[] = [];
      for (const anotherWay of [undefined, 0, 1]) {
        const one = await gold(both, { anotherWay });
        used(both, one);
        expect(one.result).toMatchObject({ outcome: 'granted', acr: 'gold' });
        expect(one.result.asked).toHaveLength(3);
        const asked = one.result.asked.at(-1);
        expect(one.result.amr).toEqual(['pwd', asked === 'otp' ? 'otp' : 'hwk']);
        ways.push(String(asked));
      }
      expect(ways.slice(1).sort()).toEqual(['otp', 'webauthn']);
    });

    test.each([0, 1])('a wrong proof of either way is refused to who owns both: way %d', async (anotherWay) => {
      const { result } = await gold(both, { anotherWay, otp: 'wrong', credentials: keyOnly.credentials });
      expect(result.outcome).toBe('refused');
      expect(result.asked).toHaveLength(3);
    });

    test('who owns none is refused', async () => {
      const { result } = await gold({ user: await user(), credentials: [] });
      expect(result).toMatchObject({
        outcome: 'refused',
        error: expect.stringContaining('not set up'),
        asked: BY_PASSWORD,
      });
    });
  });

  describe.each([
    { order: 'OTP first', factor: Factor.allOf(OTP, KEY), proofs: ['otp', 'webauthn'] },
    { order: 'WebAuthn first', factor: Factor.allOf(KEY, OTP), proofs: ['webauthn', 'otp'] },
  ])('all of both, $order', ({ factor, proofs }) => {
    beforeAll(() => realm.apply(passwordThen(factor)));
    const asked = [...BY_PASSWORD, ...proofs];

    test('both are asked for, in this order, and amr says both', async () => {
      const right = await gold(both);
      used(both, right);
      expect(right.result).toMatchObject({ outcome: 'granted', acr: 'gold', asked });
      expect([...right.result.amr].sort()).toEqual(['hwk', 'otp', 'pwd']);
    });

    test('a wrong one-time password is refused, whatever the key says', async () => {
      const wrong = await gold(both, { otp: 'wrong' });
      used(both, wrong);
      expect(wrong.result).toMatchObject({ outcome: 'refused', error: 'Invalid authenticator code.' });
      expect(wrong.result.asked).toEqual(asked.slice(0, asked.indexOf('otp') + 1));
    });

    test('the key of another user is refused, whatever the one-time password says', async () => {
      const { result } = await gold(both, { credentials: keyOnly.credentials });
      expect(result.outcome).toBe('refused');
      expect(result.asked).toEqual(asked.slice(0, asked.indexOf('webauthn') + 1));
    });

    test('who lacks one is refused', async () => {
      for (const owner of [keyOnly, await otpOnly()]) {
        const { result } = await gold(owner);
        expect(result.outcome).toBe('refused');
        expect(result.asked.filter((one) => one.startsWith('enrol'))).toEqual([]);
      }
    });
  });

  test('the users were given nothing on the way', async () => {
    const { admin } = await testKeycloak();
    const owned = await admin.users.getCredentials({ realm: realm.name, id: keyOnly.user.id });
    expect(owned.map(({ type }) => type).sort()).toEqual(['password', 'webauthn']);
  });
});
