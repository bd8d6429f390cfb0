import type { RealmModel, SimulatedUser } from '../../../model';
import { simulate } from '../../../model';
import { OTP_SECRET } from '../../checks/support/representation';
import { GOLD } from '../../model/support/browser';
import { ALT, COND, COOKIE, client, flow, LOA, OTP, PASSWORD, REQ, realm } from '../../model/support/realm';
import { REDIRECT_URI } from '../../support/imported-realm';
import { importRealm } from '../checks/import-realm';
import { LiveLogin } from '../conformance/driver';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';

const BOB: SimulatedUser = { credentials: ['password', 'otp'] };

const browser = flow('with organization', [
  COOKIE,
  ALT('organization', [COND('if on', [REQ('conditional-user-configured'), ALT('organization')])]),
  ALT('forms', [COND('silver', [LOA(1), PASSWORD]), COND('gold', [LOA(2), OTP])]),
]);
const base = realm(browser, { clients: [client('app')] });
const MODEL: RealmModel = { ...base, selfService: { ...base.selfService, organizations: true } };

describeWithKeycloak('Move: a login in a realm with organizations', () => {
  const name = withRealmName('moves');
  let authorization: string;

  beforeAll(async () => {
    const { admin, url } = await testKeycloak();
    authorization = `${url}/realms/${name}/protocol/openid-connect/auth`;
    await importRealm(admin, name, MODEL);
    await admin.realms.update({ realm: name }, { organizationsEnabled: true });
    await admin.organizations.create({ realm: name, name: 'acme', domains: [{ name: 'acme.invalid' }] });
  });

  test.each([
    ['nothing', {}, 'username, password'],
    ['gold', GOLD, 'username, password, otp'],
  ])('that asks for %s asks for the name first', async (_what, request, expected) => {
    const { asked } = simulate(MODEL, { clientId: 'app', ...request }, BOB);
    const simulated = asked.map(({ page }) => (page.kind === 'form' ? page.accepts[0]?.join('+') : page.kind));
    const login = new LiveLogin('bob', OTP_SECRET);
    const url = new URL(authorization);
    url.search = new URLSearchParams({
      client_id: 'app',
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
      acr_values: 'acrValues' in request ? request.acrValues.join(' ') : '',
    }).toString();
    const seen: string[] = [];
    let arrival = await login.open(url);
    while ('page' in arrival && arrival.page.kind === 'form') {
      seen.push(arrival.page.text);
      arrival = await login.answer(arrival.page, {});
    }
    expect([simulated.join(', '), seen.join(', ')]).toEqual([expected, expected]);
    expect(arrival).toHaveProperty('redirect');
  });
});
