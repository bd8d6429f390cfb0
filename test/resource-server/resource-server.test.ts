import { generateKeyPair } from 'jose';
import {
  fromNetworks,
  IssuerUnavailable,
  type Requirement,
  ResourceServer,
  type ResourceServerOptions,
} from '../../resource-server';
import { Issuer, seconds } from './issuer';

let issuer: Issuer;
beforeAll(async () => {
  issuer = await Issuer.start();
});
afterAll(() => issuer.stop());

const server = (more: Partial<ResourceServerOptions> = {}) =>
  new ResourceServer({ issuer: issuer.url, audience: 'orders-api', levels: ['silver', 'gold', 'platinum'], ...more });

async function ask(requirement: Requirement, token: string | Promise<string>, of = server()) {
  return of.requires(requirement)({ authorization: `Bearer ${await token}` });
}

const GRANTED = { granted: true };
const INVALID = { granted: false, status: 401, body: { error: 'invalid_token' } };
const INSUFFICIENT = { granted: false, status: 401, body: { error: 'insufficient_user_authentication' } };

describe('A resource server', () => {
  test('answers a request without a token as RFC 6750 has it, without an error code', async () => {
    const guard = server().requires({ acr: 'silver' });
    for (const authorization of [undefined, '', 'Basic Ym9iOnNlY3JldA==', 'DPoP abc']) {
      const { headers, status } = (await guard({ authorization })) as never as { headers: object; status: number };
      expect([status, headers]).toEqual([
        401,
        { 'WWW-Authenticate': 'Bearer realm="orders-api"', 'Cache-Control': 'no-store' },
      ]);
    }
  });

  test.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer "x"', 'Bearer a,Bearer b'])(
    'answers the malformed %j with 400',
    async (authorization) => {
      expect(await server().requires({ acr: 'silver' })({ authorization })).toMatchObject({
        status: 400,
        headers: {
          'WWW-Authenticate':
            'Bearer error="invalid_request", error_description="The Authorization header is malformed"',
        },
      });
    },
  );

  test('answers an expired token with invalid_token', async () => {
    expect(await ask({ acr: 'silver' }, issuer.token({ exp: seconds() - 10 }))).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token", error_description="The access token expired"' },
    });
  });

  test('lets a token of the level, or of a higher one, through with its claims', async () => {
    const verdict = await ask({ acr: 'gold' }, issuer.token());
    expect(verdict).toMatchObject({
      granted: true,
      token: { acr: 'gold', amr: ['pwd', 'otp'], claims: { sub: 'bob' } },
    });
    expect(await ask({ acr: 'gold' }, issuer.token({ acr: 'platinum' }))).toMatchObject(GRANTED);
    expect(await ask({ acr: 'silver' }, issuer.token())).toMatchObject(GRANTED);
  });

  test('challenges a lower level exactly as RFC 9470, section 3, shows', async () => {
    expect(await ask({ acr: 'gold' }, issuer.token({ acr: 'silver' }))).toEqual({
      granted: false,
      status: 401,
      headers: {
        'WWW-Authenticate':
          'Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="gold"',
        'Cache-Control': 'no-store',
      },
      body: {
        error: 'insufficient_user_authentication',
        error_description: 'A different authentication level is required',
        acr_values: 'gold',
      },
    });
  });

  test('challenges an old proof with the level and the max age', async () => {
    const verdict = await ask({ acr: 'gold', maxAge: 300 }, issuer.token({ auth_time: seconds() - 302 }));
    expect(verdict).toMatchObject({
      headers: {
        'WWW-Authenticate':
          'Bearer error="insufficient_user_authentication", error_description="More recent authentication is required", acr_values="gold", max_age="300"',
      },
    });
  });

  test.each([
    ['no acr', { acr: undefined }],
    ["Keycloak's acr of an expired session", { acr: '0' }],
    ['a LoA number', { acr: '2' }],
    ['another name', { acr: 'Gold' }],
    ['a list', { acr: ['gold'] }],
  ])('takes %s for no level', async (_what, claims) => {
    expect(await ask({ acr: 'silver' }, issuer.token(claims as never))).toMatchObject(INSUFFICIENT);
  });

  test.each([
    ['of a moment ago', () => seconds() - 1, GRANTED],
    ['just in time', () => seconds() - 59, GRANTED],
    ['too old', () => seconds() - 62, INSUFFICIENT],
    ['missing', () => undefined, INSUFFICIENT],
    ['a text', () => String(seconds()) as never, INSUFFICIENT],
    ['ahead by no more than clocks differ', () => seconds() + 3, GRANTED],
    ['in the future', () => seconds() + 60, INVALID],
  ])('with a max age of 60, decides about an auth_time %s', async (_what, authTime, verdict) => {
    expect(await ask({ acr: 'gold', maxAge: 60 }, issuer.token({ auth_time: authTime() }))).toMatchObject(verdict);
  });

  test('looks for one of the ways in which the level can be proved', async () => {
    const requirement: Requirement = { acr: 'gold', amr: ['otp', 'hwk'] };
    expect(await ask(requirement, issuer.token())).toMatchObject(GRANTED);
    expect(await ask(requirement, issuer.token({ amr: ['hwk'] }))).toMatchObject(GRANTED);
    for (const amr of [['pwd'], [], undefined, 'otp']) {
      expect(await ask(requirement, issuer.token({ amr }))).toMatchObject(INSUFFICIENT);
    }
  });

  test('knows the levels by the acr map too, in any order', async () => {
    const mapped = server({ levels: { gold: 20, silver: 10 } });
    expect(await ask({ acr: 'silver' }, issuer.token(), mapped)).toMatchObject(GRANTED);
    expect(await ask({ acr: 'gold' }, issuer.token({ acr: 'silver' }), mapped)).toMatchObject(INSUFFICIENT);
  });

  test.each([
    ['for another audience', { aud: ['other-api'] }],
    ['without an audience', { aud: undefined }],
    ['of another issuer', { iss: 'https://evil.example.com/realms/acme' }],
    ['not valid yet', { nbf: seconds() + 60 }],
    ['without an end', { exp: undefined }],
    ['without a time of issue', { iat: undefined }],
    ['of the future', { iat: seconds() + 60 }],
    ['of a time that is none', { iat: 'now' as never }],
    ['that ended before it began', { iat: seconds() + 3, exp: seconds() - 1 }],
    ['of a login in the future', { auth_time: seconds() + 60 }],
    ['bound to a key', { cnf: { jkt: 'abc' } }],
    ['bound to a key, as Keycloak types it', { typ: 'DPoP', cnf: { jkt: 'abc' } }],
    ['bound to a certificate (RFC 8705)', { cnf: { 'x5t#S256': 'abc' } }],
    ['bound in no way that can be read', { cnf: null as never }],
    ['of the type of bound tokens that is bound to nothing', { typ: 'DPoP' }],
  ])('refuses a token %s', async (_what, claims) => {
    expect(await ask({ acr: 'silver' }, issuer.token(claims))).toMatchObject(INVALID);
    expect(await ask({ acr: 'silver' }, issuer.token(claims, { typ: 'at+jwt' }))).toMatchObject(INVALID);
  });

  test.each(['ID', 'Refresh', 'Offline', 'Logout', 'bearer', '', null, ['Bearer']])(
    'refuses a token that calls itself %j, whatever its header says',
    async (typ) => {
      for (const header of ['JWT', 'at+jwt', 'application/at+jwt']) {
        expect(await ask({ acr: 'silver' }, issuer.token({ typ }, { typ: header }))).toMatchObject(INVALID);
      }
    },
  );

  test('takes an access token by the type of RFC 9068 as well', async () => {
    for (const typ of ['at+jwt', 'application/at+jwt', 'AT+JWT']) {
      expect(await ask({ acr: 'silver' }, issuer.token({ typ: undefined }, { typ }))).toMatchObject(GRANTED);
      expect(await ask({ acr: 'silver' }, issuer.token({}, { typ }))).toMatchObject(GRANTED);
    }
  });

  test.each(['dpop+jwt', 'logout+jwt', 'secevent+jwt', 'oauth-authz-req+jwt', 'JWE'])(
    'refuses the header type %j, whatever the token calls itself',
    async (typ) => {
      expect(await ask({ acr: 'silver' }, issuer.token({}, { typ }))).toMatchObject(INVALID);
    },
  );

  test('believes clocks that differ by no more than the tolerance', async () => {
    const ahead = { iat: seconds() + 8, nbf: seconds() + 8, auth_time: seconds() + 8, exp: seconds() + 300 };
    expect(await ask({ acr: 'gold' }, issuer.token(ahead), server({ clockTolerance: 30 }))).toMatchObject(GRANTED);
    expect(await ask({ acr: 'gold' }, issuer.token(ahead), server({ clockTolerance: 2 }))).toMatchObject(INVALID);
    expect(await ask({ acr: 'gold' }, issuer.token(ahead), server({ clockTolerance: 0 }))).toMatchObject(INVALID);
  });

  test.each([1e9, 301, -5, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '5' as never, null as never])(
    'refuses a clock tolerance of %p',
    (clockTolerance) => {
      expect(() => server({ clockTolerance })).toThrow(
        `clockTolerance ${clockTolerance}: expired tokens are taken for as long. Write whole seconds from 0 to 300.`,
      );
    },
  );

  test('refuses tokens that the issuer did not sign', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const [header, payload] = (await issuer.token()).split('.') as [string, string, string];
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const forged = [
      await issuer.token({}, { key: privateKey }),
      await issuer.token(
        {},
        { alg: 'HS256', key: Buffer.from('the public key, or anything else of 32 bytes and more') },
      ),
      `${none}.${payload}.`,
      `${header}.${Buffer.from('{"acr":"platinum"}').toString('base64url')}.${(await issuer.token()).split('.')[2]}`,
      'opaque',
    ];
    for (const token of forged) expect(await ask({ acr: 'silver' }, token)).toMatchObject(INVALID);
  });

  test("fetches the issuer's keys once", async () => {
    const one = server();
    const before = issuer.fetches;
    const guard = one.requires({ acr: 'gold' });
    for (let count = 0; count < 5; count++) {
      expect(await guard({ authorization: `Bearer ${await issuer.token()}` })).toMatchObject(GRANTED);
    }
    expect(issuer.fetches).toBe(before + 1);
  });

  test("says nothing about tokens when the issuer's keys can't be had", async () => {
    const blind = server({ jwksUri: issuer.url });
    await expect(ask({ acr: 'silver' }, issuer.token(), blind)).rejects.toMatchObject({
      name: 'IssuerUnavailable',
      status: 503,
      message: `The keys at ${issuer.url} can't be had`,
    });
    await expect(ask({ acr: 'silver' }, issuer.token(), blind)).rejects.toBeInstanceOf(IssuerUnavailable);
  });

  test('refuses requests from outside the networks, whatever their token', async () => {
    const guard = server().requires({ acr: 'gold', from: fromNetworks(['10.0.0.0/8']) });
    const authorization = `Bearer ${await issuer.token()}`;
    expect(await guard({ authorization, remoteAddress: '::ffff:10.1.2.3' })).toMatchObject(GRANTED);
    const refusal = { granted: false, status: 403, body: { error: 'access_denied' } };
    expect(await guard({ authorization, remoteAddress: '192.0.2.1' })).toMatchObject(refusal);
    expect(await guard({ authorization, remoteAddress: '192.0.2.1', forwardedFor: '10.1.2.3' })).toMatchObject(refusal);
    expect(await guard({ authorization })).toMatchObject(refusal);
  });

  test('takes the forwarded address of trusted proxies alone', async () => {
    const guard = server({ trustedProxies: ['192.0.2.1'] }).requires({
      acr: 'gold',
      from: fromNetworks(['10.0.0.0/8']),
    });
    const authorization = `Bearer ${await issuer.token()}`;
    const via = (remoteAddress: string, forwardedFor?: string) => guard({ authorization, remoteAddress, forwardedFor });
    expect(await via('192.0.2.1', '10.1.2.3')).toMatchObject(GRANTED);
    expect(await via('192.0.2.1', '10.1.2.3, 203.0.113.5')).toMatchObject({ status: 403 });
    expect(await via('192.0.2.1')).toMatchObject({ status: 403 });
    expect(await via('192.0.2.2', '10.1.2.3')).toMatchObject({ status: 403 });
  });

  test('is refused without a safe issuer, an audience or sound levels', () => {
    expect(() => server({ issuer: 'http://keycloak.example.com/realms/acme' })).toThrow(/without TLS/);
    expect(() => server({ issuer: 'keycloak' })).toThrow(/issuer "keycloak"/);
    expect(() => server({ jwksUri: 'http://10.0.0.1/certs' })).toThrow(/keys at "http:\/\/10\.0\.0\.1\/certs"/);
    expect(() => server({ audience: '' })).toThrow(/audience ""/);
    expect(() => server({ trustedProxies: ['10.0.0.0/0'] })).toThrow(/every address/);
    for (const levels of [[], ['silver', 'silver'], ['with space'], ['say"so'], { gold: 1.5 }]) {
      expect(() => server({ levels }).requires({ acr: 'gold' })).toThrow(/^(levels|acr)/);
    }
    expect(() => server().requires({ acr: 'bronze' })).toThrow(/acr "bronze": .* silver, gold, platinum\.$/);
    for (const maxAge of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => server().requires({ acr: 'gold', maxAge })).toThrow(/^maxAge/);
    }
  });
});
