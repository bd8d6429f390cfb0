import { Factor } from '../../../lib';
import {
  describeWithChromium,
  passwordThen,
  CHROMIUM_REDIRECT_URI as redirectUri,
  AUTHENTICATOR_TIMEOUT as timeout,
  withChromium,
} from './chromium-logins';
import { withFactorRealm } from './factor-realm';

const ASKED = ['username', 'password', 'webauthn'];

describeWithChromium('Factors: WebAuthn', () => {
  const loginsTo = withChromium();

  describe('second factor', () => {
    const realm = withFactorRealm({
      levels: passwordThen(Factor.webAuthn(), 'enrol'),
      props: { webAuthnPolicy: { timeout } },
      redirectUri,
    });
    const { enrolled, browser, login } = loginsTo(realm);

    test('passes with the right authenticator, verifying or not, and is asked for at its level alone', async () => {
      const { user, ...key } = await enrolled();
      let { credentials } = key;
      for (const verifiesUser of [true, false]) {
        const used = await login(user, await browser({ credentials, verifiesUser }));
        credentials = used.credentials;
        expect(used.result).toMatchObject({
          outcome: 'granted',
          acr: 'gold',
          asked: ASKED,
          amr: expect.arrayContaining(['pwd', 'hwk']),
        });
      }
      const { result } = await login(user, await browser({ credentials }), {});
      expect(result).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'password'] });
    });

    test('refuses an authenticator without the credential, and that of another user', async () => {
      const { user } = await enrolled();
      const other = await enrolled();
      for (const credentials of [[], other.credentials]) {
        const { result } = await login(user, await browser({ credentials }));
        expect(result).toMatchObject({ outcome: 'refused', asked: ASKED });
        expect(result.tokens).toBeUndefined();
      }
    });
  });

  describe('second factor that must verify its user', () => {
    const realm = withFactorRealm({
      levels: passwordThen(Factor.webAuthn(), 'enrol'),
      props: { webAuthnPolicy: { timeout, userVerification: 'required' } },
      redirectUri,
    });
    const { enrolled, browser, login } = loginsTo(realm);

    test('refuses an authenticator that does not, and passes one that does', async () => {
      const { user, credentials } = await enrolled();
      const without = await login(user, await browser({ credentials, verifiesUser: false }));
      expect(without.result).toMatchObject({ outcome: 'refused', asked: ASKED });
      const verified = await login(user, await browser({ credentials }));
      expect(verified.result).toMatchObject({ outcome: 'granted', acr: 'gold' });
    });
  });

  describe('a user without an authenticator', () => {
    const realm = withFactorRealm({ levels: passwordThen(Factor.webAuthn()), redirectUri });
    const { user, browser, login } = loginsTo(realm);

    test('is refused where the level does not let users enrol', async () => {
      const { result, credentials } = await login(await user(), await browser());
      expect(result).toMatchObject({
        outcome: 'refused',
        error: expect.stringContaining('not set up to prove the level'),
      });
      expect(credentials).toEqual([]);
    });
  });
});
