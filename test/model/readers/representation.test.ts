import { type RealmRepresentation, readRealmRepresentation } from '../../../model/readers';
import { GOLD, loginOnce } from '../support/browser';

const EXPORT: RealmRepresentation = {
  id: 'realm-1',
  realm: 'acme',
  keycloakVersion: '26.7.4',
  attributes: { 'acr.loa.map': '{"silver":1,"gold":2}' },
  browserFlow: 'step-up',
  authenticationFlows: [
    {
      id: 'id-1',
      alias: 'step-up',
      topLevel: true,
      authenticationExecutions: [
        { flowAlias: 'forms', authenticatorFlow: true, requirement: 'ALTERNATIVE', priority: 20 },
        { authenticator: 'auth-cookie', requirement: 'ALTERNATIVE', priority: 10 },
      ],
    },
    {
      alias: 'forms',
      topLevel: false,
      authenticationExecutions: [
        { flowAlias: 'one', authenticatorFlow: true, requirement: 'CONDITIONAL', priority: 10 },
        { flowAlias: 'two', authenticatorFlow: true, requirement: 'CONDITIONAL', priority: 20 },
      ],
    },
    level('one', 'auth-username-password-form'),
    level('two', 'auth-otp-form'),
  ],
  authenticatorConfig: [
    { alias: 'one', config: { 'loa-condition-level': '1', 'loa-max-age': '36000' } },
    { alias: 'two', config: { 'loa-condition-level': '2', 'loa-max-age': '300' } },
  ],
  clients: [
    {
      clientId: 'app',
      publicClient: true,
      attributes: { 'default.acr.values': 'silver##gold', 'oauth2.device.authorization.grant.enabled': 'true' },
      authenticationFlowBindingOverrides: { browser: 'id-1', direct_grant: 'gone' },
      defaultClientScopes: ['acr'],
    },
  ],
  clientScopes: [
    {
      name: 'acr',
      protocolMappers: [
        {
          name: 'acr',
          protocolMapper: 'oidc-acr-mapper',
          config: { 'access.token.claim': 'true', 'id.token.claim': 'true' },
        },
      ],
    },
  ],
  clientPolicies: {
    policies: [{ name: 'p', enabled: true, mode: 'STRICT', conditions: [{ condition: 'any-client' }] }],
  },
  requiredActions: [{ alias: 'CONFIGURE_TOTP', enabled: true, priority: 54 }],
  roles: { realm: [{ name: 'admin' }], client: { app: [{ name: 'sensitive' }] } },
};

function level(alias: string, authenticator: string) {
  return {
    alias,
    topLevel: false,
    authenticationExecutions: [
      {
        authenticator: 'conditional-level-of-authentication',
        authenticatorConfig: alias,
        requirement: 'REQUIRED',
        priority: 10,
      },
      { authenticator, requirement: 'REQUIRED', priority: 20 },
    ],
  };
}

describe('a realm export', () => {
  const model = readRealmRepresentation(EXPORT);

  test('is a complete model of its version', () => {
    expect(model).toMatchObject({ realm: 'acme', complete: true, keycloakVersion: '26.7.4', unknowns: [] });
  });

  test('logs in as its flow says, in the order of priorities', () => {
    expect(loginOnce(model)).toBe('username+password → silver');
    expect(loginOnce(model, GOLD)).toBe('username+password, otp → gold');
  });

  test('has its clients’ overrides, resolved by id or dangling', () => {
    expect(model.clients[0]).toMatchObject({
      flowOverrides: { browser: { alias: 'step-up' }, directGrant: { dangling: 'gone' } },
      defaultAcrValues: ['silver', 'gold'],
      grants: { authorizationCode: true, device: true },
      roles: ['sensitive'],
    });
  });

  test('has roles by the names that conditions use, and strict policies', () => {
    expect(model.roles).toEqual(['admin', 'app.sensitive']);
    expect(model.clientPolicies).toMatchObject([{ name: 'p', strict: true, conditions: [{ provider: 'any-client' }] }]);
  });

  test('without a part is incomplete and says which', () => {
    const { clients: _, ...partial } = EXPORT;
    const { complete, unknowns } = readRealmRepresentation(partial);
    expect(complete).toBe(false);
    expect(unknowns).toEqual([{ unknown: 'the representation has no clients' }]);
  });

  test('with equal priorities has no known order', () => {
    const flows = [
      {
        alias: 'f',
        topLevel: true,
        authenticationExecutions: [
          { authenticator: 'auth-cookie', requirement: 'ALTERNATIVE', priority: 10 },
          { authenticator: 'auth-otp-form', requirement: 'ALTERNATIVE', priority: 10 },
        ],
      },
    ];
    expect(readRealmRepresentation({ ...EXPORT, authenticationFlows: flows }).flows[0]?.orderUnknown).toBeDefined();
  });

  test('with a requirement of another kind keeps it as unknown', () => {
    const flows = [
      {
        alias: 'f',
        topLevel: true,
        authenticationExecutions: [{ authenticator: 'auth-cookie', requirement: 'OPTIONAL' }],
      },
    ];
    const [read] = readRealmRepresentation({ ...EXPORT, authenticationFlows: flows }).flows;
    expect(read?.executions[0]?.requirement).toEqual({ unknown: expect.stringMatching(/OPTIONAL/) });
  });

  test.each([
    ['broken', '{"gold":'],
    ['of another shape', '["gold"]'],
    ['of words', '{"gold":"high"}'],
  ])('with an acr map that is %s has none, and the text', (_, text) => {
    const { acrLoaMap } = readRealmRepresentation({ ...EXPORT, attributes: { 'acr.loa.map': text } });
    expect(acrLoaMap).toEqual({ levels: [], broken: text });
  });
});
