import { randomUUID } from 'node:crypto';
import type { RealmModel } from '../../../model';
import { readAcrLoaMap } from '../../../model/keycloak/acr-loa-map';
import { type RealmRepresentation, readRealmRepresentation } from '../../../model/readers';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { isUnknown } from '../../../model/realm-model';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';

const step = (authenticator: string, config?: string) => ({
  authenticator,
  requirement: 'REQUIRED',
  ...(config && { authenticatorConfig: config }),
});
const subflow = (flowAlias: string) => ({ flowAlias, authenticatorFlow: true, requirement: 'CONDITIONAL' });

/** As people write one: without ids, and with a subflow of a name that Keycloak's own flow has too. */
function importFile(realm: string): RealmRepresentation {
  return {
    realm,
    attributes: { 'acr.loa.map': '{"silver":1,"gold":2}', 'acr.uri.map': '{"gold":"urn:gold","gone":"urn:gone"}' },
    ...{ enabled: true, loginWithEmailAllowed: false, rememberMe: true, editUsernameAllowed: true, verifyEmail: true },
    ssoSessionIdleTimeoutRememberMe: 7200,
    browserFlow: 'sign-in',
    authenticationFlows: [
      {
        alias: 'sign-in',
        providerId: 'basic-flow',
        topLevel: true,
        authenticationExecutions: [
          { authenticator: 'auth-cookie', requirement: 'ALTERNATIVE', priority: 10 },
          { flowAlias: 'forms', authenticatorFlow: true, requirement: 'ALTERNATIVE', priority: 20 },
        ],
      },
      {
        alias: 'forms',
        providerId: 'basic-flow',
        authenticationExecutions: [
          { ...subflow('one'), priority: 10 },
          { ...subflow('two'), priority: 20 },
        ],
      },
      {
        alias: 'one',
        providerId: 'basic-flow',
        authenticationExecutions: [
          { ...step('conditional-level-of-authentication', 'first'), priority: 10 },
          { ...step('auth-username-password-form'), priority: 20 },
        ],
      },
      {
        alias: 'two',
        providerId: 'basic-flow',
        authenticationExecutions: [
          { ...step('conditional-level-of-authentication', 'second'), priority: 10 },
          { ...step('auth-otp-form'), priority: 20 },
        ],
      },
      {
        alias: 'after partner',
        providerId: 'basic-flow',
        topLevel: true,
        authenticationExecutions: [{ ...step('auth-otp-form'), priority: 10 }],
      },
    ],
    authenticatorConfig: [
      { alias: 'first', config: { 'loa-condition-level': '1', 'loa-max-age': '36000' } },
      { alias: 'second', config: { 'loa-condition-level': '2', 'loa-max-age': '36000' } },
    ],
    requiredActions: [
      {
        alias: 'CONFIGURE_TOTP',
        enabled: true,
        priority: 10,
        config: {},
        ...{ name: 'OTP', providerId: 'CONFIGURE_TOTP' },
      },
    ],
    clients: [
      { clientId: 'app', publicClient: true, attributes: { 'oauth2.device.authorization.grant.enabled': 'true' } },
      { clientId: 'robot', serviceAccountsEnabled: true, standardFlowEnabled: false, fullScopeAllowed: false },
      { clientId: 'wiki', protocol: 'saml', attributes: { 'minimum.acr.value': 'urn:gold' } },
      { clientId: 'shop', defaultClientScopes: ['acr', 'no such scope'], optionalClientScopes: ['offline_access'] },
    ],
    roles: {
      realm: [{ name: 'clerk' }, { name: 'boss', composites: { realm: ['clerk'] } }],
      client: { robot: [{ name: 'work' }] },
    },
    scopeMappings: [
      { client: 'robot', roles: ['boss'] },
      { clientScope: 'phone', roles: ['boss'] },
    ],
    clientScopeMappings: { account: [{ client: 'robot', roles: ['manage-account'] }] },
    identityProviders: [
      {
        alias: 'partner',
        providerId: 'oidc',
        trustEmail: true,
        firstBrokerLoginFlowAlias: 'first broker login',
        postBrokerLoginFlowAlias: 'after partner',
        config: {
          clientId: 'x',
          authorizationUrl: 'https://partner.example.com/a',
          tokenUrl: 'https://partner.example.com/t',
        },
      },
      { alias: 'github', providerId: 'github', linkOnly: true, config: { clientId: 'x' } },
    ],
    components: {
      'org.keycloak.userprofile.UserProfileProvider': [
        {
          providerId: 'declarative-user-profile',
          config: {
            'kc.user.profile.config': [
              JSON.stringify({
                attributes: [
                  { name: 'username', permissions: { view: ['user'], edit: ['user'] } },
                  { name: 'email', permissions: { view: ['user'], edit: ['admin'] } },
                  { name: 'team', permissions: { view: ['user'], edit: ['user'] } },
                ],
                unmanagedAttributePolicy: 'ADMIN_EDIT',
              }),
            ],
          },
        },
      ],
    },
  };
}

/** What is the same whichever way a realm is read: no ids, no attributes that Keycloak adds, lists by name. */
function comparable(model: RealmModel): unknown {
  const hidden = new Set([
    'id',
    'attributes',
    'description',
    'source',
    'keycloakVersion',
    'disabledFeatures',
    'priority',
  ]);
  const named = (value: unknown): string => {
    const { clientId, alias, name } = (value ?? {}) as Record<string, string>;
    return clientId ?? alias ?? name ?? JSON.stringify(value);
  };
  const strip = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) {
      const items = value.map((item) => strip(item, ''));
      return ['executions', 'levels', 'classes'].includes(key)
        ? items
        : items.sort((a, b) => (named(a) < named(b) ? -1 : 1));
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      // Of Keycloak's own scopes the model has the mappers that matter alone.
      Object.entries(value).flatMap(([name, inner]) =>
        hidden.has(name) || name === 'mappers' ? [] : [[name, strip(inner, name)]],
      ),
    );
  };
  const attributes = model.userProfile && !isUnknown(model.userProfile) ? model.userProfile.attributes : [];
  return { ...(strip(model, '') as object), profile: attributes.map(({ name }) => name) };
}

const ACR_MAPS = [
  '{"a":1} more',
  '{"b":1,"2":2,"1":" 1 "}',
  '{"a":2.9}',
  '{"a":1,"a":2}',
  '{"a":"high"}',
  '["a"]',
  '{"a":1,}',
  '{"a":2147483648}',
  '{"a":true}',
];

describeWithKeycloak('a realm, whichever way it is read', () => {
  const realm = withRealmName('readers');
  let file: RealmModel;

  beforeAll(async () => {
    const { admin } = await testKeycloak();
    file = readRealmRepresentation(importFile(realm));
    await admin.realms.create(importFile(realm) as object);
  });

  const live = async () => readRealmRepresentation(await fetchRealm((await testKeycloak()).admin, realm), 'live');
  const exported = async () => {
    const { admin } = await testKeycloak();
    return (await admin.realms.export({
      realm,
      exportClients: true,
      exportGroupsAndRoles: true,
    })) as RealmRepresentation;
  };

  test('is the same from an import file, live, and from a partial export', async () => {
    const expected = comparable(file);
    expect(file).toMatchObject({ complete: true, unknowns: [] });
    expect(comparable(await live())).toEqual(expected);
    expect(comparable(readRealmRepresentation(await exported()))).toEqual(expected);
  });

  test('of a partial export without clients and roles is not complete', async () => {
    const { admin } = await testKeycloak();
    const partial = await admin.realms.export({ realm, exportClients: false, exportGroupsAndRoles: false });
    expect(readRealmRepresentation(partial as RealmRepresentation)).toMatchObject({
      complete: false,
      unknowns: [{ unknown: 'the representation has no clients' }, { unknown: 'the representation has no roles' }],
    });
  });

  test('acr maps are read as Keycloak reads them, which its discovery document shows', async () => {
    const { admin, url } = await testKeycloak();
    const before = (await admin.realms.findOne({ realm }))?.attributes as Record<string, string>;
    const supported = async (text: string): Promise<string[] | undefined> => {
      await admin.realms.update({ realm }, { attributes: { ...before, 'acr.loa.map': text } });
      const response = await fetch(`${url}/realms/${realm}/.well-known/openid-configuration`);
      return ((await response.json()) as { acr_values_supported?: string[] }).acr_values_supported;
    };
    // The levels of the browser flow follow the names.
    const ofFlow = (await supported('{}')) as string[];
    for (const text of ACR_MAPS) {
      const map = readAcrLoaMap(text);
      const ours = isUnknown(map) ? map : map.levels.map(({ acr }) => acr);
      expect([text, await supported(text)]).toEqual([text, [...(ours as string[]), ...ofFlow]]);
    }
    expect(await supported('null')).toBeUndefined();
    await admin.realms.update({ realm }, { attributes: before });
  });

  test('two configs of one alias are told apart live, and unknown where they differ in an export', async () => {
    const { admin } = await testKeycloak();
    const executions = await admin.authenticationManagement.getExecutions({ realm, flow: 'two' });
    const id = executions[0]?.authenticationConfig as string;
    const config = await admin.authenticationManagement.getConfig({ realm, id });
    await admin.authenticationManagement.updateConfig({ ...config, realm, id, alias: 'first' });
    const levels = (model: RealmModel) =>
      model.flows
        .find(({ alias }) => alias === 'sign-in')
        ?.executions.flatMap((each) => (each.kind === 'subflow' ? each.flow.executions : []))
        .map((each) => {
          const condition = each.kind === 'subflow' ? each.flow.executions[0] : undefined;
          return condition?.kind === 'authenticator' ? condition.config?.values : undefined;
        });
    const age = { 'loa-max-age': '36000' };
    expect(levels(await live())).toEqual([
      { ...age, 'loa-condition-level': '1' },
      { ...age, 'loa-condition-level': '2' },
    ]);
    const unknown = { ...age, 'loa-condition-level': { unknown: expect.stringMatching(/2 configs are called first/) } };
    expect(levels(readRealmRepresentation(await exported()))).toEqual([unknown, unknown]);
  });
});

describeWithKeycloak('a realm in which Keycloak refuses what the reader refuses', () => {
  test.each([
    ['clients that are a text', { clients: 'no' }],
    ['a flow that is null', { authenticationFlows: [null] }],
    ['an attribute that is an object', { attributes: { a: {} } }],
  ])('%s', async (_, more) => {
    const { admin } = await testKeycloak();
    const rep = { realm: `readers-${randomUUID()}`, ...more } as object;
    await expect(admin.realms.create(rep)).rejects.toThrow();
    expect(() => readRealmRepresentation(rep)).toThrow();
  });
});
