import { setTimeout as sleep } from 'node:timers/promises';
import { Browser, type LoginPage } from '../../../sandbox/login';
import { CASES } from '../../checks/cases';
import type { RuleCase } from '../../checks/support/rule-case';
import { PASSWORD, REDIRECT_URI } from '../../support/imported-realm';
import { importRealm } from '../checks/import-realm';
import { acrOf, redeem } from '../support/grants';
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
    const issuer = `${url}/realms/${realm}`;

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
  return acrOf(await redeem({ issuer: async () => issuer }, 'app', arrival.redirect));
}

function requestOf(issuer: string, clientId: string): URL {
  const query = { response_type: 'code', client_id: clientId, redirect_uri: REDIRECT_URI, scope: 'openid' };
  return new URL(`${issuer}/protocol/openid-connect/auth?${new URLSearchParams(query)}`);
}
