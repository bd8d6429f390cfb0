import { client, realm, stepUpFlow } from '../../model/support/realm';
import { REDIRECT_URI } from '../../support/imported-realm';
import { LiveLogin } from '../conformance/driver';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { withPlace } from './support/place';

describeWithKeycloak('Moves: a forgotten password without a login', () => {
  const place = withPlace(
    realm(stepUpFlow(), {
      selfService: { registration: false, resetPassword: true, organizations: false },
      clients: [client('app'), client('off')],
    }),
  );

  async function byAddress(clientId: string): Promise<Record<string, unknown>> {
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
    const response = await fetch(`${url}/realms/${name}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: clientId,
        code: arrival.redirect.searchParams.get('code') ?? '',
        redirect_uri: REDIRECT_URI,
      }),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  test('gives a token of the lowest level, with the scopes that the client always has', async () => {
    const { access_token: token, id_token: idToken, scope } = await byAddress('app');
    const claims = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ acr: 'silver', preferred_username: 'alice' });
    expect(idToken).toBeUndefined();
    expect(String(scope).split(' ').sort()).toEqual(['email', 'profile']);
  });

  test('a client without the authorization code flow gets none', async () => {
    const { admin } = await testKeycloak();
    const { realm: name } = place;
    const [off] = await admin.clients.find({ realm: name, clientId: 'off' });
    await admin.clients.update({ realm: name, id: off?.id as string }, { ...off, standardFlowEnabled: false });
    expect(await byAddress('off')).toEqual({
      error: 'invalid_grant',
      error_description: 'Client not allowed to exchange code',
    });
  });
});
