import { builtInRequiredActions } from '../../../model/keycloak/built-in-realm';
import { type RealmRepresentation, readRealmRepresentation, UnreadableSource } from '../../../model/readers';
import { GOLD, loginOnce } from '../support/browser';

/** As people write one: names and what differs from Keycloak's own, no ids. */
const FILE: RealmRepresentation = {
  realm: 'Acme',
  attributes: { 'acr.loa.map': '{"silver":1,"gold":2}' },
  browserFlow: 'sign-in',
  authenticationFlows: [
    {
      alias: 'sign-in',
      topLevel: true,
      authenticationExecutions: [
        { authenticator: 'auth-cookie', requirement: 'ALTERNATIVE' },
        { flowAlias: 'forms', authenticatorFlow: true, requirement: 'ALTERNATIVE' },
      ],
    },
    {
      alias: 'forms',
      authenticationExecutions: [
        { flowAlias: 'one', authenticatorFlow: true, requirement: 'CONDITIONAL' },
        { flowAlias: 'two', authenticatorFlow: true, requirement: 'CONDITIONAL' },
      ],
    },
    level('one', 'auth-username-password-form'),
    level('two', 'auth-otp-form'),
  ],
  authenticatorConfig: [
    { alias: 'one', config: { 'loa-condition-level': '1', 'loa-max-age': '36000' } },
    { alias: 'two', config: { 'loa-condition-level': '2', 'loa-max-age': '300' } },
  ],
  clients: [{ clientId: 'app', publicClient: true }],
};

function level(alias: string, authenticator: string) {
  return {
    alias,
    authenticationExecutions: [
      { authenticator: 'conditional-level-of-authentication', authenticatorConfig: alias, requirement: 'REQUIRED' },
      { authenticator, requirement: 'REQUIRED' },
    ],
  };
}

const read = (more: object = {}) => readRealmRepresentation({ ...FILE, ...more });
const client = (model: ReturnType<typeof read>, id = 'app') => model.clients.find(({ clientId }) => clientId === id);

describe('an import file', () => {
  const model = read();

  test('leaves to Keycloak what it does not have, so that nothing is unknown', () => {
    expect(model).toMatchObject({ complete: true, unknowns: [], requiredActions: builtInRequiredActions() });
    expect(model.flows.map(({ alias }) => alias)).toEqual(
      expect.arrayContaining(['sign-in', 'browser', 'direct grant', 'reset credentials', 'first broker login']),
    );
    expect(client(model, 'account-console')).toMatchObject({ builtIn: true, fullScope: false });
    expect(client(model)?.defaultScopes).toEqual(['profile', 'email', 'roles', 'web-origins', 'acr', 'basic']);
    expect(model.roles).toEqual(expect.arrayContaining(['account.manage-account', 'default-roles-acme']));
  });

  test('without priorities keeps the order of the file', () => {
    expect(model.flows[0]?.orderUnknown).toBeUndefined();
    expect(loginOnce(model)).toBe('username+password → silver');
    expect(loginOnce(model, GOLD)).toBe('username+password, otp → gold');
  });

  test('with a subflow of a name of Keycloak’s own keeps both apart', () => {
    const steps = (alias: string) =>
      model.flows
        .find((flow) => flow.alias === alias)
        ?.executions.flatMap((each) => (each.kind === 'subflow' ? each.flow.executions : []));
    expect(steps('sign-in')).toHaveLength(2);
    expect(steps('browser')).not.toHaveLength(0);
  });

  test('with scopes of its own has no others but offline_access, and Keycloak’s clients have none', () => {
    const own = read({ clientScopes: [{ name: 'acr' }], defaultDefaultClientScopes: ['acr'] });
    expect(own.clientScopes.map(({ name }) => name)).toEqual(['acr', 'offline_access']);
    expect(client(own)?.defaultScopes).toEqual(['acr']);
    expect(client(own, 'account')?.defaultScopes).toEqual([]);
  });

  test('with required actions of its own has no others but the deletion of accounts', () => {
    const own = read({ requiredActions: [{ alias: 'CONFIGURE_TOTP', enabled: true }] });
    expect(own.requiredActions.map(({ alias, enabled }) => [alias, enabled])).toEqual([
      ['CONFIGURE_TOTP', true],
      ['delete_account', false],
    ]);
  });

  test('leaves out scopes that a client names and that do not exist', () => {
    const own = read({
      clientScopes: [{ name: 'acr' }],
      clients: [{ clientId: 'app', defaultClientScopes: ['acr', 'gone'] }],
    });
    expect(client(own)?.defaultScopes).toEqual(['acr']);
  });

  test('gives a SAML client the scopes of its protocol', () => {
    const own = read({ clients: [{ clientId: 'wiki', protocol: 'saml' }] });
    expect(client(own, 'wiki')).toMatchObject({
      protocol: 'saml',
      defaultScopes: ['role_list', 'saml_organization', 'AuthnContextClassRef'],
      optionalScopes: [],
    });
  });

  test('of the Admin API, without the flows, is none', () => {
    const { authenticationFlows: _, clients: __, ...got } = FILE;
    const model = readRealmRepresentation({ ...got, id: 'x', defaultRole: { name: 'default-roles-acme' } });
    expect(model.complete).toBe(false);
    expect(model.unknowns).toContainEqual({ unknown: 'the representation has no authenticationFlows' });
  });

  test('takes numbers and truth values for their texts, and the other way round', () => {
    const own = read({
      authenticatorConfig: [
        { alias: 'one', config: { 'loa-condition-level': 1, 'loa-max-age': 36000 } },
        { alias: 'two', config: { 'loa-condition-level': 2, 'loa-max-age': 300 } },
      ],
      rememberMe: 'true',
      ssoSessionIdleTimeout: '600',
      clients: [
        {
          clientId: 'app',
          publicClient: 'true',
          directAccessGrantsEnabled: 1,
          attributes: { 'oauth2.device.authorization.grant.enabled': true, 'minimum.acr.value': 2, gone: null },
        },
      ],
    });
    expect(loginOnce(own, GOLD)).toBe('username+password, otp → gold');
    expect(own).toMatchObject({ selfService: { rememberMe: true }, sessions: { ssoIdle: 600 } });
    expect(client(own)).toMatchObject({
      accessType: 'public',
      minimumAcr: '2',
      grants: { device: true, password: true },
      attributes: { 'oauth2.device.authorization.grant.enabled': 'true' },
    });
    expect(client(own)?.attributes).not.toHaveProperty('gone');
  });

  test.each([
    ['clients that are a text', { clients: 'no' }, /^clients is a string: write a list/],
    ['a flow that is null', { authenticationFlows: [null] }, /^authenticationFlows\[0\] is null: write an object/],
    ['attributes that are a list', { attributes: [] }, /^attributes is a list: write an object/],
    ['an attribute that is an object', { attributes: { a: {} } }, /^attributes\.a is an object: write a text/],
    ['a flag of another word', { rememberMe: 'maybe' }, /^rememberMe is a string: write true or false/],
    [
      'a lifespan of words',
      { ssoSessionIdleTimeout: 'long' },
      /^ssoSessionIdleTimeout is a string: write a whole number/,
    ],
    [
      'a mapper that is a number',
      { clients: [{ protocolMappers: [1] }] },
      /^clients\[0\]\.protocolMappers\[0\] is a number/,
    ],
  ])('with %s is refused, as Keycloak refuses it', (_, more, message) => {
    const reading = () => read(more);
    expect(reading).toThrow(UnreadableSource);
    expect(reading).toThrow(message);
  });

  test('of a flow that holds itself ends, and says so', () => {
    const flows = [
      {
        alias: 'loop',
        topLevel: true,
        authenticationExecutions: [{ flowAlias: 'loop', authenticatorFlow: true, requirement: 'REQUIRED' }],
      },
    ];
    expect(read({ authenticationFlows: flows }).unknowns).toEqual([{ unknown: expect.stringMatching(/holds itself/) }]);
  });
});
