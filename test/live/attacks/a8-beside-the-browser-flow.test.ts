import { AuthenticationFlow, bindings, execution, StepUpClientScope, StepUpFlow } from '../../../lib';
import type { TestUser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { claimsOf, type GrantAnswer, post, secretOf } from '../support/grants';
import { withJwtPartner } from '../support/jwt-partner';
import { describeWithKeycloak } from '../support/keycloak';
import { answersOf, withSite } from '../support/site';
import { Visitor } from '../support/visitor';

const SCOPE = 'openid payments';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

describeWithKeycloak('Attack A8: a scope by a client or a grant that the rule does not see', () => {
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
    for (const clientId of ['shop', 'other', 'lax-client', 'grants']) {
      secrets[clientId] = await secretOf(site.realm, clientId);
    }
  });
  const partner = withJwtPartner(site.realm);

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
  const assertion = async (clientId: string, { username }: TestUser) => {
    await partner.link(username);
    const fields = { grant_type: JWT_BEARER, assertion: await partner.assertion(username), scope: SCOPE };
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
