import type ClientRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientRepresentation';
import { AuthenticationFlow, bindings, execution, StepUpClientScope, StepUpFlow } from '../../../lib';
import { createUser, type TestUser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { claimsOf, type GrantAnswer, post, secretOf } from '../support/grants';
import { describeWithKeycloak, testKeycloak, withRealm } from '../support/keycloak';
import { answersOf, withSite } from '../support/site';
import { Visitor } from '../support/visitor';

const SECRET = 'known-to-the-test-alone';
const SCOPE = 'openid payments';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

describeWithKeycloak('Attack A8: a scope by a client or a grant that the rule does not see', () => {
  const partner = withRealm({}, 'partner');
  const site = withSite(({ stack, realm, gold, client }) => {
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
    // Of the library: public ones can't have most grants whatever their settings are.
    client('shop', { accessType: 'CONFIDENTIAL', optionalScopes: [payments] });
    // Of another team, which knows the scope alone.
    const lax = new AuthenticationFlow(stack, 'lax', {
      realm,
      name: 'lax',
      nodes: [execution('auth-username-password-form')],
    });
    const other = (clientId: string, props: Partial<bindings.openidClient.OpenidClientConfig>) => {
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
    other('other', {});
    other('lax-client', {
      authenticationFlowBindingOverrides: { browserId: lax.handle.id },
      dependsOn: lax.handle.dependsOn,
    });
    other('grants', {
      serviceAccountsEnabled: true,
      standardTokenExchangeEnabled: true,
      oauth2JwtAuthorizationGrantEnabled: true,
      oauth2JwtAuthorizationGrantIdp: 'partner',
    });
  });

  const secrets: Record<string, string> = {};
  beforeAll(async () => {
    const { admin, url } = await testKeycloak();
    for (const clientId of ['shop', 'other', 'lax-client', 'grants']) {
      secrets[clientId] = await secretOf(site.realm, clientId);
    }
    const there = `${url}/realms/${partner}`;
    await admin.identityProviders.create({
      realm: site.realm,
      alias: 'partner',
      providerId: 'oidc',
      enabled: true,
      config: {
        clientId: 'site',
        clientSecret: SECRET,
        authorizationUrl: `${there}/protocol/openid-connect/auth`,
        tokenUrl: `${there}/protocol/openid-connect/token`,
        jwksUrl: `${there}/protocol/openid-connect/certs`,
        useJwksUrl: 'true',
        validateSignature: 'true',
        issuer: there,
        jwtAuthorizationGrantEnabled: 'true',
      },
    });
    await admin.clients.create({
      realm: partner,
      clientId: 'assertions',
      publicClient: true,
      directAccessGrantsEnabled: true,
      fullScopeAllowed: false,
      attributes: { 'access.token.lifespan': '120' },
      protocolMappers: [
        {
          name: 'audience',
          protocol: 'openid-connect',
          protocolMapper: 'oidc-audience-mapper',
          config: { 'included.custom.audience': await site.issuer(), 'access.token.claim': 'true' },
        },
      ],
    } satisfies ClientRepresentation & { realm: string });
  });

  const passwordLogin = async (clientId: string, scope: string, user: TestUser) => {
    const visitor = await new Visitor(site).login(clientId, { scope });
    await visitor.fill({ username: user.username, password: user.password });
    return { visitor, redeemed: visitor.hasCode ? await visitor.redeem(secrets[clientId]) : undefined };
  };
  const clientOf = (clientId: string) => ({
    client_id: clientId,
    client_secret: secrets[clientId] ?? '',
  });
  const scopesOf = (answer: GrantAnswer) => String(answer.scope).split(' ');

  const serviceAccount = (clientId: string) =>
    post(site, 'token', { ...clientOf(clientId), grant_type: 'client_credentials', scope: SCOPE });
  const exchange = async (clientId: string, user: TestUser) => {
    const { redeemed } = await passwordLogin(clientId, 'openid', user);
    return post(site, 'token', {
      ...clientOf(clientId),
      grant_type: EXCHANGE,
      subject_token: String(redeemed?.answer.access_token),
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: SCOPE,
    });
  };
  /** What the partner says of a user, who has not been asked for anything here. */
  const assertion = async (clientId: string, here: TestUser) => {
    const { admin } = await testKeycloak();
    const there = await createUser(admin, partner, { username: here.username });
    await admin.users.addToFederatedIdentity({
      realm: site.realm,
      id: here.id,
      federatedIdentityId: 'partner',
      federatedIdentity: { identityProvider: 'partner', userId: there.id, userName: there.username },
    });
    const { url } = await testKeycloak();
    const answer = await post({ issuer: async () => `${url}/realms/${partner}` }, 'token', {
      client_id: 'assertions',
      grant_type: 'password',
      username: there.username,
      password: there.password,
      scope: 'openid',
    });
    const fields = { grant_type: JWT_BEARER, assertion: String(answer.access_token), scope: SCOPE };
    return post(site, 'token', { ...clientOf(clientId), ...fields });
  };

  describe('on a StepUpClient', () => {
    test('the login asks for the one-time password', async () => {
      const { visitor } = await passwordLogin('shop', SCOPE, await site.user());
      expect(visitor).toMatchObject({ id: 'login-login-otp', left: undefined });
    });

    test.each([
      ['its service account', () => serviceAccount('shop')],
      ['a token exchange', async () => exchange('shop', await site.user())],
      ["a partner's JWT", async () => assertion('shop', await site.user())],
      [
        'the password grant',
        async () => {
          const { username, password } = await site.user();
          return post(site, 'token', { ...clientOf('shop'), grant_type: 'password', username, password, scope: SCOPE });
        },
      ],
      ['the device flow', () => post(site, 'auth/device', { ...clientOf('shop'), scope: SCOPE })],
      [
        'CIBA',
        async () => {
          const { username: login_hint } = await site.user();
          return post(site, 'ext/ciba/auth', { ...clientOf('shop'), scope: SCOPE, login_hint });
        },
      ],
    ])('%s is closed', async (_what, request) => {
      const answer = await request();
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer).toMatchObject({ error: expect.stringMatching(/^(unauthorized_client|invalid_(request|grant))$/) });
      expect(answer.access_token).toBeUndefined();
    });
  });

  describe('on a client of another team', () => {
    test("that has the realm's flow, the rule holds", async () => {
      const { visitor } = await passwordLogin('other', SCOPE, await site.user());
      expect(visitor).toMatchObject({ id: 'login-login-otp', left: undefined });
    });

    test('that has a flow of its own, a password is enough', async () => {
      const { redeemed } = await passwordLogin('lax-client', SCOPE, await site.user());
      expect(redeemed?.scope).toContain('payments');
      expect(redeemed?.acr).toBe('silver');
    });

    test('with a service account, its secret is enough, and the token names the lowest level', async () => {
      const answer = await serviceAccount('grants');
      expect(scopesOf(answer)).toContain('payments');
      expect(claimsOf(answer).acr).toBe('silver');
    });

    test('with token exchange, a password is enough', async () => {
      const answer = await exchange('grants', await site.user());
      expect(scopesOf(answer)).toContain('payments');
      expect(claimsOf(answer).acr).toBe('silver');
    });

    test("with the JWT authorization grant, a partner's word is enough, about a user who owns a second factor too", async () => {
      const user = await site.user();
      const answer = await assertion('grants', user);
      expect(answer).toMatchObject({ status: 200 });
      expect(scopesOf(answer)).toContain('payments');
      expect(claimsOf(answer)).toMatchObject({ acr: 'silver', sub: user.id });
    });
  });

  test('a login with the one-time password has the scope, on each', async () => {
    const user = await site.user();
    const request = { scope: ['openid', 'payments'] };
    const client = { issuer: await site.issuer(), clientId: 'shop', clientSecret: secrets.shop };
    const login = await site.signIn('shop', answersOf(user), { ...request, client });
    expect(login).toMatchObject({ outcome: 'granted', scope: expect.arrayContaining(['payments']) });
  });
});
