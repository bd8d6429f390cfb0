import {
  AssuranceLevel,
  Factor,
  otpIfHeader,
  otpUnlessHeader,
  StepUpClient,
  StepUpFlow,
  StepUpRealm,
} from '../../../lib';
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

/** A realm whose levels are proved by these, with ways to log in to it with headers. */
function withLevels(factors: { readonly silver: Factor; readonly gold: Factor }) {
  const realm = withRealmName('header');
  const folder = withStackFolder();

  beforeAll(() =>
    folder.apply((stack) => {
      const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 2, provedBy: factors.silver });
      const gold = new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 3, provedBy: factors.gold });
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
  return async (
    acr: 'silver' | 'gold',
    headers: Readonly<Record<string, string>>,
    otp: 'right' | 'wrong' | 'expired' = 'right',
    totp = true,
  ) => {
    users += 1;
    const username = `user-${users}`;
    const { admin, url } = await testKeycloak();
    const user = await createUser(admin, realm, { username, ...(totp && { totp }) });
    const client = { issuer: `${url}/realms/${realm}`, clientId: 'plain' };
    const request = { client, redirectUri: REDIRECT_URI, acrValues: [acr] };
    return signIn(browserWith(headers), request, answersOf(user, otp));
  };
}

describeWithKeycloak('Triggers: HTTP header that keeps from the one-time password', () => {
  const login = withLevels({
    silver: Factor.password(),
    gold: otpUnlessHeader({ header: TRUST, value: /managed-[0-9]+/ }),
  });
  const gold = (...rest: [Readonly<Record<string, string>>, ('right' | 'wrong' | 'expired')?, boolean?]) =>
    login('gold', ...rest);

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

describeWithKeycloak('Triggers: HTTP header that asks for the one-time password', () => {
  const login = withLevels({
    silver: Factor.allOf(
      Factor.password(),
      otpIfHeader({ header: 'X-Risk', value: 'high', defaultOtpOutcome: 'skip' }),
    ),
    gold: otpIfHeader({ header: 'X-Device', value: /(un)?known/ }),
  });
  const passwordAlone = (acr: string) => ({ outcome: 'granted', acr, asked: ['username', 'password'] });

  provesByOtp('HTTP header with the value, beside a password', {
    acr: 'silver',
    login: (otp) => login('silver', { 'X-Risk': 'high' }, otp),
  });

  test.each([[{}], [{ 'X-Risk': 'low' }], [{ 'X-Risk': 'not high' }]] as [Record<string, string>][])(
    'without the value the password is enough where the factor skips by default (%j)',
    async (headers) => {
      expect(await login('silver', headers)).toMatchObject(passwordAlone('silver'));
    },
  );

  provesByOtp('HTTP header with the value', {
    acr: 'gold',
    login: (otp) => login('gold', { 'X-Device': 'unknown' }, otp),
  });
  provesByOtp('HTTP header with the value in capital letters', {
    acr: 'gold',
    login: (otp) => login('gold', { 'X-Device': 'KNOWN' }, otp),
  });
  provesByOtp('HTTP header, missing, where nothing else is said', {
    acr: 'gold',
    login: (otp) => login('gold', {}, otp),
  });
  provesByOtp('HTTP header without a value', { acr: 'gold', login: (otp) => login('gold', { 'X-Device': '' }, otp) });

  test('another value: the password is enough', async () => {
    expect(await login('gold', { 'X-Device': 'managed' })).toMatchObject(passwordAlone('gold'));
  });

  test('a user without an authenticator app is refused, whatever the headers say', async () => {
    for (const headers of [{}, { 'X-Risk': 'high' }, { 'X-Device': 'managed' }] as Record<string, string>[]) {
      expect(await login('silver', headers, 'right', false)).toMatchObject({ outcome: 'refused' });
    }
  });
});
