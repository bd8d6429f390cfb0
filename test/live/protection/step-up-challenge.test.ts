import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { ordersApi } from '../../../examples/resource-server/api';
import { ordersRealm } from '../../../examples/resource-server/orders-realm';
import { type Challenge, SteppingUpClient } from '../../../examples/resource-server/step-up';
import {
  AssuranceLevel,
  Duration,
  Factor,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  StepUpRealm,
} from '../../../lib';
import {
  type Answers,
  Browser,
  createUser,
  type LoginRequest,
  type LoginResult,
  signIn,
  type TestUser,
} from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';

/** Seconds that a one-time password counts, for Keycloak and for the API: enough for a login, little enough to wait for. */
const MAX_AGE = 8;

describeWithKeycloak('The loop of challenge and step-up (RFC 9470)', () => {
  const name = withRealmName('loop');
  const folder = withStackFolder();
  let issuer: string;
  let api: Server;
  let base: string;

  beforeAll(async () => {
    await folder.apply((stack) => {
      const realm = ordersRealm(stack, {
        realmName: name,
        redirectUri: REDIRECT_URI,
        goldMaxAge: Duration.seconds(MAX_AGE),
      });
      new StepUpClient(stack, 'other', {
        realm,
        clientId: 'other',
        accessType: 'PUBLIC',
        validRedirectUris: [REDIRECT_URI],
      });
    });
    issuer = `${(await testKeycloak()).url}/realms/${name}`;
    api = createServer(ordersApi({ issuer, paymentMaxAge: MAX_AGE }));
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    api.close();
    api.closeAllConnections();
  });

  /** A user at a browser, in the shop: what Keycloak asked them, login after login, and what the shop got. */
  class Visit {
    readonly logins: LoginResult[] = [];
    readonly browser = new Browser();
    readonly client: Promise<SteppingUpClient>;

    private constructor(private readonly user: TestUser) {
      this.client = this.start();
    }

    static async begin(username: string): Promise<Visit> {
      return new Visit(await createUser((await testKeycloak()).admin, name, { username, totp: true }));
    }

    private async start(): Promise<SteppingUpClient> {
      const configuration = await oidc.discovery(new URL(issuer), 'shop', undefined, oidc.None(), {
        execute: [oidc.allowInsecureRequests],
      });
      return new SteppingUpClient(configuration, async (challenge?: Challenge) => {
        const login = await this.login(
          challenge && { acrValues: challenge.acrValues.split(' '), maxAge: challenge.maxAge },
        );
        return login.tokens?.access_token as string;
      });
    }

    async login(more: Partial<LoginRequest> = {}, clientId = 'shop'): Promise<LoginResult> {
      const { username, password, totp } = this.user;
      const answers: Answers = { username, password, otp: () => totp?.next() ?? '' };
      const login = await signIn(
        this.browser,
        { client: { issuer, clientId }, redirectUri: REDIRECT_URI, ...more },
        answers,
      );
      expect(login).toMatchObject({ outcome: 'granted' });
      this.logins.push(login);
      return login;
    }

    /** Calls the API as the shop does: with the token it has, and again after a step-up. */
    async call(method: string, path: string): Promise<number> {
      return (await (await this.client).fetch(method, new URL(path, base))).status;
    }

    /** What Keycloak asked the user since the last time. */
    asked(): readonly string[] {
      return this.logins.splice(0).flatMap(({ asked }) => asked);
    }
  }

  const pay = async (accessToken: string | undefined) => {
    const response = await fetch(`${base}/payments`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${accessToken}` },
    });
    return { status: response.status, challenge: response.headers.get('www-authenticate') };
  };
  const refresh = async (login: LoginResult, clientId = 'shop') => {
    const configuration = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
      execute: [oidc.allowInsecureRequests],
    });
    const tokens = await oidc.refreshTokenGrant(configuration, login.tokens?.refresh_token as string);
    return { token: tokens.access_token, claims: decodeJwt(tokens.access_token) };
  };
  const AGED = `Bearer error="insufficient_user_authentication", error_description="More recent authentication is required", acr_values="gold", max_age="${MAX_AGE}"`;

  test('ends with 200: silver is enough to read, a payment asks for the one-time password, a second one asks for nothing', async () => {
    const visit = await Visit.begin('loop');
    expect(await visit.call('GET', '/orders')).toBe(200);
    expect(visit.asked()).toEqual(['username', 'password']);
    expect(await visit.call('POST', '/payments')).toBe(201);
    expect(visit.asked()).toEqual(['otp']);
    expect(await visit.call('POST', '/payments')).toBe(201);
    expect(await visit.call('GET', '/orders')).toBe(200);
    expect(visit.asked()).toEqual([]);
  });

  test('goes round again when the proof is too old', async () => {
    const visit = await Visit.begin('aged');
    expect(await visit.call('POST', '/payments')).toBe(201);
    visit.asked();
    await sleep((MAX_AGE + 1) * 1000);
    expect(await visit.call('POST', '/payments')).toBe(201);
    expect(visit.asked()).toEqual(['password', 'otp']);
  });

  test('begins with a challenge that says what is needed', async () => {
    const visit = await Visit.begin('challenged');
    const silver = await visit.login();
    expect(await pay(silver.tokens?.access_token)).toEqual({
      status: 401,
      challenge: `Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="gold", max_age="${MAX_AGE}"`,
    });
    expect(await pay(silver.tokens?.id_token)).toMatchObject({
      status: 401,
      challenge: expect.stringMatching(/"invalid_token"/),
    });
  });

  test('a step-up renews auth_time; single sign-on and a refresh do not', async () => {
    const visit = await Visit.begin('times');
    const silver = await visit.login();
    await sleep(1_500);
    const gold = await visit.login({ acrValues: ['gold'] });
    expect(gold.asked).toEqual(['otp']);
    const [before, after] = [silver, gold].map(({ claims }) => claims?.auth_time as number) as [number, number];
    expect(after).toBeGreaterThan(before);
    await sleep(1_500);
    const again = await visit.login({ acrValues: ['gold'] });
    expect(again).toMatchObject({ asked: [], acr: 'gold', claims: { auth_time: after } });
    expect((await refresh(gold)).claims).toMatchObject({ acr: 'gold', auth_time: after });
  });

  test('a refreshed token keeps gold after its max age, but not the amr, and the API wants a new proof', async () => {
    const visit = await Visit.begin('refreshed');
    const gold = await visit.login({ acrValues: ['gold'] });
    expect(await pay(gold.tokens?.access_token)).toMatchObject({ status: 201 });
    await sleep((MAX_AGE + 1) * 1000);
    const { token, claims } = await refresh(gold);
    expect(claims).toMatchObject({ acr: 'gold', amr: ['pwd'] });
    expect(await pay(token)).toEqual({ status: 401, challenge: AGED });
  });

  test('a password typed elsewhere makes auth_time young and leaves acr gold, but the API sees by amr that the proof is old', async () => {
    const visit = await Visit.begin('elsewhere');
    const gold = await visit.login({ acrValues: ['gold'] });
    await sleep((MAX_AGE + 1) * 1000);
    expect(await visit.login({ prompt: 'login' }, 'other')).toMatchObject({ asked: ['password'], acr: 'silver' });
    const { token, claims } = await refresh(gold);
    expect(claims).toMatchObject({ acr: 'gold', amr: ['pwd'] });
    expect(Date.now() / 1000 - (claims.auth_time as number)).toBeLessThan(MAX_AGE);
    expect(await pay(token)).toEqual({ status: 401, challenge: AGED });
    visit.asked();
    expect(await visit.call('POST', '/payments')).toBe(201);
    expect(visit.asked()).toEqual(['otp']);
  });

  test('from outside the office the export is refused, without a challenge', async () => {
    const visit = await Visit.begin('outside');
    const gold = await visit.login({ acrValues: ['gold'] });
    const far = createServer(ordersApi({ issuer, officeNetworks: ['192.0.2.0/24'] }));
    await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
    const ask = async (server: Server) => {
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/export`, {
        headers: { Authorization: `Bearer ${gold.tokens?.access_token}`, 'X-Forwarded-For': '192.0.2.7' },
      });
      await response.text();
      return [response.status, response.headers.get('www-authenticate')];
    };
    expect(await ask(api)).toEqual([200, null]);
    expect(await ask(far)).toEqual([403, null]);
    far.close();
    far.closeAllConnections();
  });
});

describeWithKeycloak('The time of a proof that a sensitive scope asks for', () => {
  const name = withRealmName('scope');
  const folder = withStackFolder();

  test('is in no claim: behind single sign-on, neither auth_time nor acr change, only amr', async () => {
    await folder.apply((stack) => {
      const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
      const gold = new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.otp() });
      const realm = new StepUpRealm(stack, 'realm', { name, levels: [silver, gold] });
      const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
      new StepUpClient(stack, 'shop', {
        realm,
        clientId: 'shop',
        accessType: 'PUBLIC',
        validRedirectUris: [REDIRECT_URI],
        optionalScopes: [payments],
      });
    });
    const { admin, url } = await testKeycloak();
    const { username, password, totp } = await createUser(admin, name, { username: 'bob', totp: true });
    const browser = new Browser();
    const login = (more: Partial<LoginRequest> = {}) =>
      signIn(
        browser,
        { client: { issuer: `${url}/realms/${name}`, clientId: 'shop' }, redirectUri: REDIRECT_URI, ...more },
        { username, password, otp: () => totp?.next() ?? '' },
      );
    const silver = await login();
    await sleep(1_500);
    const paying = await login({ scope: ['openid', 'payments'] });
    expect(paying).toMatchObject({ outcome: 'granted', asked: ['otp'], acr: 'silver' });
    expect(paying.scope).toContain('payments');
    expect([...paying.amr].sort()).toEqual(['otp', 'pwd']);
    expect(paying.claims?.auth_time).toBe(silver.claims?.auth_time);
  });
});
