import { type RealmRepresentation, readRealmRepresentation } from '../../../model/readers';

const EXPORT: RealmRepresentation = {
  id: 'realm-1',
  realm: 'acme',
  keycloakVersion: '26.7.4',
  authenticationFlows: [],
  requiredActions: [],
  clientScopes: [{ name: 'payments' }, { name: 'plain' }],
  clients: [{ clientId: 'app' }],
  roles: {
    realm: [
      { name: 'boss', composites: { realm: ['clerk'], client: { app: ['pay'] } } },
      { name: 'clerk' },
      { name: 'default-roles-acme', composites: { realm: ['clerk'], client: { account: ['manage-account'] } } },
    ],
    client: {
      app: [{ name: 'pay' }],
      account: [{ name: 'manage-account', composites: { client: { account: ['manage-account-links'] } } }],
    },
  },
};

const read = (more: object = {}) => readRealmRepresentation({ ...EXPORT, ...more });

test('new accounts have what the default role holds, and what that holds', () => {
  expect(read().defaultRoles).toEqual([
    'default-roles-acme',
    'clerk',
    'account.manage-account',
    'account.manage-account-links',
  ]);
  const { roles: _, ...withoutRoles } = EXPORT;
  expect(readRealmRepresentation(withoutRoles).defaultRoles).toEqual({ unknown: expect.any(String) });
});

test('roles of scopes and clients come from both lists of mappings, with all that they hold', () => {
  const model = read({
    scopeMappings: [
      { clientScope: 'payments', roles: ['boss'] },
      { client: 'app', roles: ['clerk'] },
    ],
    clientScopeMappings: { account: [{ client: 'app', roles: ['manage-account'] }] },
    clients: [{ clientId: 'app', fullScopeAllowed: false }],
  });
  expect(model.clientScopes[0]?.roles).toEqual(['boss', 'clerk', 'app.pay']);
  expect(model.clientScopes[1]?.roles).toBeUndefined();
  expect(model.clients[0]).toMatchObject({
    fullScope: false,
    scopeRoles: ['app.pay', 'clerk', 'account.manage-account', 'account.manage-account-links'],
  });
});

test('a client that asks for consent has not every role unless it says so', () => {
  expect(read({ clients: [{ clientId: 'a', consentRequired: true }] }).clients[0]?.fullScope).toBe(false);
  expect(read().clients[0]?.fullScope).toBe(true);
});

test.each([
  ['a confidential client', {}, true],
  ['a public one, which Keycloak refuses', { publicClient: true }, false],
])('grants without a user’s browser: %s', (_, more, allowed) => {
  const [client] = read({
    clients: [
      {
        clientId: 'robot',
        serviceAccountsEnabled: true,
        attributes: { 'oauth2.jwt.authorization.grant.enabled': 'True', 'standard.token.exchange.enabled': 'true' },
        ...more,
      },
    ],
  }).clients;
  expect(client?.grants).toMatchObject({ serviceAccount: allowed, jwtAuthorization: allowed, tokenExchange: true });
});

test('identity providers have their flows and switches, and Keycloak’s defaults', () => {
  const { identityProviders } = read({
    identityProviders: [
      {
        alias: 'partner',
        providerId: 'oidc',
        firstBrokerLoginFlowAlias: 'first',
        postBrokerLoginFlowAlias: 'post',
        trustEmail: true,
        linkOnly: true,
        config: { jwtAuthorizationGrantEnabled: true },
      },
      { alias: 'plain', providerId: 'saml', firstBrokerLoginFlowAlias: ' ' },
      { alias: 'jwt', providerId: 'jwt-authorization-grant', enabled: false },
    ],
  });
  const off = { trustEmail: false, linkOnly: false };
  expect(identityProviders).toEqual([
    {
      alias: 'partner',
      provider: 'oidc',
      enabled: true,
      firstLoginFlow: 'first',
      postLoginFlow: 'post',
      trustEmail: true,
      linkOnly: true,
      jwtAuthorization: true,
    },
    { alias: 'plain', provider: 'saml', enabled: true, ...off, jwtAuthorization: false },
    { alias: 'jwt', provider: 'jwt-authorization-grant', enabled: false, ...off, jwtAuthorization: true },
  ]);
});

test('what users may do by themselves, with Keycloak’s defaults', () => {
  expect(read().selfService).toEqual({
    registration: false,
    resetPassword: false,
    organizations: false,
    loginWithEmail: true,
    duplicateEmails: false,
    verifyEmail: false,
    rememberMe: false,
    editUsername: false,
    emailAsUsername: false,
  });
  const on = read({ loginWithEmailAllowed: false, duplicateEmailsAllowed: true, verifyEmail: true, rememberMe: true });
  expect(on.selfService).toMatchObject({
    loginWithEmail: false,
    duplicateEmails: true,
    verifyEmail: true,
    rememberMe: true,
  });
  expect(read({ ssoSessionIdleTimeoutRememberMe: 5, ssoSessionMaxLifespanRememberMe: 6 }).sessions).toMatchObject({
    rememberMeIdle: 5,
    rememberMeMax: 6,
  });
});

describe('the user profile', () => {
  const edits = (more: object) => {
    const { userProfile } = read(more);
    return userProfile && 'attributes' in userProfile
      ? {
          ...Object.fromEntries(userProfile.attributes.map(({ name, userEdits }) => [name, userEdits])),
          unmanaged: userProfile.unmanaged,
        }
      : userProfile;
  };
  const component = (text: unknown) => ({
    components: {
      'org.keycloak.userprofile.UserProfileProvider': [{ config: { 'kc.user.profile.config': [text] } }],
    },
  });
  const names = { firstName: true, lastName: true, unmanaged: 'DISABLED' };

  test('is Keycloak’s where the realm has none; the user name needs a switch of the realm', () => {
    expect(edits({})).toEqual({ username: false, email: true, ...names });
    expect(edits({ editUsernameAllowed: true })).toEqual({ username: true, email: true, ...names });
  });

  test('where the e-mail address is the user name, it needs that switch', () => {
    expect(edits({ registrationEmailAsUsername: true })).toEqual({ username: false, email: false, ...names });
    expect(edits({ registrationEmailAsUsername: true, editUsernameAllowed: true })).toMatchObject({
      username: false,
      email: true,
    });
  });

  test('of the realm says who edits what; username and email are open where it says nothing', () => {
    const profile = {
      attributes: [
        { name: 'username' },
        { name: 'email', permissions: { view: [], edit: [] } },
        { name: 'clearance', permissions: { view: ['user'], edit: ['admin'] } },
        { name: 'team', permissions: { view: ['user'], edit: ['admin', 'user'] } },
        { name: 'nobody' },
      ],
      unmanagedAttributePolicy: 'ENABLED',
    };
    const expected = { username: true, email: true, clearance: false, team: true, nobody: false, unmanaged: 'ENABLED' };
    expect(edits({ ...component(JSON.stringify(profile)), editUsernameAllowed: true })).toEqual(expected);
    expect(edits({ userProfile: profile, editUsernameAllowed: true })).toEqual(expected);
  });

  test.each(['{', '[]', '{"attributes":[1]}'])('that can not be read (%s) is unknown', (text) => {
    expect(edits(component(text))).toEqual({ unknown: expect.stringMatching(/user profile/) });
  });
});

describe('acr.uri.map', () => {
  const classes = (uri: string, loa = '{"low":1,"high":2}') =>
    read({ attributes: { 'acr.loa.map': loa, 'acr.uri.map': uri } }).acrUriMap;

  test('names the classes of the levels that both maps have; of two levels of a class the higher counts', () => {
    expect(classes('{"high":"urn:b","low":"urn:a","gone":"urn:c"}')).toEqual({
      classes: [
        { uri: 'urn:a', loa: 1 },
        { uri: 'urn:b', loa: 2 },
      ],
    });
    expect(classes('{"high":"urn:a","low":"urn:a"}')).toEqual({ classes: [{ uri: 'urn:a', loa: 2 }] });
    expect(read().acrUriMap).toBeUndefined();
  });

  test('that is broken counts for nothing', () => {
    expect(classes('{"high"')).toEqual({ classes: [], broken: '{"high"' });
    expect(classes('null')).toEqual({ unknown: expect.any(String) });
  });
});

describe('configs of one alias', () => {
  const flows = [
    {
      alias: 'f',
      topLevel: true,
      authenticationExecutions: [
        { authenticator: 'a', authenticatorConfig: 'twice', requirement: 'REQUIRED', priority: 10 },
        {
          authenticator: 'b',
          authenticatorConfig: 'twice',
          authenticatorConfigId: '2',
          requirement: 'REQUIRED',
          priority: 20,
        },
      ],
    },
  ];
  const authenticatorConfig = [
    { id: '1', alias: 'twice', config: { outcome: 'force', header: 'X', only: '1' } },
    { id: '2', alias: 'twice', config: { outcome: 'skip', header: 'X' } },
  ];
  const configs = read({ authenticationFlows: flows, authenticatorConfig }).flows[0]?.executions.map((each) =>
    each.kind === 'authenticator' ? each.config?.values : undefined,
  );

  test('are known where they agree', () => {
    const unknown = { unknown: expect.stringMatching(/2 configs are called twice/) };
    expect(configs?.[0]).toEqual({ outcome: unknown, header: 'X', only: unknown });
  });

  test('are told apart where the server told which is whose', () => {
    expect(configs?.[1]).toEqual({ outcome: 'skip', header: 'X' });
  });
});
