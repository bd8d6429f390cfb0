import { setTimeout as sleep } from 'node:timers/promises';
import { OTP_SECRET } from '../../checks/support/representation';
import { client, flow, PASSWORD, REQ, realm, stepUpFlow } from '../../model/support/realm';
import { PASSWORD as PASSWORD_OF_ALL } from '../../support/imported-realm';
import { authorizationUrl, endOfLive } from '../conformance/compare';
import { type Arrival, LiveLogin, type LivePage } from '../conformance/driver';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { actionUrl } from './support/action-url';
import { withPlace } from './support/place';

/** What none of these reaches is more than a straight login: so the simulator knows no tabs and no old pages. */
describeWithKeycloak('Moves: back, tabs and other users', () => {
  const fresh = flow('fresh', [REQ('fresh forms', [PASSWORD])]);
  const place = withPlace(
    realm(stepUpFlow(), {
      flows: [fresh],
      clients: [client('app'), client('fresh', { flowOverrides: { browser: { alias: 'fresh' } } })],
    }),
  );
  const GOLD = { acrClaim: { essential: true, values: ['gold'] } };
  const bob = () => new LiveLogin('bob', OTP_SECRET);

  const open = (browser: LiveLogin, request = {}, clientId = 'app') =>
    browser.open(authorizationUrl(place.known(), { clientId, ...request }));
  const pageOf = (arrival: Arrival): LivePage => {
    if ('redirect' in arrival) throw new Error(`Left Keycloak: ${arrival.redirect.search}`);
    return arrival.page;
  };
  const end = (arrival: Arrival, clientId = 'app') => endOfLive(place.known(), clientId, arrival);

  /** The address that a page's form is posted to. */
  const formOf = ({ html }: LivePage) => new URL(/action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '');
  const post = (browser: LiveLogin, url: URL, values: Record<string, string>) =>
    browser.open(url, { method: 'POST', body: new URLSearchParams(values) });
  const asAlice = { username: 'alice', password: PASSWORD_OF_ALL };

  /** Keycloak's page that says so, with status 200. */
  const EXPIRED = 'refused 200';

  describe('back', () => {
    test('a form of an earlier page is expired, and the login stays where it was', async () => {
      const browser = bob();
      const password = pageOf(await open(browser, GOLD));
      const otp = pageOf(await browser.answer(password, {}));
      expect(await end(await browser.answer(password, {}))).toBe(EXPIRED);
      const again = pageOf(await browser.open(actionUrl(otp, 'authenticate')));
      expect(again.text).toBe('otp');
      expect(await end(await browser.answer(again, {}))).toBe('acr gold');
    });

    test('from a required action no other flow is reached, and a restart begins at the beginning', async () => {
      const browser = bob();
      const otp = pageOf(await browser.answer(pageOf(await open(browser, { action: 'CONFIGURE_TOTP' })), {}));
      const enrol = pageOf(await browser.answer(otp, {}));
      expect(enrol.text).toBe('CONFIGURE_TOTP');
      expect(await end(await browser.answer(otp, {}))).toBe(EXPIRED);
      for (const path of ['reset-credentials', 'authenticate']) {
        expect(await end(await browser.open(actionUrl(enrol, path)))).toBe(EXPIRED);
      }
      expect(await end(await browser.open(actionUrl(enrol, 'restart')))).toBe('username+password');
    });
  });

  describe('two tabs of a browser', () => {
    test('what one proves, the other still asks for if it wants more', async () => {
      const browser = bob();
      const gold = pageOf(await open(browser, GOLD));
      const plain = pageOf(await open(browser));
      expect(await end(await browser.answer(plain, {}))).toBe('acr silver');
      const otp = pageOf(await browser.answer(gold, {}));
      expect(otp.text).toBe('otp');
      expect(await end(await browser.answer(otp, {}))).toBe('acr gold');
    });

    test('an older page that asks for less ends with less', async () => {
      const browser = bob();
      const plain = pageOf(await open(browser));
      const otp = pageOf(await browser.answer(pageOf(await open(browser, GOLD)), {}));
      expect(await end(await browser.answer(otp, {}))).toBe('acr gold');
      expect(await end(await browser.answer(plain, {}))).toBe('acr silver');
    });

    test('a form of one, posted to the other, is expired', async () => {
      const browser = bob();
      const gold = pageOf(await open(browser, GOLD));
      const plain = actionUrl(pageOf(await open(browser)), 'authenticate');
      const mixed = formOf(pageOf(await browser.answer(gold, {})));
      mixed.searchParams.set('tab_id', plain.searchParams.get('tab_id') ?? '');
      expect(await end(await post(browser, mixed, { otp: '123456' }))).toBe(EXPIRED);
      expect(pageOf(await browser.open(plain)).text).toBe('username+password');
    });

    test('another user in the second one ends the login of the first', async () => {
      const browser = bob();
      const first = pageOf(await open(browser, GOLD));
      const second = pageOf(await open(browser));
      const otp = pageOf(await browser.answer(first, {}));
      expect(await end(await post(browser, formOf(second), asAlice))).toBe('acr silver');
      expect(otp.text).toBe('otp');
      expect(await end(await browser.answer(otp, {}))).toBe('refused 400');
    });
  });

  test('a session is asked for the password of its own user, and another user is refused in it', async () => {
    const browser = bob();
    expect(await end(await browser.answer(pageOf(await open(browser)), {}))).toBe('acr silver');
    expect(pageOf(await open(browser, { prompt: ['login'] })).text).toBe('password');
    const form = formOf(pageOf(await open(browser, {}, 'fresh')));
    expect(await end(await post(browser, form, asAlice), 'fresh')).toBe('refused 400');
  });

  test('a login that times out begins anew, with what it asked for', async () => {
    const { admin } = await testKeycloak();
    const { realm: name } = place;
    const browser = bob();
    const page = pageOf(await open(browser, GOLD));
    await admin.realms.update({ realm: name }, { accessCodeLifespanLogin: LIFESPAN_S });
    await sleep((LIFESPAN_S + 1) * 1000 + 100);
    const again = pageOf(await browser.answer(page, {}));
    await admin.realms.update({ realm: name }, { accessCodeLifespanLogin: 1800 });
    expect(again.text).toBe('username+password');
    const otp = pageOf(await browser.answer(again, {}));
    expect(otp.text).toBe('otp');
    expect(await end(await browser.answer(otp, {}))).toBe('acr gold');
  });
});

/** Of a login; the shortest. */
const LIFESPAN_S = 1;
