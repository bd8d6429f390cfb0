import type { Client, RealmModel } from '../../../model/realm-model';
import type { LoginRequest, SimulatedUser } from '../../../model/simulate';
import { possibleGrants } from '../../../model/simulate/possible-grants';
import { tokenContents } from '../../../model/simulate/token-contents';
import { BOB, SimulatedBrowser } from '../support/browser';
import { client, realm, stepUpFlow } from '../support/realm';

const GRANTS = client('any').grants;
const confidential = (clientId: string, grants: Partial<Client['grants']>, more: Partial<Client> = {}) =>
  client(clientId, { accessType: 'confidential', grants: { ...GRANTS, ...grants }, ...more });
const toPay = {
  name: 'audience',
  mapper: 'oidc-audience-mapper',
  config: { 'included.client.audience': 'pay', 'access.token.claim': 'true' },
};

const MODEL = realm(stepUpFlow(), {
  clients: [
    client('app', { mappers: [toPay] }),
    client('other'),
    client('public', { grants: { ...GRANTS, serviceAccount: true } }),
    confidential('robot', { serviceAccount: true }, { minimumAcr: 'gold' }),
    confidential('pay', { tokenExchange: true }, { roles: ['clerk'] }),
    confidential('asks', { jwtAuthorization: true, tokenExchange: true }, { consentRequired: true, mappers: [] }),
    confidential('jwt', { jwtAuthorization: true }, { attributes: { 'oauth2.jwt.authorization.grant.idp': 'a##b' } }),
    confidential('ciba', { ciba: true }),
  ],
  identityProviders: [
    { alias: 'a', enabled: true, jwtAuthorization: true },
    { alias: 'b', enabled: true },
    { alias: 'c', enabled: true, jwtAuthorization: true },
  ],
});

function once(request: LoginRequest, user: SimulatedUser = BOB): string {
  return new SimulatedBrowser(MODEL, user).login(request);
}

describe('client_credentials', () => {
  const grant = 'client-credentials';

  test('takes the secret alone, whatever the minimum is', () => {
    expect(once({ clientId: 'robot', grant })).toBe('client-secret → silver');
    expect(new SimulatedBrowser(MODEL).attempt({ clientId: 'robot', grant })).toMatchObject({ account: 'service' });
  });

  test.each(['public', 'pay'])('is closed at %s', (clientId) => {
    expect(once({ clientId, grant })).toBe('→ 400 client-not-allowed');
  });
});

test.each([
  ['robot', 'client-credentials'],
  ['pay', 'token-exchange'],
  ['jwt', 'jwt-authorization'],
] as const)('%s is refused a scope that it has not (%s)', (clientId, grant) => {
  const browser = new SimulatedBrowser(MODEL);
  browser.login();
  expect(browser.login({ clientId, grant, scope: ['openid', 'unassigned'] })).toBe('→ 400 invalid-scope');
});

describe('token exchange', () => {
  const grant = 'token-exchange';
  const exchanged = (holder: string, user: SimulatedUser = BOB, at = 'pay') => {
    const browser = new SimulatedBrowser(MODEL, user);
    browser.login({ clientId: holder, acrValues: ['gold'] });
    return browser.login({ clientId: at, grant });
  };

  test('takes a token with the client in its audience, and loses the level', () => {
    expect(exchanged('app')).toBe('client-secret → silver');
    expect(exchanged('pay')).toBe('client-secret → silver');
    expect(exchanged('other')).toBe('→ 400 no-subject-token');
    expect(once({ clientId: 'pay', grant })).toBe('→ 400 no-subject-token');
  });

  test('the user’s role of a client puts it in the audience', () => {
    expect(exchanged('other', { ...BOB, roles: ['pay.clerk'] })).toBe('client-secret → silver');
  });

  test('can not ask for consent', () => {
    expect(exchanged('asks', BOB, 'asks')).toBe('client-secret → silver');
    const browser = new SimulatedBrowser(MODEL, { ...BOB, roles: [] });
    browser.login({ clientId: 'app' });
    expect(browser.login({ clientId: 'asks', grant })).toBe('→ 400 no-subject-token');
  });
});

describe('the JWT grant', () => {
  const grant = 'jwt-authorization';

  test('takes the login of a provider that both sides allow, and the secret', () => {
    expect(once({ clientId: 'jwt', grant })).toBe('client-secret+identity-provider:a → silver');
  });

  test.each([
    ['jwt', { ...BOB, requiredActions: ['UPDATE_PASSWORD'] }, '400 account-not-set-up'],
    ['asks', BOB, '400 client-not-allowed'],
    ['robot', BOB, '400 client-not-allowed'],
  ])('%s', (clientId, user, expected) => {
    expect(once({ clientId, grant }, user)).toBe(`→ ${expected}`);
  });
});

describe('CIBA', () => {
  test('takes the word of the authentication channel, and the secret, for no level', () => {
    expect(once({ clientId: 'ciba', grant: 'ciba', acrValues: ['gold'] })).toBe(
      'client-secret+authentication-device → silver',
    );
  });

  test.each([
    ['ciba', { ...BOB, requiredActions: ['UPDATE_PASSWORD'] }, '400 account-not-set-up'],
    ['pay', BOB, '400 client-not-allowed'],
  ])('%s', (clientId, user, expected) => {
    expect(once({ clientId, grant: 'ciba' }, user)).toBe(`→ ${expected}`);
  });
});

describe('possible grants', () => {
  const kinds = (clientId: string, model: RealmModel = MODEL) =>
    possibleGrants(model, model.clients.find((each) => each.clientId === clientId) as Client).map(
      ({ request: { grant, door = 'login', broker, initiatedByProvider }, subjects }) =>
        [grant ?? door, broker, initiatedByProvider && 'by Keycloak', subjects?.join(' ')].filter(Boolean).join(': '),
    );

  test('of a public, a confidential and a SAML client', () => {
    const brokers = ['broker: a', 'broker: b', 'broker: c'];
    expect(kinds('public')).toEqual(['login', ...brokers]);
    expect(kinds('pay')).toEqual(['login', ...brokers, 'token-exchange: app other public robot pay asks jwt ciba']);
    const saml = client('saml', { protocol: 'saml', attributes: { saml_idp_initiated_sso_url_name: 'saml' } });
    expect(kinds('saml', { ...MODEL, clients: [saml] })).toEqual(['login', 'login: by Keycloak', ...brokers]);
  });

  test('what is not known is not shut', () => {
    const unknown = { unknown: 'a variable' };
    const grants = { ...GRANTS, serviceAccount: unknown, password: unknown };
    const open = client('open', { accessType: unknown, grants });
    expect(kinds('open', { ...MODEL, identityProviders: [], clients: [open] })).toEqual([
      'login',
      'password',
      'client-credentials',
    ]);
  });
});

describe('what a token holds', () => {
  const scope = { name: 'staff', protocol: 'openid-connect', mappers: [], roles: ['clerk'] };
  const hardcodedRole = { name: 'r', mapper: 'oidc-hardcoded-role-mapper', config: { role: 'app.auditor' } };
  const renamed = {
    name: 'n',
    mapper: 'oidc-role-name-mapper',
    config: { role: 'clerk', 'new.role.name': 'app.admin' },
  };
  const user = { ...BOB, roles: ['clerk', 'admin', 'app.seller'] };

  const contents = (more: Partial<Client>, roles: readonly string[] = user.roles) => {
    const app = client('app', { roles: ['seller'], optionalScopes: ['staff'], ...more });
    const base = realm(stepUpFlow(), { clients: [app] });
    const model = { ...base, clientScopes: [...base.clientScopes, scope] };
    return tokenContents(model, app, { scope: ['openid', 'staff'] }, { ...user, roles });
  };

  test('scopes that name roles are for those who have one', () => {
    expect(contents({}).scopes).toContain('staff');
    expect(contents({}, ['admin']).scopes).not.toContain('staff');
  });

  test.each<[string, Partial<Client>, string[]]>([
    ['full scope', {}, ['clerk', 'admin', 'app.seller']],
    ['no full scope', { fullScope: false }, ['clerk', 'app.seller']],
    [
      'no full scope, and roles of its own choice',
      { fullScope: false, scopeRoles: ['admin'] },
      ['clerk', 'admin', 'app.seller'],
    ],
    ['no mapper', { defaultScopes: ['acr'] }, []],
    ['a role for everybody', { defaultScopes: ['acr'], mappers: [hardcodedRole] }, ['app.auditor']],
    ['another name', { mappers: [renamed] }, ['admin', 'app.seller', 'app.admin']],
  ])('roles with %s', (_what, more, expected) => {
    expect([...contents(more).roles].sort()).toEqual([...expected].sort());
  });
});

test('a session that may be remembered may live longer', () => {
  const model = realm(stepUpFlow());
  const sessions = { ...model.sessions, rememberMeMax: 2 * (model.sessions.ssoMax as number) };
  const after = (of: RealmModel) => {
    const browser = new SimulatedBrowser(of);
    browser.login();
    return browser.wait((model.sessions.ssoMax as number) + 1).login();
  };
  expect(after({ ...model, sessions })).toBe('username+password → silver');
  const selfService = { ...model.selfService, rememberMe: true };
  expect(after({ ...model, sessions, selfService })).toBe('→ 0');
});
