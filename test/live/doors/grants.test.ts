import { setTimeout as sleep } from 'node:timers/promises';
import { bindings, Duration, StepUpClientScope, StepUpFlow } from '../../../lib';
import { Browser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { claimsOf, type GrantAnswer, post, secretOf } from '../support/grants';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { answersOf, withSite } from '../support/site';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const GOLD_MAX_AGE = 3;
describeWithKeycloak('Doors: grants without an authorization request', () => {
  const site = withSite(
    ({ stack, realm, gold, client }) => {
      const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
      client('plain', { optionalScopes: [payments] });
      client('offline', { offlineAccess: true });
      // Keycloak refuses these grants to public clients whatever their settings are.
      client('backend', { accessType: 'CONFIDENTIAL' });
      // Clients that open the doors: for what Keycloak then does, not for how to do it.
      const open = (clientId: string, props: Partial<bindings.openidClient.OpenidClientConfig>) => {
        const { id } = new bindings.openidClient.OpenidClient(stack, clientId, {
          realmId: realm.realmId,
          clientId,
          accessType: 'CONFIDENTIAL',
          standardFlowEnabled: true,
          validRedirectUris: [REDIRECT_URI],
          ...props,
        });
        new bindings.openidClientOptionalScopes.OpenidClientOptionalScopes(stack, `${clientId}-scopes`, {
          realmId: realm.realmId,
          clientId: id,
          optionalScopes: [payments.resource.name],
        });
      };
      open('device', {
        oauth2DeviceAuthorizationGrantEnabled: true,
        extraConfig: { 'minimum.acr.value': 'gold' },
      });
      open('exchange', { standardTokenExchangeEnabled: true });
    },
    {},
    { goldMaxAge: Duration.seconds(GOLD_MAX_AGE) },
  );

  /** The confidential client of the library. */
  const backend = async () => {
    const { admin } = await testKeycloak();
    const { realm } = site;
    const [client] = await admin.clients.find({ realm, clientId: 'backend' });
    const id = client?.id as string;
    const value = await secretOf(realm, 'backend');
    const set = (attribute: string, enabled: boolean) =>
      admin.clients.update(
        { realm, id },
        { ...client, attributes: { ...client?.attributes, [attribute]: String(enabled) } },
      );
    return {
      credentials: { client_id: 'backend', client_secret: value },
      /** What is answered while the attribute is on. */
      withAttribute: async (attribute: string, request: () => Promise<GrantAnswer>): Promise<GrantAnswer> => {
        await set(attribute, true);
        const answer = await request();
        await set(attribute, false);
        return answer;
      },
    };
  };

  describe('device flow', () => {
    test('is closed on a client of the library', async () => {
      expect(await post(site, 'auth/device', { client_id: 'plain' })).toMatchObject({ error: 'unauthorized_client' });
    });

    test('where it is open, it ignores the minimum acr and gives the lowest level', async () => {
      const device = { client_id: 'device', client_secret: await secretOf(site.realm, 'device') };
      const started = await post(site, 'auth/device', { ...device, scope: 'openid' });
      const leave = new URL(REDIRECT_URI);
      const browser = new Browser();
      const user = await site.user();
      const asked: string[] = [];
      let arrival = await browser.open(new URL(String(started.verification_uri_complete)), leave);
      while ('page' in arrival && arrival.page.kind === 'form') {
        asked.push(...arrival.page.asks.keys());
        const answers: Record<string, string> = { username: user.username, password: user.password, accept: 'Yes' };
        arrival = await browser.submit(arrival.page, answers, leave);
      }
      const token = await post(site, 'token', {
        ...device,
        grant_type: DEVICE,
        device_code: String(started.device_code),
      });
      expect(asked).toEqual(['username', 'password', 'consent']);
      expect(claimsOf(token)).toMatchObject({ acr: 'silver' });
    });
  });

  test('CIBA is closed on a client of the library, which could use it otherwise', async () => {
    const { credentials, withAttribute } = await backend();
    const { username: login_hint } = await site.user();
    const request = () => post(site, 'ext/ciba/auth', { ...credentials, scope: 'openid', login_hint });
    const closed = {
      status: 401,
      error: 'invalid_grant',
      error_description: 'Client not allowed OIDC CIBA Grant',
    };
    expect(await request()).toEqual(closed);
    // No authentication device is there to be told.
    const open = { status: 503, error: 'server_error', error_description: 'Failed to send authentication request' };
    expect(await withAttribute('oidc.ciba.grant.enabled', request)).toEqual(open);
  });

  describe('token exchange', () => {
    const exchange = (client: Record<string, string>, token: unknown, more: Record<string, string> = {}) =>
      post(site, 'token', {
        ...client,
        grant_type: EXCHANGE,
        subject_token: String(token),
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        ...more,
      });

    test('is closed on a client of the library, which could use it otherwise', async () => {
      const { credentials, withAttribute } = await backend();
      const client = {
        issuer: await site.issuer(),
        clientId: credentials.client_id,
        clientSecret: credentials.client_secret,
      };
      const login = await site.signIn('backend', answersOf(await site.user()), { client });
      const request = () => exchange(credentials, login.tokens?.access_token);
      expect(await request()).toEqual({
        status: 400,
        error: 'invalid_request',
        error_description: 'Standard token exchange is not enabled for the requested client',
      });
      const open = await withAttribute('standard.token.exchange.enabled', request);
      expect(open).toMatchObject({ status: 200, access_token: expect.any(String) });
    });

    test('where it is open, it gets a sensitive scope for a password; the acr stays that of the token', async () => {
      const secret = await secretOf(site.realm, 'exchange');
      const client = { issuer: await site.issuer(), clientId: 'exchange', clientSecret: secret };
      const login = await site.signIn('exchange', answersOf(await site.user()), { client });
      expect(login).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'password'] });
      const credentials = { client_id: 'exchange', client_secret: secret };
      const answer = await exchange(credentials, login.tokens?.access_token, { scope: 'openid payments' });
      expect(String(answer.scope).split(' ')).toContain('payments');
      expect(claimsOf(answer)).toMatchObject({ acr: 'silver' });
    });
  });

  describe('refresh tokens', () => {
    const refresh = (token: unknown, more: Record<string, string> = {}): Promise<GrantAnswer> =>
      post(site, 'token', { client_id: 'plain', grant_type: 'refresh_token', refresh_token: String(token), ...more });

    test('keep a level beyond its max age; auth_time tells how old the login is', async () => {
      const user = await site.user();
      const login = await site.signIn('plain', answersOf(user), { acrValues: ['gold'] });
      await sleep((GOLD_MAX_AGE + 1) * 1000);
      const refreshed = claimsOf(await refresh(login.tokens?.refresh_token));
      expect(refreshed.acr).toBe('gold');
      expect(Number(refreshed.iat) - Number(refreshed.auth_time)).toBeGreaterThan(GOLD_MAX_AGE);
    });

    test('of a lower level give the higher one once the session has stepped up', async () => {
      const user = await site.user();
      const browser = new Browser();
      const low = await site.signIn('plain', answersOf(user), {}, browser);
      expect(claimsOf(await refresh(low.tokens?.refresh_token))).toMatchObject({ acr: 'silver' });
      await site.signIn('plain', answersOf(user), { acrValues: ['gold'] }, browser);
      expect(claimsOf(await refresh(low.tokens?.refresh_token))).toMatchObject({ acr: 'gold' });
    });

    test('get no scope that the login did not have', async () => {
      const low = await site.signIn('plain', answersOf(await site.user()));
      const answer = await refresh(low.tokens?.refresh_token, { scope: 'openid payments' });
      expect(answer.status).toBe(200);
      expect(String(answer.scope).split(' ')).not.toContain('payments');
    });
  });

  describe('offline tokens', () => {
    const scope = ['openid', 'offline_access'];

    test('are not given to a client of the library', async () => {
      const answers = answersOf(await site.user());
      const result = await site.signIn('plain', answers, { scope });
      expect(result).toMatchObject({ outcome: 'refused', error: expect.stringContaining('invalid_scope') });
    });

    test('where a client may have them, keep a level beyond its max age', async () => {
      const answers = answersOf(await site.user());
      const login = await site.signIn('offline', answers, { scope, acrValues: ['gold'] });
      await sleep((GOLD_MAX_AGE + 1) * 1000);
      const answer = await post(site, 'token', {
        client_id: 'offline',
        grant_type: 'refresh_token',
        refresh_token: String(login.tokens?.refresh_token),
      });
      expect(claimsOf(answer)).toMatchObject({ acr: 'gold' });
    });
  });
});
