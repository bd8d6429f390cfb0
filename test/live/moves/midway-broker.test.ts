import { load } from 'cheerio';
import { type Page, simulate } from '../../../model';
import { OTP_SECRET } from '../../checks/support/representation';
import { ALT, COND, COOKIE, client, flow, LOA, OTP, PASSWORD, REQ, realm } from '../../model/support/realm';
import { PASSWORD as RIGHT } from '../../support/imported-realm';
import { authorizationUrl, endOf, endOfLive } from '../conformance/compare';
import { LiveLogin, type LivePage } from '../conformance/driver';
import { describeWithKeycloak, testKeycloak, withRealm } from '../support/keycloak';
import { addProviders } from './provider-logins';
import { actionUrl } from './support/action-url';
import { BOB, expectBoth, withPlace } from './support/place';

const PHONE = ['openid', 'phone'];
const EMAIL = ['openid', 'address'];

describeWithKeycloak('Moves: an identity provider in the middle of a login', () => {
  const ruled = flow('ruled', [
    REQ('ruled login', [
      COOKIE,
      ALT('ruled forms', [COND('ruled silver', [LOA(1), PASSWORD]), COND('ruled gold', [LOA(2), OTP])]),
    ]),
    COND('ruled form', [REQ('conditional-client-scope', { client_scope: 'phone' }), REQ('auth-password-form')]),
    COND('ruled denial', [
      REQ('conditional-client-scope', { client_scope: 'address' }),
      REQ('deny-access-authenticator'),
    ]),
  ]);
  const named = flow('named', [
    COOKIE,
    ALT('named forms', [
      REQ('auth-username-form'),
      COND('named rule', [
        REQ('conditional-credential', { credentials: 'password', included: 'false' }),
        REQ('auth-password-form'),
      ]),
    ]),
  ]);
  const partner = withRealm({}, 'partner');
  const place = withPlace(
    realm(ruled, {
      flows: [named],
      clients: [client('app'), client('named', { flowOverrides: { browser: { alias: 'named' } } })],
      identityProviders: [{ alias: 'partner', enabled: true }],
      selfService: { registration: false, resetPassword: true, organizations: false },
    }),
  );

  beforeAll(async () => {
    const { admin, url } = await testKeycloak();
    await addProviders({ admin, url, realm: place.realm, partner, model: place.model });
    const { id } = await admin.users.create({
      realm: partner,
      username: 'bob',
      email: 'bob@partner.invalid',
      emailVerified: true,
      firstName: 'Bob',
      lastName: 'There',
      enabled: true,
      credentials: [{ type: 'password', value: RIGHT, temporary: false }],
    });
    const [bob] = await admin.users.find({ realm: place.realm, username: 'bob', exact: true });
    const federatedIdentity = { identityProvider: 'partner', userId: id, userName: 'bob' };
    await admin.users.addToFederatedIdentity({
      realm: place.realm,
      id: bob?.id as string,
      federatedIdentityId: 'partner',
      federatedIdentity,
    });
  });

  /** The address that sends a login to the provider, with the code of any page of it that has a form. */
  function toProvider(page: LivePage): URL {
    const action = load(page.html)('form[action*="session_code"]').first().attr('action') ?? '';
    const code = new URL(action, page.url).searchParams.get('session_code') ?? '';
    const url = actionUrl(page, 'authenticate');
    url.pathname = url.pathname.replace(/\/login-actions\/.*$/, '/broker/partner/login');
    url.searchParams.set('session_code', code);
    return url;
  }

  async function live(scope: readonly string[], acr: string, pages: number): Promise<string> {
    const browser = new LiveLogin('bob', OTP_SECRET);
    const request = { clientId: 'app', acrValues: [acr], scope };
    const seen: string[] = [];
    let arrival = await browser.open(authorizationUrl(place.known(), request));
    if ('redirect' in arrival) throw new Error('The login shows no page');
    const reset = actionUrl(arrival.page, 'reset-credentials');
    for (let count = 0; count < pages && 'page' in arrival; count++) {
      seen.push(arrival.page.text);
      arrival = await browser.answer(arrival.page, {});
    }
    if ('redirect' in arrival) throw new Error('The login has ended');
    if (arrival.page.kind === 'error') {
      // An error page has no form; the page of another door of the same login has.
      arrival = await browser.open(reset);
    } else seen.push(arrival.page.text);
    if ('redirect' in arrival) throw new Error('No reset');
    arrival = await browser.open(toProvider(arrival.page));
    if ('page' in arrival && arrival.page.url.pathname.includes(partner)) {
      seen.push('provider');
      arrival = await browser.answer(arrival.page, {});
    }
    return [...seen, await endOfLive(place.known(), 'app', arrival)].join(', ');
  }

  function simulated(scope: readonly string[], acr: string, pages: number): string {
    let count = 0;
    const actor = (page: Page) => {
      const give = page.kind !== 'form' ? 0 : page.accepts.findIndex((set) => !set.includes('email'));
      const ofProvider = page.kind === 'form' && page.authenticator === 'identity-provider';
      return ofProvider || count++ < pages ? { give } : ({ stop: true } as const);
    };
    const request = {
      clientId: 'app',
      acrValues: [acr],
      scope,
      door: 'broker',
      broker: 'partner',
      midway: true,
    } as const;
    const result = simulate(place.model, request, BOB, undefined, { actor });
    const seen = result.asked.map(({ page }) => {
      if (page.kind !== 'form') return page.kind;
      return page.authenticator === 'identity-provider' ? 'provider' : page.accepts[0]?.join('+');
    });
    return [...seen, endOf(result)].join(', ');
  }

  test.each<[readonly string[], string, number, string]>([
    [PHONE, 'gold', 2, 'username+password, otp, password, provider, acr gold'],
    [PHONE, 'gold', 1, 'username+password, otp, provider, acr silver'],
    [EMAIL, 'gold', 2, 'username+password, otp, provider, acr gold'],
    [['openid'], 'gold', 0, 'username+password, provider, acr silver'],
  ])('%s, %s, left after %i pages', async (scope, acr, pages, outcome) => {
    expect([simulated(scope, acr, pages), await live(scope, acr, pages)]).toEqual([outcome, outcome]);
  });

  test('who is linked to a provider is shown the user name form again, which counts as a password', async () => {
    const linked = { ...BOB, linked: ['partner'] };
    const first = await expectBoth(
      place,
      { request: { clientId: 'app' }, user: linked },
      'username+password, acr silver',
    );
    const { browser, result } = first;
    const again = { request: { clientId: 'named', prompt: ['login'] }, browser, session: result.session } as const;
    const { simulated: alone } = await place.compare({ ...again, user: BOB });
    expect(alone).toBe('password, acr silver');
    const { simulated: shown } = await place.compare({ ...again, user: linked });
    expect(shown).toBe(', acr silver');
    const arrival = await browser.open(authorizationUrl(place.known(), again.request));
    if ('redirect' in arrival) throw new Error('No page is shown');
    const form = load(arrival.page.html)('#kc-form-login');
    expect(form.find('[name="username"], [name="password"]')).toHaveLength(0);
    const action = new URL(form.attr('action') ?? '', arrival.page.url);
    const after = await browser.open(action, { method: 'POST', body: new URLSearchParams() });
    expect(await endOfLive(place.known(), 'named', after)).toBe('acr silver');
  });
});
