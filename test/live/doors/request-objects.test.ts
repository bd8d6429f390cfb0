import { importedOtp, PASSWORD, REDIRECT_URI } from '../../support/imported-realm';
import { LiveLogin } from '../conformance/driver';
import { describeWithKeycloak, testKeycloak, withRealm } from '../support/keycloak';
import { loaRealm } from '../support/loa-realm';

const SECRET = '12345678901234567890';

/** A request object without a signature (RFC 9101, section 10.2, says why servers must not need one). */
function unsigned(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}

describeWithKeycloak('Doors: authorization requests by another channel', () => {
  const settings = loaRealm();
  const realm = withRealm({
    ...settings,
    // Keycloak reads an OTP policy only if it has a type.
    otpPolicyType: 'totp',
    otpPolicyAlgorithm: 'HmacSHA1',
    otpPolicyDigits: 6,
    otpPolicyPeriod: 30,
    otpPolicyLookAheadWindow: 1,
    otpPolicyCodeReusable: true,
    clients: [
      {
        clientId: 'app',
        publicClient: true,
        redirectUris: [REDIRECT_URI],
        attributes: { 'minimum.acr.value': 'gold' },
      },
    ],
    users: [
      {
        username: 'bob',
        enabled: true,
        email: 'bob@example.invalid',
        emailVerified: true,
        firstName: 'Bob',
        lastName: 'Owner',
        credentials: [{ type: 'password', value: PASSWORD }, importedOtp(SECRET)],
      },
    ],
  });
  const endpoint = async (path: string) =>
    new URL(`${(await testKeycloak()).url}/realms/${realm}/protocol/openid-connect/${path}`);
  const parameters = { response_type: 'code', client_id: 'app', redirect_uri: REDIRECT_URI, scope: 'openid' };

  /** The pages that a login of bob's shows who answers each. */
  async function pagesOf(query: Readonly<Record<string, string>>): Promise<string[]> {
    const browser = new LiveLogin('bob', SECRET);
    const pages: string[] = [];
    let arrival = await browser.open(new URL(`${await endpoint('auth')}?${new URLSearchParams(query)}`));
    while ('page' in arrival && arrival.page.kind === 'form' && pages.length < 5) {
      pages.push(arrival.page.text);
      arrival = await browser.answer(arrival.page, {});
    }
    return [
      ...pages,
      'page' in arrival ? arrival.page.text : arrival.redirect.searchParams.has('code') ? 'code' : 'no code',
    ];
  }

  const BOTH = ['username+password', 'otp', 'code'];

  test('a pushed request (RFC 9126) for less than the minimum is raised to it', async () => {
    const pushed = await fetch(await endpoint('ext/par/request'), {
      method: 'POST',
      body: new URLSearchParams({ ...parameters, acr_values: 'silver' }),
    });
    const { request_uri: uri = '' } = (await pushed.json()) as { request_uri?: string };
    expect(uri).toMatch(/^urn:/);
    expect(await pagesOf({ client_id: 'app', request_uri: uri })).toEqual(BOTH);
  });

  test('what is sent beside a pushed request does not lower it', async () => {
    const pushed = await fetch(await endpoint('ext/par/request'), {
      method: 'POST',
      body: new URLSearchParams({ ...parameters, acr_values: 'gold' }),
    });
    const { request_uri: uri = '' } = (await pushed.json()) as { request_uri?: string };
    expect(await pagesOf({ client_id: 'app', request_uri: uri, acr_values: 'silver' })).toEqual(BOTH);
  });

  test('a request object without a signature asks for no less either', async () => {
    const request = unsigned({ ...parameters, acr_values: 'silver' });
    expect(await pagesOf({ ...parameters, request })).toEqual(BOTH);
  });
});
