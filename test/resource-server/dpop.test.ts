import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { exportJWK } from 'jose';
import {
  accessTokenOf,
  type DpopOptions,
  inMemoryReplayGuard,
  type ProtectedRequest,
  protect,
  ResourceServer,
  rollingNonces,
} from '../../resource-server';
import { DpopClient, type ProofChanges } from './dpop-client';
import { Issuer, seconds } from './issuer';

const URL_ = 'https://orders.example.com';
const PAYMENTS = `${URL_}/payments`;

let issuer: Issuer;
let client: DpopClient;
let thief: DpopClient;
beforeAll(async () => {
  [issuer, client, thief] = await Promise.all([Issuer.start(), DpopClient.create(), DpopClient.create()]);
});
afterAll(() => issuer.stop());

const server = (dpop: Partial<DpopOptions> = {}) =>
  new ResourceServer({
    issuer: issuer.url,
    audience: 'orders-api',
    levels: ['silver', 'gold'],
    dpop: { url: URL_, ...dpop },
  });
const bound = (more: object = {}) =>
  issuer.token({ typ: 'DPoP', cnf: { jkt: client.thumbprint, 'kc-jkt-type': 'DPoP' }, ...more });
const request = async (token: string, changes: ProofChanges = {}, more: ProtectedRequest = {}) => ({
  authorization: `DPoP ${token}`,
  method: 'POST',
  target: '/payments',
  dpop: await client.proof('POST', PAYMENTS, token, changes),
  ...more,
});
const headersOf = (verdict: object) => (verdict as { headers: Record<string, string> }).headers;

const GRANTED = { granted: true };
const INVALID_TOKEN = { granted: false, status: 401, body: { error: 'invalid_token' } };
const INVALID_PROOF = { granted: false, status: 401, body: { error: 'invalid_dpop_proof' } };

describe('A token that is bound to a key', () => {
  test('is taken with a proof of that key', async () => {
    const guard = server().requires({ acr: 'gold' });
    expect(await guard(await request(await bound()))).toMatchObject({
      granted: true,
      token: { acr: 'gold', boundTo: client.thumbprint },
    });
    // Not all issuers have a type for it.
    expect(await guard(await request(await bound({ typ: 'Bearer', cnf: { jkt: client.thumbprint } })))).toMatchObject(
      GRANTED,
    );
  });

  test.each(['RS256', 'PS256', 'ES384', 'EdDSA'])('is taken with a proof by %s', async (alg) => {
    const other = await DpopClient.create(alg);
    const token = await bound({ cnf: { jkt: other.thumbprint } });
    const dpop = await other.proof('POST', PAYMENTS, token);
    expect(await server().requires({ acr: 'gold' })(await request(token, {}, { dpop }))).toMatchObject(GRANTED);
  });

  test('is refused as a bearer token, and the answer names the scheme', async () => {
    const token = await bound();
    const guard = server().requires({ acr: 'gold' });
    for (const typ of ['DPoP', 'Bearer']) {
      const stolen = await request(await bound({ typ }), {}, { authorization: `Bearer ${await bound({ typ })}` });
      expect(await guard(stolen)).toMatchObject(INVALID_TOKEN);
    }
    const verdict = await guard({ authorization: `Bearer ${token}`, method: 'POST', target: '/payments' });
    expect(headersOf(verdict)['WWW-Authenticate']).toMatch(
      /^Bearer error="invalid_token", .*, DPoP realm="orders-api", algs="RS256 .*"$/,
    );
  });

  test('is refused where it was not said how such tokens are taken', async () => {
    const plain = new ResourceServer({ issuer: issuer.url, audience: 'orders-api', levels: ['silver', 'gold'] });
    const guard = plain.requires({ acr: 'gold' });
    expect(await guard(await request(await bound()))).toMatchObject({ status: 401 });
    expect(await guard({ authorization: `Bearer ${await bound()}` })).toMatchObject(INVALID_TOKEN);
  });

  test('is refused if it is bound in another way as well', async () => {
    const guard = server().requires({ acr: 'gold' });
    for (const other of [{ 'x5t#S256': 'abc' }, { 'kc-jkt-type': 'other' }]) {
      const token = await bound({ cnf: { jkt: client.thumbprint, ...other } });
      expect(await guard(await request(token))).toMatchObject(INVALID_TOKEN);
    }
  });

  test('is challenged for a stronger login in its own scheme', async () => {
    const verdict = await server().requires({ acr: 'gold', maxAge: 60 })(await request(await bound({ acr: 'silver' })));
    expect(verdict).toMatchObject({ status: 401, body: { error: 'insufficient_user_authentication' } });
    expect(headersOf(verdict)['WWW-Authenticate']).toMatch(
      /^DPoP error="insufficient_user_authentication", .*acr_values="gold", max_age="60", algs="RS256 /,
    );
  });

  test.each<[string, ProtectedRequest]>([
    ['without a proof', { dpop: undefined }],
    ['with an empty proof', { dpop: '' }],
    ['with a proof that is no JWT', { dpop: 'abc' }],
    ['in a request with another method', { method: 'PUT' }],
    ['in a request whose method is written otherwise', { method: 'post' }],
    ['in a request without a method', { method: undefined }],
    ['in a request for another path', { target: '/refunds' }],
    ['in a request whose path is written otherwise', { target: '/Payments' }],
    ['in a request for a path below', { target: '/payments/' }],
    ['in a request for a path that goes up', { target: '/admin/../payments' }],
    ['in a request for a path that goes up in disguise', { target: '/admin/%2e%2e/payments' }],
    ['in a request for a path with a backslash', { target: '\\payments' }],
    ['in a request for another host', { target: '//evil.example.com/payments' }],
    ['in a request for an absolute URL', { target: PAYMENTS }],
    ['in a request for everything', { target: '*' }],
    ['in a request without a path', { target: undefined }],
  ])('is refused %s', async (_what, more) => {
    expect(await server().requires({ acr: 'gold' })(await request(await bound(), {}, more))).toMatchObject(
      INVALID_PROOF,
    );
  });

  test('is refused with two proofs', async () => {
    const token = await bound();
    const dpop = `${await client.proof('POST', PAYMENTS, token)}, ${await client.proof('POST', PAYMENTS, token)}`;
    expect(await server().requires({ acr: 'gold' })(await request(token, {}, { dpop }))).toMatchObject(INVALID_PROOF);
  });

  test.each<[string, () => ProofChanges]>([
    ['of another type', () => ({ header: { typ: 'JWT' } })],
    ['without a type', () => ({ header: { typ: undefined } })],
    ['without a key', () => ({ header: { jwk: undefined } })],
    ['that only names its key', () => ({ header: { jwk: undefined, kid: 'one', jku: 'https://evil.example.com' } })],
    ['for another method', () => ({ claims: { htm: 'GET' } })],
    ['without a method', () => ({ claims: { htm: undefined } })],
    ['for another path', () => ({ claims: { htu: `${URL_}/orders` } })],
    ['for another host', () => ({ claims: { htu: 'https://evil.example.com/payments' } })],
    ['for another port', () => ({ claims: { htu: 'https://orders.example.com:8443/payments' } })],
    ['for another protocol', () => ({ claims: { htu: 'http://orders.example.com/payments' } })],
    ['for a user of the host', () => ({ claims: { htu: 'https://a@orders.example.com/payments' } })],
    ['for a path alone', () => ({ claims: { htu: '/payments' } })],
    ['for several URLs', () => ({ claims: { htu: [PAYMENTS] } })],
    ['for another token', () => ({ claims: { ath: Buffer.alloc(32).toString('base64url') } })],
    ['for no token, as for the token endpoint', () => ({ claims: { ath: undefined } })],
    ['that is old', () => ({ claims: { iat: seconds() - 67 } })],
    ['of the future', () => ({ claims: { iat: seconds() + 10 } })],
    ['of no time', () => ({ claims: { iat: undefined } })],
    ['of a time that is none', () => ({ claims: { iat: 'now' as never } })],
    ['that expired', () => ({ claims: { exp: seconds() - 60 } })],
    ['without an id', () => ({ claims: { jti: undefined } })],
    ['with an empty id', () => ({ claims: { jti: '' } })],
    ['with an endless id', () => ({ claims: { jti: 'a'.repeat(513) } })],
    ['with an id that is no text', () => ({ claims: { jti: 1 as never } })],
    ['with a key that only encrypts', () => ({ header: { jwk: { ...client.jwk, use: 'enc' } } })],
    ['of another key', () => ({ header: { jwk: thief.jwk }, key: thief.privateKey })],
    ["that shows the token's key and is signed by another", () => ({ key: thief.privateKey })],
  ])('is refused with a proof %s', async (_what, changes) => {
    const guard = server().requires({ acr: 'gold' });
    expect(await guard(await request(await bound(), changes()))).toMatchObject(INVALID_PROOF);
  });

  test('is refused with a proof that shows the private key', async () => {
    const jwk = { ...client.jwk, d: (await exportJWK(client.privateKey)).d };
    const guard = server().requires({ acr: 'gold' });
    expect(await guard(await request(await bound(), { header: { jwk } }))).toMatchObject(INVALID_PROOF);
    const rsa = await DpopClient.create('RS256');
    const token = await bound({ cnf: { jkt: rsa.thumbprint } });
    const dpop = await rsa.proof('POST', PAYMENTS, token, { header: { jwk: { ...rsa.jwk, p: 'AQAB' } } });
    expect(await guard(await request(token, {}, { dpop }))).toMatchObject(INVALID_PROOF);
  });

  test('is refused with a proof by a shared secret, or by none', async () => {
    const guard = server().requires({ acr: 'gold' });
    const secret = Buffer.from('a secret that the thief shows in the proof itself');
    const token = await bound();
    const jwk = { kty: 'oct', k: secret.toString('base64url') };
    expect(await guard(await request(token, { header: { alg: 'HS256', jwk }, key: secret }))).toMatchObject(
      INVALID_PROOF,
    );
    const [, payload] = (await client.proof('POST', PAYMENTS, token)).split('.');
    const none = Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'none', jwk: client.jwk })).toString('base64url');
    expect(await guard(await request(token, {}, { dpop: `${none}.${payload}.` }))).toMatchObject(INVALID_PROOF);
  });

  test('is refused with a proof by a key that is too short', async () => {
    const jwk = { kty: 'RSA', e: 'AQAB', n: Buffer.alloc(64, 0xff).toString('base64url') };
    const header = Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'RS256', jwk })).toString('base64url');
    const [, payload] = (await client.proof('POST', PAYMENTS, await bound())).split('.');
    const dpop = `${header}.${payload}.${Buffer.alloc(64, 1).toString('base64url')}`;
    expect(await server().requires({ acr: 'gold' })(await request(await bound(), {}, { dpop }))).toMatchObject(
      INVALID_PROOF,
    );
  });

  test('is taken for a URL that is written in another way, and with any query', async () => {
    const guard = server().requires({ acr: 'gold' });
    for (const htu of [`${PAYMENTS}?to=17#top`, 'HTTPS://Orders.Example.com:443/payments']) {
      const token = await bound();
      expect(await guard(await request(token, { claims: { htu } }, { target: '/payments?to=18' }))).toMatchObject(
        GRANTED,
      );
    }
    const token = await bound();
    const dpop = await client.proof('POST', `${URL_}/caf%C3%A9`, token);
    expect(await guard(await request(token, {}, { dpop, target: '/caf%c3%a9' }))).toMatchObject(GRANTED);
  });

  test('is taken where the server lies behind a prefix', async () => {
    const guard = server({ url: 'https://api.example.com/orders/' }).requires({ acr: 'gold' });
    const token = await bound();
    const dpop = await client.proof('POST', 'https://api.example.com/orders/payments', token);
    expect(await guard(await request(token, {}, { dpop }))).toMatchObject(GRANTED);
  });
});

describe('A proof', () => {
  test('is taken once, also of two requests at the same time', async () => {
    const guard = server().requires({ acr: 'gold' });
    const same = await request(await bound());
    const verdicts = await Promise.all([guard(same), guard(same), guard(same)]);
    expect(verdicts.filter(({ granted }) => granted)).toHaveLength(1);
    expect(await guard(same)).toMatchObject(INVALID_PROOF);
  });

  test('is taken once by all guards of a server', async () => {
    const one = server();
    const same = await request(await bound());
    expect(await one.requires({ acr: 'gold' })(same)).toMatchObject(GRANTED);
    expect(await one.requires({ acr: 'silver' })(same)).toMatchObject(INVALID_PROOF);
  });

  test('is not used up by a request that it does not fit', async () => {
    const guard = server().requires({ acr: 'gold' });
    const sound = await request(await bound());
    expect(await guard({ ...sound, method: 'GET' })).toMatchObject(INVALID_PROOF);
    expect(await guard(sound)).toMatchObject(GRANTED);
  });

  test('is refused if the guard against replays fails', async () => {
    const replayGuard = { firstUse: () => Promise.reject(new Error('the store is away')) };
    await expect(server({ replayGuard }).requires({ acr: 'gold' })(await request(await bound()))).rejects.toThrow(
      'the store is away',
    );
    const absent = { firstUse: () => undefined as never };
    expect(await server({ replayGuard: absent }).requires({ acr: 'gold' })(await request(await bound()))).toMatchObject(
      INVALID_PROOF,
    );
  });

  test('needs a nonce where the server gives some', async () => {
    const nonces = rollingNonces(60);
    const guard = server({ nonces }).requires({ acr: 'gold' });
    const token = await bound();
    const verdict = await guard(await request(token));
    expect(verdict).toMatchObject({ status: 401, body: { error: 'use_dpop_nonce' } });
    const nonce = headersOf(verdict)['DPoP-Nonce'];
    expect(await guard(await request(token, { claims: { nonce } }))).toMatchObject(GRANTED);
    for (const wrong of ['', 'abc', `${seconds()}.abc`, rollingNonces(60).issue(), 5 as never, [nonce] as never]) {
      expect(await guard(await request(token, { claims: { nonce: wrong } }))).toMatchObject({
        body: { error: 'use_dpop_nonce' },
      });
    }
  });
});

describe('A token that is bound to no key', () => {
  test('is taken as a bearer token, and not in the scheme DPoP', async () => {
    const guard = server().requires({ acr: 'gold' });
    const token = await issuer.token();
    expect(await guard({ authorization: `Bearer ${token}` })).toMatchObject(GRANTED);
    expect(await guard(await request(token))).toMatchObject(INVALID_TOKEN);
  });

  test('is refused where bound ones are required', async () => {
    const guard = server({ required: true }).requires({ acr: 'gold' });
    const verdict = await guard({ authorization: `Bearer ${await issuer.token()}` });
    expect(verdict).toMatchObject(INVALID_TOKEN);
    expect(headersOf(verdict)['WWW-Authenticate']).toMatch(/^DPoP error="invalid_token"/);
    expect(await guard(await request(await bound()))).toMatchObject(GRANTED);
  });

  test('that is missing is asked for in both schemes', async () => {
    expect(headersOf(await server().requires({ acr: 'gold' })({}))['WWW-Authenticate']).toMatch(
      /^Bearer realm="orders-api", DPoP realm="orders-api", algs="RS256 /,
    );
    expect(await server().requires({ acr: 'gold' })({ authorization: 'DPoP a b' })).toMatchObject({ status: 400 });
  });
});

describe('What is remembered of proofs', () => {
  test('is forgotten when they are too old, and never before', () => {
    const guard = inMemoryReplayGuard(2);
    const now = Date.now();
    expect([guard.firstUse('a', now - 1), guard.firstUse('b', now + 60_000)]).toEqual([true, true]);
    expect([guard.firstUse('c', now + 60_000), guard.firstUse('b', now + 60_000)]).toEqual([true, false]);
    // Full: nothing is forgotten for it.
    expect([guard.firstUse('d', now + 60_000), guard.firstUse('b', now + 60_000)]).toEqual([false, false]);
  });
});

describe('Nonces', () => {
  test('are good for their lifetime', () => {
    jest.useFakeTimers();
    try {
      const nonces = rollingNonces(60);
      const nonce = nonces.issue();
      jest.advanceTimersByTime(59_000);
      expect(nonces.accepts(nonce)).toBe(true);
      jest.advanceTimersByTime(3_000);
      expect(nonces.accepts(nonce)).toBe(false);
    } finally {
      jest.useRealTimers();
    }
  });

  test('are the same in processes that share the key', () => {
    const key = Buffer.alloc(32, 7);
    expect(rollingNonces(60, key).accepts(rollingNonces(60, key).issue())).toBe(true);
    expect(() => rollingNonces(60, Buffer.alloc(31))).toThrow(/^key of 31 bytes/);
    expect(() => rollingNonces(0)).toThrow(/^lifetime 0/);
  });
});

describe('A resource server', () => {
  test.each(['orders', 'ftp://orders.example.com', `${URL_}?a=b`, `${URL_}#a`, 'https://a:b@orders.example.com', ''])(
    'is refused for proofs of %j',
    (url) => {
      expect(() => server({ url })).toThrow(`dpop.url ${JSON.stringify(url)}: `);
    },
  );

  test.each([0, -1, 1.5, 301, Number.NaN])('is refused with a lifetime of proofs of %p', (lifetime) => {
    expect(() => server({ lifetime })).toThrow(`dpop.lifetime ${lifetime}: `);
  });

  describe('in Express', () => {
    let listening: Server;
    let url: string;
    beforeAll(async () => {
      const app = express();
      listening = createServer(app);
      await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
      const router = express.Router();
      router.post('/payments', protect(server({ url }), { acr: 'gold' }), (req, response) => {
        response.json({ key: accessTokenOf(req).boundTo });
      });
      app.use('/v1', router);
    });
    afterAll(() => {
      listening.close();
      listening.closeAllConnections();
    });

    test('takes a proof for the whole path of a mounted router, and not two headers', async () => {
      const token = await bound();
      const send = async (path: string, ...proofs: string[]) => {
        const headers = new Headers({ Authorization: `DPoP ${token}` });
        for (const proof of proofs) headers.append('DPoP', proof);
        return fetch(`${url}${path}`, { method: 'POST', headers });
      };
      const proof = () => client.proof('POST', `${url}/v1/payments`, token);
      const granted = await send('/v1/payments?x=1', await proof());
      expect([granted.status, await granted.json()]).toEqual([200, { key: client.thumbprint }]);
      expect((await send('/v1/payments', await client.proof('POST', `${url}/payments`, token))).status).toBe(401);
      expect((await send('/v1/payments', await proof(), await proof())).status).toBe(401);
      expect((await send('/v1/payments')).status).toBe(401);
    });
  });
});
