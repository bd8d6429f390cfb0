import { createServer, IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import express from 'express';
import { accessTokenOf, fromNetworks, protect, ResourceServer } from '../../resource-server';
import { Issuer } from './issuer';

describe('protect', () => {
  let issuer: Issuer;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    issuer = await Issuer.start();
    const options = { audience: 'orders-api', levels: ['silver', 'gold'], trustedProxies: ['127.0.0.1'] };
    const orders = new ResourceServer({ ...options, issuer: issuer.url });
    const blind = new ResourceServer({ ...options, issuer: `${issuer.url}-gone` });
    const app = express();
    app.get('/orders', protect(orders, { acr: 'gold' }), (request, response) => {
      response.json({ user: accessTokenOf(request).claims.sub });
    });
    app.get('/office', protect(orders, { acr: 'silver', from: fromNetworks(['10.0.0.0/8']) }), (_request, response) => {
      response.json({});
    });
    app.get('/blind', protect(blind, { acr: 'silver' }), (_request, response) => {
      response.json({});
    });
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await issuer.stop();
    server.close();
    server.closeAllConnections();
  });

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      headers: { Authorization: `Bearer ${await issuer.token({ acr: headers.acr ?? 'gold' })}`, ...headers },
    });
    return { status: response.status, headers: response.headers, body: await response.json().catch(() => undefined) };
  };

  test('lets a request through with its token', async () => {
    expect(await get('/orders')).toMatchObject({ status: 200, body: { user: 'bob' } });
  });

  test('answers a request that does not do, with the challenge and the same as JSON', async () => {
    const { status, headers, body } = await get('/orders', { acr: 'silver' });
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      401,
      'application/json',
      'no-store',
    ]);
    expect(headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_user_authentication", .*acr_values="gold"$/,
    );
    expect(body).toMatchObject({ error: 'insufficient_user_authentication', acr_values: 'gold' });
  });

  test('ignores a token in the query', async () => {
    const response = await fetch(`${url}/orders?access_token=${await issuer.token()}`);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="orders-api"']);
  });

  test("looks at the socket's peer, and at the header of a trusted one, its lines joined", async () => {
    expect(await get('/office', { 'X-Forwarded-For': '10.1.2.3' })).toMatchObject({ status: 200 });
    expect(await get('/office', { 'X-Forwarded-For': '10.1.2.3, 203.0.113.5' })).toMatchObject({ status: 403 });
    expect(await get('/office')).toMatchObject({ status: 403 });
  });

  test("hands on that the issuer's keys can't be had", async () => {
    expect(await get('/blind')).toMatchObject({ status: 503 });
  });

  test('knows no token of a request that it did not let through', () => {
    expect(() => accessTokenOf(new IncomingMessage(new Socket()))).toThrow(/was not let through/);
  });
});
