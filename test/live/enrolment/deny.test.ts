import { AssuranceLevel, Factor } from '../../../lib';
import { Browser, type LoginPage, TotpDevice } from '../../../sandbox/login';
import { loginsTo, passwordOf, withLevelsRealm } from '../factors/http-logins';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';

const NOT_SET_UP = {
  outcome: 'refused',
  error: expect.stringContaining('not set up to prove the level "gold"'),
  asked: ['username', 'password'],
};

/** Whoever holds the password enrols whatever Keycloak offers. */
const enrolling = {
  'enrol-otp': (page: LoginPage) => new TotpDevice(page.fields.totpSecret as string).next(),
  'enrol-recovery-codes': (page: LoginPage) => page.fields.generatedRecoveryAuthnCodes as string,
};

describe.each([
  { name: 'OTP', factor: Factor.otp(), action: 'CONFIGURE_TOTP' },
  { name: 'recovery codes', factor: Factor.recoveryCode(), action: 'CONFIGURE_RECOVERY_AUTHN_CODES' },
  {
    name: 'OTP or recovery codes',
    factor: Factor.anyOf(Factor.otp(), Factor.recoveryCode()),
    action: 'CONFIGURE_RECOVERY_AUTHN_CODES',
  },
  {
    name: 'OTP and recovery codes',
    factor: Factor.allOf(Factor.otp(), Factor.recoveryCode()),
    action: 'CONFIGURE_TOTP',
  },
])('Enrolment: deny, $name', ({ factor, action }) => {
  describeWithKeycloak('a stolen password', () => {
    const realm = withLevelsRealm((stack) => [
      new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
      new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: factor }),
    ]);
    const { user, login } = loginsTo(realm);
    const credentialsOf = async (id: string) => {
      const { admin } = await testKeycloak();
      return (await admin.users.getCredentials({ realm, id })).map(({ type }) => type);
    };

    test('does not reach gold, nor enrol on the way', async () => {
      const alice = await user();
      expect(await login('gold', { ...passwordOf(alice), ...enrolling })).toMatchObject(NOT_SET_UP);
      expect(await credentialsOf(alice.id)).toEqual(['password']);
    });

    test('does not reach gold by an essential acr, nor from a session of the password', async () => {
      const alice = await user();
      const browser = new Browser();
      const first = await login(undefined, passwordOf(alice), { browser });
      expect(first).toMatchObject({ outcome: 'granted', acr: 'silver' });
      const claims = { id_token: { acr: { essential: true, values: ['gold'] } } };
      const second = await login(undefined, { ...passwordOf(alice), ...enrolling }, { browser, claims });
      expect(second).toMatchObject({ ...NOT_SET_UP, asked: [] });
    });

    test(`does not enrol by kc_action=${action}`, async () => {
      const alice = await user();
      const browser = new Browser();
      const answers = { ...passwordOf(alice), ...enrolling };
      const acted = await login(undefined, answers, { browser, parameters: { kc_action: action } });
      expect(acted.asked).toEqual(['username', 'password']);
      expect(await credentialsOf(alice.id)).toEqual(['password']);
      expect(await login('gold', answers, { browser })).toMatchObject({ ...NOT_SET_UP, asked: [] });
    });

    test('does not enrol by the way of the account console', async () => {
      const alice = await user();
      const { url } = await testKeycloak();
      const issuer = `${url}/realms/${realm}`;
      const console = {
        client: { issuer, clientId: 'account-console' },
        redirectUri: `${issuer}/account/`,
        parameters: { kc_action: action },
      };
      const acted = await login(undefined, { ...passwordOf(alice), ...enrolling }, console);
      expect(acted.asked).toEqual(['username', 'password']);
      expect(await credentialsOf(alice.id)).toEqual(['password']);
    });
  });
});
