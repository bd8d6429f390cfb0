import { AssuranceLevel, Factor } from '../../../lib';
import { Browser, type LoginPage } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { loginsTo, passwordOf, withLevelsRealm } from '../factors/http-logins';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';

const LEAVE = new URL(REDIRECT_URI);

describeWithKeycloak('Enrolment: other ways around it', () => {
  describe.each(['deny', 'enrol'] as const)('%s', (unenrolled) => {
    const realm = withLevelsRealm((stack) => [
      new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
      new AssuranceLevel(stack, 'gold', {
        acr: 'gold',
        loa: 2,
        provedBy: Factor.anyOf(Factor.otp(), Factor.recoveryCode(), Factor.webAuthn()),
        unenrolled,
      }),
    ]);
    const { user, login } = loginsTo(realm);
    const devicesOf = async (id: string) => {
      const { admin } = await testKeycloak();
      const owned = await admin.users.getCredentials({ realm, id });
      return owned.filter(({ type }) => type !== 'password');
    };

    test('"try another way" offers nothing that the user does not own', async () => {
      const bob = await user({ totp: true });
      const browser = new Browser();
      const { page } = await login('gold', passwordOf(bob), { browser });
      expect(page?.id).toBe('login-login-otp');
      const arrival = await browser.submit(page as LoginPage, { tryAnotherWay: 'on' }, LEAVE);
      expect('page' in arrival && arrival.page.id).not.toMatch(/config|register/);
      const choices = 'page' in arrival ? [...arrival.page.asks.keys()] : [];
      expect(choices.filter((asked) => asked !== 'otp' && asked !== 'choice-of-factor')).toEqual([]);
      expect(await devicesOf(bob.id)).toHaveLength(1);
    });

    test('credentials cannot be reset without a login', async () => {
      const { url } = await testKeycloak();
      const bob = await user({ totp: true });
      const browser = new Browser();
      const { page } = await login('gold', {}, { browser });
      const reset = new URL(`${url}/realms/${realm}/login-actions/reset-credentials`);
      for (const name of ['client_id', 'tab_id']) {
        reset.searchParams.set(name, page?.action?.searchParams.get(name) ?? '');
      }
      const arrival = await browser.open(reset, LEAVE);
      expect('page' in arrival && arrival.page).toMatchObject({ kind: 'error', error: 'Reset Credential not allowed' });
      expect(await devicesOf(bob.id)).toHaveLength(1);
    });

    test.each(['CONFIGURE_TOTP', 'CONFIGURE_RECOVERY_AUTHN_CODES', 'webauthn-register'])(
      'a stolen password does not add a device by kc_action=%s to an account that has one',
      async (action) => {
        const bob = await user({ totp: true });
        const result = await login(undefined, passwordOf(bob), { parameters: { kc_action: action } });
        expect(result.asked.filter((asked) => asked.startsWith('enrol'))).toEqual([]);
        if (unenrolled === 'enrol') expect(result.asked.at(-1)).toBe('otp');
        expect(await devicesOf(bob.id)).toHaveLength(1);
      },
    );

    test('a stolen password does not delete the device, so as to enrol another', async () => {
      const bob = await user({ totp: true });
      const [device] = await devicesOf(bob.id);
      const parameters = { kc_action: `delete_credential:${device?.id}` };
      const result = await login(undefined, passwordOf(bob), { parameters });
      expect(result).toMatchObject({ outcome: 'unanswered', asked: ['username', 'password', 'otp'] });
      expect(await devicesOf(bob.id)).toHaveLength(1);
    });

    test("nor by the account console's API, with a token of that password", async () => {
      const { url } = await testKeycloak();
      const issuer = `${url}/realms/${realm}`;
      const bob = await user({ totp: true });
      const [device] = await devicesOf(bob.id);
      const { tokens } = await login(undefined, passwordOf(bob), {
        client: { issuer, clientId: 'account-console' },
        redirectUri: `${issuer}/account/`,
      });
      const credential = `${issuer}/account/credentials/${device?.id}`;
      const headers = { authorization: `Bearer ${tokens?.access_token}`, accept: 'application/json' };
      const listed = await fetch(`${issuer}/account/credentials`, { headers });
      expect(JSON.stringify(await listed.json())).toContain(device?.id);
      expect((await fetch(credential, { method: 'DELETE', headers })).status).toBe(400);
      expect(await devicesOf(bob.id)).toHaveLength(1);
    });
  });
});
