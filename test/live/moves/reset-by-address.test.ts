import { client, realm, stepUpFlow } from '../../model/support/realm';
import { REDIRECT_URI } from '../../support/imported-realm';
import { LiveLogin } from '../conformance/driver';
import { claimsOf, type GrantAnswer, redeem, siteOf } from '../support/grants';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { withPlace } from './support/place';

describeWithKeycloak('Moves: a forgotten password without a login', () => {
  const place = withPlace(
    realm(stepUpFlow(), {
      selfService: { registration: false, resetPassword: true, organizations: false },
      clients: [client('app'), client('off')],
    }),
  );

  async function byAddress(clientId: string): Promise<GrantAnswer> {
    const { url, realm: name } = place.known();
    const browser = new LiveLogin('alice', undefined);
    const address = new URL(`${url}/realms/${name}/login-actions/reset-credentials`);
    address.search = new URLSearchParams({ client_id: clientId, redirect_uri: REDIRECT_URI }).toString();
    let arrival = await browser.open(address);
    const action = 'page' in arrival && /action="([^"]+)"/.exec(arrival.page.html)?.[1]?.replaceAll('&amp;', '&');
    if (!action) throw new Error('No page asks for the name');
    await browser.open(new URL(action), { method: 'POST', body: new URLSearchParams({ username: 'alice' }) });
    arrival = await browser.open(await place.mailbox.linkTo('alice@checks.invalid'));
    if ('page' in arrival) arrival = await browser.answer(arrival.page, {});
    if ('page' in arrival) throw new Error(`No code: ${arrival.page.text}`);
    return redeem(siteOf(name), clientId, arrival.redirect);
  }

  test('gives a token of the lowest level, with the scopes that the client always has', async () => {
    const answer = await byAddress('app');
    expect(claimsOf(answer)).toMatchObject({ acr: 'silver', preferred_username: 'alice' });
    expect(answer.id_token).toBeUndefined();
    expect(String(answer.scope).split(' ').sort()).toEqual(['email', 'profile']);
  });

  test('a client without the authorization code flow gets none', async () => {
    const { admin } = await testKeycloak();
    const { realm: name } = place;
    const [off] = await admin.clients.find({ realm: name, clientId: 'off' });
    await admin.clients.update({ realm: name, id: off?.id as string }, { ...off, standardFlowEnabled: false });
    expect(await byAddress('off')).toEqual({
      error: 'invalid_grant',
      error_description: 'Client not allowed to exchange code',
      status: 400,
    });
  });
});
