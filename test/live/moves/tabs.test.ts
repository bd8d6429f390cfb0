import { setTimeout as sleep } from 'node:timers/promises';
import { OTP_SECRET } from '../../checks/support/representation';
import { client, flow, PASSWORD, REQ, realm, stepUpFlow } from '../../model/support/realm';
import { authorizationUrl, endOfLive } from '../conformance/compare';
import { type Arrival, LiveLogin, type LivePage } from '../conformance/driver';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { actionUrl, withPlace } from './support/place';

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

  test('a form of an earlier page, sent again, is expired', async () => {
    const browser = bob();
    const password = pageOf(await open(browser, GOLD));
    const otp = pageOf(await browser.answer(password, {}));
    expect(otp.text).toBe('otp');
    console.log('old form:', await end(await browser.answer(password, {})));
    console.log('then otp:', await end(await browser.answer(otp, {})));
  });

  test('two tabs', async () => {
    const browser = bob();
    const gold = pageOf(await open(browser, GOLD));
    const plain = pageOf(await open(browser));
    console.log('plain tab:', await end(await browser.answer(plain, {})));
    const after = await browser.answer(gold, {});
    console.log('gold tab:', await end(after));
  });

  test('gold tab, then plain tab waiting', async () => {
    const browser = bob();
    const plain = pageOf(await open(browser));
    const gold = pageOf(await open(browser, GOLD));
    const otp = pageOf(await browser.answer(gold, {}));
    console.log('gold', otp.text, await end(await browser.answer(otp, {})));
    console.log('plain tab:', await end(await browser.answer(plain, {})));
  });

  test('mixed ids', async () => {
    const browser = bob();
    const gold = pageOf(await open(browser, GOLD));
    const plain = pageOf(await open(browser));
    const otp = pageOf(await browser.answer(gold, {}));
    // the OTP page's login with the tab of the plain one
    const url = actionUrl(plain, 'authenticate');
    console.log('plain tab shows', pageOf(await browser.open(url)).text);
    const mixed = new URL(/action="([^"]+)"/.exec(otp.html)?.[1]?.replaceAll('&amp;', '&') ?? '');
    mixed.searchParams.set('tab_id', url.searchParams.get('tab_id') ?? '');
    console.log(
      'mixed',
      await end(await browser.open(mixed, { method: 'POST', body: new URLSearchParams({ otp: '1' }) })),
    );
  });

  test('another user', async () => {
    const browser = bob();
    console.log('bob', await end(await browser.answer(pageOf(await open(browser)), {})));
    const alicePage = pageOf(await open(browser, { prompt: ['login'] }));
    console.log('asked', alicePage.text);
    const freshPage = pageOf(await open(browser, {}, 'fresh'));
    const action = /action="([^"]+)"/.exec(freshPage.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const arrival = await browser.open(new URL(action), {
      method: 'POST',
      body: new URLSearchParams({ username: 'alice', password: 'right' }),
    });
    console.log('alice', await end(arrival, 'fresh'));
  });

  test('another user in a second tab', async () => {
    const browser = bob();
    const first = pageOf(await open(browser, GOLD));
    const second = pageOf(await open(browser));
    const otp = pageOf(await browser.answer(first, {}));
    const action = /action="([^"]+)"/.exec(second.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const arrival = await browser.open(new URL(action), {
      method: 'POST',
      body: new URLSearchParams({ username: 'alice', password: 'right' }),
    });
    console.log('alice', await end(arrival));
    console.log('bob otp', otp.text, await end(await browser.answer(otp, {})));
  });

  test('timeout', async () => {
    const { admin } = await testKeycloak();
    const browser = bob();
    const page = pageOf(await open(browser, GOLD));
    await admin.realms.update({ realm: place.realm }, { accessCodeLifespanLogin: 1 });
    await sleep(2100);
    const again = pageOf(await browser.answer(page, {}));
    await admin.realms.update({ realm: place.realm }, { accessCodeLifespanLogin: 1800 });
    console.log('timeout', again.text);
    const otp = await browser.answer(again, {});
    console.log('then', await end(otp));
  });

  test('old required action', async () => {
    const browser = bob();
    const page = pageOf(await open(browser, { action: 'CONFIGURE_TOTP' }));
    const otp = pageOf(await browser.answer(page, {}));
    const enrol = pageOf(await browser.answer(otp, {}));
    console.log(enrol.text);
    console.log('old otp form', await end(await browser.answer(otp, {})));
    console.log('reset in action', await end(await browser.open(actionUrl(enrol, 'reset-credentials'))));
    console.log('authenticate in action', await end(await browser.open(actionUrl(enrol, 'authenticate'))));
    console.log('restart in action', await end(await browser.open(actionUrl(enrol, 'restart'))));
  });
});
