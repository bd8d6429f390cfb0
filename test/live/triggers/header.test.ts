import { AssuranceLevel, Factor, otpUnlessHeader, StepUpClient, StepUpFlow, StepUpRealm } from '../../../lib';
import { Browser, createUser, signIn } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';
import { answersOf, provesByOtp } from '../support/site';

const TRUST = 'X-Device-Trust';

/** A browser behind a proxy that sets a header. */
function browserWith(headers: Readonly<Record<string, string>>): Browser {
  return new Browser((input, init) => {
    const all = new Headers(init?.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return fetch(input, { ...init, headers: all });
  });
}

describeWithKeycloak('Triggers: HTTP header patterns', () => {
  const realm = withRealmName('header');
  const folder = withStackFolder();

  beforeAll(() =>
    folder.apply((stack) => {
      const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
      const gold = new AssuranceLevel(stack, 'gold', {
        acr: 'gold',
        loa: 2,
        provedBy: otpUnlessHeader({ header: TRUST, value: /managed-[0-9]+/ }),
      });
      const made = new StepUpRealm(stack, 'realm', { name: realm, levels: [silver, gold] });
      made.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm: made }));
      new StepUpClient(stack, 'plain', {
        realm: made,
        clientId: 'plain',
        accessType: 'PUBLIC',
        validRedirectUris: [REDIRECT_URI],
      });
    }),
  );

  let users = 0;
  const gold = async (
    headers: Readonly<Record<string, string>>,
    otp: 'right' | 'wrong' | 'expired' = 'right',
    totp = true,
  ) => {
    users += 1;
    const username = `user-${users}`;
    const { admin, url } = await testKeycloak();
    const user = await createUser(admin, realm, { username, ...(totp && { totp }) });
    const client = { issuer: `${url}/realms/${realm}`, clientId: 'plain' };
    const request = { client, redirectUri: REDIRECT_URI, acrValues: ['gold'] };
    return signIn(browserWith(headers), request, answersOf(user, otp));
  };

  provesByOtp('HTTP header, missing', { acr: 'gold', login: (otp) => gold({}, otp) });
  provesByOtp('HTTP header with another value', {
    acr: 'gold',
    login: (otp) => gold({ [TRUST]: 'managed-12 or not' }, otp),
  });

  test('HTTP header with the value: the password is enough', async () => {
    expect(await gold({ [TRUST]: 'managed-12' })).toMatchObject({
      outcome: 'granted',
      acr: 'gold',
      asked: ['username', 'password'],
    });
  });

  test('a user without an authenticator app is refused, with the header too', async () => {
    for (const headers of [{}, { [TRUST]: 'managed-12' }] as Record<string, string>[]) {
      expect(await gold(headers, 'right', false)).toMatchObject({ outcome: 'refused' });
    }
  });
});
