import { setTimeout as sleep } from 'node:timers/promises';
import { Browser, type LoginPage } from '../../../sandbox/login';
import { CASES } from '../../checks/cases';
import type { RuleCase } from '../../checks/support/rule-case';
import { PASSWORD, REDIRECT_URI } from '../../support/imported-realm';
import { importRealm } from '../checks/import-realm';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';

const TRIES = 20;
const SECOND = 1000;
const leave = new URL(REDIRECT_URI);

describeWithKeycloak('a session of another client', () => {
  const realm = withRealmName('explore');

  test('has its level in a flow without levels until the second is over', async () => {
    const { admin, url } = await testKeycloak();
    await importRealm(
      admin,
      realm,
      (CASES.find(({ rule }) => rule === 'session-skips-override') as RuleCase).vulnerable,
    );
    const issuer = `${url}/realms/${realm}/protocol/openid-connect`;

    const seen = new Set<string | undefined>();
    for (let tries = 0; tries < TRIES && !seen.has('silver'); tries++) seen.add(await acrOfApp(issuer, 0));
    expect(seen).toContain('silver');
    expect(await acrOfApp(issuer, 2 * SECOND)).toBe('0');
  });
});

/** Logs in to `other` with the password alone, then goes to `app`, whose flow asks for an OTP as well. */
async function acrOfApp(issuer: string, wait: number): Promise<string | undefined> {
  const browser = new Browser();
  const form = await browser.open(requestOf(issuer, 'other'), leave);
  // The more of the second is left, the likelier both logins fall into it.
  await sleep(SECOND - (Date.now() % SECOND));
  await browser.submit((form as { page: LoginPage }).page, { username: 'bob', password: PASSWORD }, leave);
  await sleep(wait);
  const arrival = await browser.open(requestOf(issuer, 'app'), leave);
  if (!('redirect' in arrival)) throw new Error(`The login asks for ${[...arrival.page.asks.keys()]}`);
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'app',
      code: arrival.redirect.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
    }),
  });
  const { id_token: token = '' } = (await response.json()) as { id_token?: string };
  return (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { acr?: string }).acr;
}

function requestOf(issuer: string, clientId: string): URL {
  const query = { response_type: 'code', client_id: clientId, redirect_uri: REDIRECT_URI, scope: 'openid' };
  return new URL(`${issuer}/auth?${new URLSearchParams(query)}`);
}
