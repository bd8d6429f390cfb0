import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import * as oidc from 'openid-client';
import { bindings, StepUpFlow } from '../../../lib';
import { accessTokenOf, protect, ResourceServer } from '../../../resource-server';
import { Browser, type LoginResult, signIn } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { describeWithKeycloak } from '../support/keycloak';
import { withSite } from '../support/site';

const AUDIENCE = 'orders-api';

describeWithKeycloak('Tokens that Keycloak binds to a key (DPoP, RFC 9449)', () => {
  const site = withSite(({ stack, realm, client }) => {
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    for (const clientId of ['bound', 'plain']) {
      const { resource } = client(clientId);
      // The construct has no prop for it; Keycloak's switch "Require DPoP bound tokens".
      if (clientId === 'bound') resource.requireDpopBoundTokens = true;
      new bindings.openidAudienceProtocolMapper.OpenidAudienceProtocolMapper(stack, `${clientId}-audience`, {
        realmId: realm.realmId,
        clientId: resource.id,
        name: AUDIENCE,
        includedCustomAudience: AUDIENCE,
        addToIdToken: false,
      });
    }
  });
  let api: Server;
  let base: string;

  beforeAll(async () => {
    const app = express();
    api = createServer(app);
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    const server = new ResourceServer({
      issuer: await site.issuer(),
      audience: AUDIENCE,
      levels: ['silver', 'gold'],
      dpop: { url: base },
    });
    app.get('/orders', protect(server, { acr: 'silver' }), (request, response) => {
      response.json({ key: accessTokenOf(request).boundTo, type: accessTokenOf(request).claims.typ });
    });
    app.post('/payments', protect(server, { acr: 'gold', maxAge: 60 }), (_request, response) => {
      response.status(201).json({});
    });
  });
  afterAll(() => {
    api.close();
    api.closeAllConnections();
  });

  /** A client with a key of its own, which the OIDC library makes proofs with. */
  class Holder {
    private constructor(
      readonly configuration: oidc.Configuration,
      readonly key: CryptoKeyPair,
      readonly handle: oidc.DPoPHandle,
    ) {}

    static async create(clientId = 'bound'): Promise<Holder> {
      const configuration = await oidc.discovery(new URL(await site.issuer()), clientId, undefined, oidc.None(), {
        execute: [oidc.allowInsecureRequests],
      });
      const key = await oidc.randomDPoPKeyPair('ES256');
      return new Holder(configuration, key, oidc.getDPoPHandle(configuration, key));
    }

    /** Calls the API with a token and a fresh proof of this client's key. */
    async call(method: string, path: string, token: string): Promise<Response> {
      const options = { DPoP: this.handle };
      const url = new URL(path, base);
      return oidc
        .fetchProtectedResource(this.configuration, token, url, method, undefined, undefined, options)
        .catch((error: unknown) => {
          if (error instanceof oidc.WWWAuthenticateChallengeError) return error.response;
          throw error;
        });
    }
  }

  const login = async (holder: Holder, acr: string, browser = new Browser()): Promise<LoginResult> => {
    const { username, password, totp } = await site.user();
    const result = await signIn(
      browser,
      {
        client: { issuer: await site.issuer(), clientId: 'bound' },
        redirectUri: REDIRECT_URI,
        acrValues: [acr],
        dpopKey: holder.key,
      },
      { username, password, otp: () => totp?.next() ?? '' },
    );
    expect(result).toMatchObject({ outcome: 'granted', acr });
    return result;
  };
  const tokenOf = (result: LoginResult): string => result.tokens?.access_token as string;

  test('are taken with a proof, and challenged for the level in their own scheme', async () => {
    const holder = await Holder.create();
    const silver = await login(holder, 'silver');
    expect(silver.tokens?.token_type).toBe('dpop');
    const orders = await holder.call('GET', '/orders', tokenOf(silver));
    expect([orders.status, await orders.json()]).toEqual([
      200,
      { key: await calculateJwkThumbprint(await exportJWK(holder.key.publicKey)), type: 'DPoP' },
    ]);
    const refused = await holder.call('POST', '/payments', tokenOf(silver));
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(
      /^DPoP error="insufficient_user_authentication", .*acr_values="gold"/,
    );
    const gold = await login(holder, 'gold');
    expect((await holder.call('POST', '/payments', tokenOf(gold))).status).toBe(201);
  });

  test('are of no use to a thief: as a bearer token, without a proof, with one of another key, with a proof that was used', async () => {
    const holder = await Holder.create();
    const thief = await Holder.create();
    const token = tokenOf(await login(holder, 'gold'));
    const send = (headers: Record<string, string>) => fetch(`${base}/payments`, { method: 'POST', headers });
    const bearer = await send({ Authorization: `Bearer ${token}` });
    expect([bearer.status, await bearer.json()]).toMatchObject([401, { error: 'invalid_token' }]);
    const bare = await send({ Authorization: `DPoP ${token}` });
    expect([bare.status, await bare.json()]).toMatchObject([401, { error: 'invalid_dpop_proof' }]);
    const foreign = await thief.call('POST', '/payments', token);
    expect([foreign.status, await foreign.json()]).toMatchObject([401, { error: 'invalid_dpop_proof' }]);

    const seen: RequestInit[] = [];
    holder.configuration[oidc.customFetch] = (url, options) => {
      seen.push(options as RequestInit);
      return fetch(url, options as RequestInit);
    };
    expect((await holder.call('POST', '/payments', token)).status).toBe(201);
    const replayed = await fetch(`${base}/payments`, seen[0]);
    expect([replayed.status, await replayed.json()]).toMatchObject([401, { error: 'invalid_dpop_proof' }]);
  });

  test('stay bound to the key when they are refreshed', async () => {
    const holder = await Holder.create();
    const result = await login(holder, 'gold');
    const refreshToken = result.tokens?.refresh_token as string;
    const options = { DPoP: holder.handle };
    const refreshed = await oidc.refreshTokenGrant(holder.configuration, refreshToken, undefined, options);
    expect((await holder.call('POST', '/payments', refreshed.access_token)).status).toBe(201);
    await expect(oidc.refreshTokenGrant(holder.configuration, refreshed.refresh_token as string)).rejects.toThrow();
  });

  test('are not what a client without the switch gets, whose tokens stay bearer tokens', async () => {
    const { username, password } = await site.user();
    const result = await site.signIn('plain', { username, password });
    const token = tokenOf(result);
    expect((await fetch(`${base}/orders`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200);
    const holder = await Holder.create('plain');
    const dressed = await holder.call('GET', '/orders', token);
    expect([dressed.status, await dressed.json()]).toMatchObject([401, { error: 'invalid_token' }]);
  });
});
