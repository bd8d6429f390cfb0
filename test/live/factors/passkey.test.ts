import { AssuranceLevel, Factor } from '../../../lib';
import { Browser, type LoginPage, type LoginRequest } from '../../../sandbox/login';
import type { ScriptBrowserOptions } from '../../../sandbox/webauthn/script-browser';
import {
  describeWithChromium,
  type KeyOwner,
  passwordThen,
  CHROMIUM_REDIRECT_URI as redirectUri,
  AUTHENTICATOR_TIMEOUT as timeout,
  withChromium,
} from './chromium-logins';
import { type LevelsOf, withChangingRealm } from './factor-realm';

const VERIFYING = { webAuthnPasswordlessPolicy: { timeout } };
const LAX = { webAuthnPasswordlessPolicy: { timeout, userVerification: 'preferred' as const } };
const ENROL = 'webauthn-register-passwordless';
const GOLD = { acrValues: ['gold'] };

/** Silver by this; gold by a one-time password. */
const silverBy =
  (provedBy: Factor): LevelsOf =>
  (stack) => [
    new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 2, provedBy }),
    new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 3, provedBy: Factor.otp() }),
  ];

/** What is presented in place of the user's own passkey, by browsers that keep to the page and by those that do not. */
const attacks: readonly {
  what: string;
  error: string;
  browser: (own: KeyOwner, other: KeyOwner) => ScriptBrowserOptions;
}[] = [
  {
    what: 'no passkey',
    error: 'Failed to authenticate by the Passkey.',
    browser: () => ({}),
  },
  {
    what: 'the passkey of another user',
    error: 'Failed to authenticate by the Passkey.',
    browser: (_own, { credentials }) => ({ credentials }),
  },
  {
    what: 'the passkey of another user, in a browser that does not keep to those that the page allows',
    error: 'First authenticated user is not the one authenticated by the Passkey.',
    browser: (_own, { credentials }) => ({ credentials, insteadOfPage: { allowCredentials: [] } }),
  },
  {
    what: 'the right passkey, in an authenticator that does not verify its user',
    error: 'Failed to authenticate by the Passkey.',
    browser: ({ credentials }) => ({ credentials, verifiesUser: false }),
  },
  {
    what: 'the same, in a browser that does not ask for verification though the page does',
    error: 'Passkey authentication result is invalid.',
    browser: ({ credentials }) => ({
      credentials,
      verifiesUser: false,
      insteadOfPage: { userVerification: 'discouraged' },
    }),
  },
];

describeWithChromium('Factors: passkey', () => {
  const loginsTo = withChromium();
  const levels = passwordThen(Factor.passkey(), 'enrol');
  const realm = withChangingRealm({ levels, props: VERIFYING, redirectUri });
  const { user, enrolled, browser, login } = loginsTo(realm.name);
  let bob: KeyOwner;
  let other: KeyOwner;

  beforeAll(async () => {
    bob = await enrolled(ENROL, { totp: true });
    other = await enrolled(ENROL);
  });

  /** Signs bob in with his own passkey, whose counter goes on. */
  const byOwnKey = async (request: Partial<LoginRequest>, options: ScriptBrowserOptions = {}) => {
    const own = await browser({ credentials: bob.credentials, ...options });
    const otp = async () => (await bob.user.totp?.next()) ?? '';
    const used = await login(bob.user, own, request, { otp });
    bob = { ...bob, credentials: used.credentials };
    return used.result;
  };

  const refusesTheWrong = (request: Partial<LoginRequest>, asked: readonly string[]) => {
    test.each(attacks)('$what is refused', async ({ browser: options, error }) => {
      const { result } = await login(bob.user, await browser(options(bob, other)), request);
      expect(result).toMatchObject({ outcome: 'refused', error, asked });
      expect(result.tokens).toBeUndefined();
    });

    test.each([
      ['a form without a signature', {}],
      ['a form without any field of it', undefined],
    ])('%s is refused', async (_what, fields) => {
      const scriptless = new Browser();
      const { result } = await login(bob.user, scriptless, request, { webauthn: undefined });
      expect(result).toMatchObject({ outcome: 'unanswered', asked });
      const page = result.page as LoginPage;
      const arrival = await scriptless.submit(fields ? page : { ...page, fields: {} }, {}, new URL(redirectUri));
      expect(arrival).toMatchObject({ page: { id: expect.stringMatching(/webauthn-error|login-error/) } });
    });
  };

  describe('as the proof of a higher level', () => {
    const asked = ['username', 'password', 'webauthn'];

    test('the right one passes, and is asked for at its level alone', async () => {
      expect(await byOwnKey(GOLD)).toMatchObject({ outcome: 'granted', acr: 'gold', amr: ['pwd', 'hwk'], asked });
      expect(await byOwnKey({})).toMatchObject({ outcome: 'granted', acr: 'silver', amr: ['pwd'] });
    });

    refusesTheWrong(GOLD, asked);

    test('who has none is refused and not offered to enrol one, though the level is open', async () => {
      const { result, credentials } = await login(await user(), await browser(), GOLD);
      expect(result).toMatchObject({ outcome: 'refused', asked: ['username', 'password'] });
      expect(result.error).toBe('Cannot login, credential setup required.');
      expect(credentials).toEqual([]);
    });

    test.each(['required', 'discouraged'] as const)(
      'none is enrolled in an authenticator that does not verify its user, the browser taking it for %s',
      async (verification) => {
        const insteadOfPage = verification === 'discouraged' ? { userVerification: verification } : undefined;
        const attacker = await browser({ verifiesUser: false, insteadOfPage });
        const { result } = await login(await user(), attacker, { parameters: { kc_action: ENROL } });
        expect(result).toMatchObject({ outcome: 'refused', asked: ['username', 'password', 'enrol-webauthn'] });
      },
    );
  });

  describe('after the user name', () => {
    beforeAll(() => realm.apply(silverBy(Factor.usernameThenPasskey())));
    const asked = ['username', 'webauthn'];

    test('the right one passes without a password', async () => {
      expect(await byOwnKey({})).toMatchObject({ outcome: 'granted', acr: 'silver', amr: ['hwk'], asked });
    });

    test('a higher level is proved on top of it', async () => {
      const result = await byOwnKey(GOLD);
      expect(result).toMatchObject({ outcome: 'granted', acr: 'gold', asked: [...asked, 'otp'] });
      expect([...result.amr].sort()).toEqual(['hwk', 'otp']);
    });

    refusesTheWrong({}, asked);
  });

  describe('after the user name, or a password', () => {
    beforeAll(() => realm.apply(silverBy(Factor.anyOf(Factor.password(), Factor.usernameThenPasskey()))));

    test('the passkey is the other way beside the password', async () => {
      const asked = ['username', 'webauthn'];
      const byPasskey = await byOwnKey({}, { anotherWay: 1 });
      expect(byPasskey).toMatchObject({ outcome: 'granted', acr: 'silver', amr: ['hwk'], asked });
      const byPassword = await byOwnKey({});
      expect(byPassword).toMatchObject({ outcome: 'granted', acr: 'silver', amr: ['pwd'] });
    });

    test('a user name alone does not pass, nor enrol a passkey', async () => {
      const { result, credentials } = await login(await user(), await browser({ anotherWay: 1 }), {});
      expect(result).toMatchObject({ outcome: 'refused', asked: ['username'] });
      expect(credentials).toEqual([]);
    });
  });

  describe('with a policy that does not require user verification', () => {
    test('as the proof of a higher level, an authenticator that does not verify passes', async () => {
      await realm.apply(passwordThen(Factor.passkey()), LAX);
      const result = await byOwnKey(GOLD, { verifiesUser: false });
      expect(result).toMatchObject({ outcome: 'granted', acr: 'gold', amr: ['pwd', 'hwk'] });
    });

    test('after the user name too: possession is then all there is', async () => {
      await realm.apply(silverBy(Factor.usernameThenPasskey()), LAX);
      const result = await byOwnKey({}, { verifiesUser: false });
      expect(result).toMatchObject({
        outcome: 'granted',
        acr: 'silver',
        amr: ['hwk'],
        asked: ['username', 'webauthn'],
      });
    });
  });
});
