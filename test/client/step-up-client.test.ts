import { TerraformVariable, Testing } from 'cdktf';
import type { ClientAcrMap, StepUpClientProps } from '../../lib';
import {
  AuthenticationFlow,
  bindings,
  execution,
  ProofFlow,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  StepUpRealm,
} from '../../lib';
import { level, realmStack, resourceOf, resourcesOf, testStack } from '../support/stack';

function clientStack(props: (made: ReturnType<typeof realmStack>) => Partial<StepUpClientProps> = () => ({})) {
  const made = realmStack();
  const client = new StepUpClient(made.stack, 'client', {
    realm: made.realm,
    clientId: 'shop',
    validRedirectUris: ['https://shop.example.com/callback'],
    ...props(made),
  });
  return { ...made, client };
}

describe('StepUpClient', () => {
  test('logs in by the authorization code flow with PKCE alone', () => {
    expect(resourceOf(clientStack().stack, 'keycloak_openid_client')).toMatchObject({
      client_id: 'shop',
      access_type: 'CONFIDENTIAL',
      standard_flow_enabled: true,
      pkce_code_challenge_method: 'S256',
      implicit_flow_enabled: false,
      direct_access_grants_enabled: false,
      oauth2_device_authorization_grant_enabled: false,
      service_accounts_enabled: false,
      standard_token_exchange_enabled: false,
      extra_config: { 'oidc.ciba.grant.enabled': 'false' },
      full_scope_allowed: false,
    });
  });

  test("asks for the realm's lowest level when a request names none", () => {
    expect(resourceOf(clientStack().stack, 'keycloak_openid_client').extra_config).toMatchObject({
      'default.acr.values': 'silver',
    });
  });

  test('raises every request to its minimum level, which is then the default too', () => {
    const { stack } = clientStack(({ stack, realm, gold }) => {
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
      return { minimumLevel: gold };
    });
    expect(resourceOf(stack, 'keycloak_openid_client').extra_config).toMatchObject({
      'default.acr.values': 'gold',
      'minimum.acr.value': 'gold',
    });
  });

  test('tells in the claim amr how the levels were reached', () => {
    expect(resourceOf(clientStack().stack, 'keycloak_generic_protocol_mapper')).toMatchObject({
      protocol_mapper: 'oidc-amr-mapper',
      config: { 'access.token.claim': 'true', 'id.token.claim': 'true' },
    });
  });

  test('overrides the browser flow only after the flow is whole', () => {
    const { stack } = clientStack(({ stack, realm }) => ({
      browserFlow: new StepUpFlow(stack, 'own', { realm, name: 'own' }),
    }));
    const { authentication_flow_binding_overrides, depends_on } = resourceOf(stack, 'keycloak_openid_client');
    expect(authentication_flow_binding_overrides.browser_id).toMatch(
      /^\$\{keycloak_authentication_flow\.own_.*\.id\}$/,
    );
    expect(depends_on).toEqual([expect.stringMatching(/^terraform_data\.own_.*_Seal_/)]);
  });

  test('keeps the scopes that carry acr and session claims when it has default scopes of its own', () => {
    const { stack } = clientStack(({ stack, realm }) => ({
      defaultScopes: [new StepUpClientScope(stack, 'catalogue', { realm, name: 'catalogue' })],
    }));
    expect(resourceOf(stack, 'keycloak_openid_client_default_scopes').default_scopes).toEqual(
      expect.arrayContaining(['acr', 'basic', expect.stringMatching(/keycloak_openid_client_scope\..*\.name/)]),
    );
  });

  test('holds the default scopes and the acr map that it leaves to Keycloak, so that a plan shows what a hand changes', () => {
    const { stack } = clientStack(() => ({}));
    expect(resourceOf(stack, 'keycloak_openid_client_default_scopes').default_scopes).toEqual([
      ...['acr', 'basic', 'email', 'profile', 'roles', 'web-origins'],
    ]);
    expect(resourceOf(stack, 'keycloak_openid_client').extra_config['acr.loa.map']).toBe('{}');
  });

  test('has the default scope of service accounts where Authorization Services ask for one', () => {
    const { stack, client } = clientStack(() => ({}));
    client.enableAuthorization({ policyEnforcementMode: 'ENFORCING' });
    expect(resourceOf(stack, 'keycloak_openid_client_default_scopes').default_scopes).toContain('service_account');
  });

  test.each([
    [undefined, []],
    [true, ['offline_access']],
  ])(
    'may ask for no scope that it does not list, and for offline access only if so said (%s)',
    (offlineAccess, scopes) => {
      const { stack } = clientStack(() => ({ offlineAccess }));
      expect(resourceOf(stack, 'keycloak_openid_client_optional_scopes').optional_scopes).toEqual(scopes);
    },
  );

  test('refuses an unknown level as default or minimum', () => {
    for (const prop of ['defaultLevel', 'minimumLevel']) {
      expect(() => clientStack(({ stack }) => ({ [prop]: level(stack, { acr: 'platinum', loa: 3 }) }))).toThrow(
        /^test\/client: \w+Level "platinum": test\/realm has no such level, .*silver, gold\.$/,
      );
    }
  });

  test.each<[string, (made: ReturnType<typeof realmStack>) => AuthenticationFlow | undefined, RegExp]>([
    [
      "Keycloak's own flow",
      () => undefined,
      /Keycloak's own browser flow, which test\/realm uses, does not have the level/,
    ],
    [
      'a flow without it',
      ({ stack, realm, silver }) => new StepUpFlow(stack, 'own', { realm, levels: [silver] }),
      /test\/own does not have the level/,
    ],
    [
      'a flow in which nothing grants it',
      ({ stack, realm }) =>
        new AuthenticationFlow(stack, 'own', { realm, name: 'own', nodes: [execution('auth-otp-form')] }),
      /test\/own does not have the level/,
    ],
  ])('refuses a minimum that counts for nothing, in %s', (_what, own, message) => {
    const bound = clientStack((made) => {
      const flow = own(made);
      if (flow) made.realm.bindBrowserFlow(flow);
      return { minimumLevel: made.gold };
    });
    expect(() => resourcesOf(bound.stack, 'keycloak_openid_client')).toThrow(message);
    const overridden = clientStack((made) => {
      made.realm.bindBrowserFlow(new StepUpFlow(made.stack, 'browser', { realm: made.realm, name: 'browser' }));
      return { minimumLevel: made.gold, browserFlow: own(made) };
    });
    const synth = () => resourcesOf(overridden.stack, 'keycloak_openid_client');
    if (overridden.client.browserFlow) expect(synth).toThrow(message);
    else expect(synth).not.toThrow();
  });

  test("takes a scope that the client's own flow always proves", () => {
    const { stack } = clientStack(({ stack, realm, gold }) => {
      const scope = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [scope] }));
      return { optionalScopes: [scope], browserFlow: new ProofFlow(stack, 'own', { realm, level: gold }) };
    });
    expect(() => resourcesOf(stack, 'keycloak_openid_client')).not.toThrow();
  });

  test('refuses a default below its minimum', () => {
    expect(() => clientStack(({ silver, gold }) => ({ defaultLevel: silver, minimumLevel: gold }))).toThrow(
      /^test\/client: defaultLevel "silver" below minimumLevel "gold"/,
    );
  });

  test('has a password grant only with a flow of its own, in a realm that allows it', () => {
    const stack = testStack();
    const realm = new StepUpRealm(stack, 'realm', {
      name: 'acme',
      levels: [level(stack, { acr: 'low', loa: 1 })],
      passwordGrant: 'allow',
    });
    const directGrantFlow = new AuthenticationFlow(stack, 'direct', {
      realm,
      name: 'direct',
      nodes: [execution('direct-grant-validate-username')],
    });
    const validRedirectUris = ['https://shop.example.com/callback'];
    new StepUpClient(stack, 'client', { realm, clientId: 'shop', validRedirectUris, directGrantFlow });
    expect(resourceOf(stack, 'keycloak_openid_client')).toMatchObject({
      direct_access_grants_enabled: true,
      authentication_flow_binding_overrides: { direct_grant_id: expect.stringMatching(/flow\.direct_.*\.id/) },
      depends_on: [expect.stringMatching(/^terraform_data\.direct_.*_Seal_/)],
    });
  });

  test('refuses a password grant in a realm that rejects it', () => {
    expect(() =>
      clientStack(({ stack, realm }) => ({
        directGrantFlow: new AuthenticationFlow(stack, 'direct', { realm, name: 'direct', nodes: [] }),
      })),
    ).toThrow(/^test\/client: directGrantFlow test\/direct: test\/realm rejects the password grant/);
  });

  test('asks for levels by the names of its own acr map', () => {
    const { stack } = clientStack(({ stack, realm, silver, gold }) => ({
      acrMap: { 'urn:basic': silver, 'urn:strong': gold },
      minimumLevel: gold,
      browserFlow: new StepUpFlow(stack, 'own', { realm }),
    }));
    const { extra_config } = resourceOf(stack, 'keycloak_openid_client');
    expect(extra_config).toMatchObject({ 'default.acr.values': 'urn:strong', 'minimum.acr.value': 'urn:strong' });
    expect(JSON.parse(extra_config['acr.loa.map'])).toEqual({ 'urn:basic': 1, 'urn:strong': 2 });
  });

  test.each([
    ['a lower level', ({ silver }) => ({ silver: silver, gold: silver }), /acrMap "gold" as loa 1: it is loa 2 in/],
    ['a name that looks like a number', ({ gold }) => ({ 2: gold }), /acrMap name "2"/],
    ['two names for a level', ({ silver }) => ({ silver, basic: silver }), /acrMap "silver" and "basic" for "silver"/],
    ['no name for the default level', ({ gold }) => ({ gold }), /defaultLevel "silver": .*no name/],
    [
      'a level of another realm',
      ({ stack, silver }) => ({ silver, platinum: level(stack, { acr: 'platinum', loa: 3 }) }),
      /acrMap "platinum" "platinum": test\/realm has no such level/,
    ],
  ] satisfies [string, (made: ReturnType<typeof realmStack>) => ClientAcrMap, RegExp][])(
    'refuses an acr map with %s',
    (_what, acrMap, message) => {
      expect(() => clientStack((made) => ({ acrMap: acrMap(made) }))).toThrow(message);
    },
  );

  test('refuses the flow of another realm', () => {
    expect(() =>
      clientStack(({ stack }) => {
        const other = new StepUpRealm(stack, 'other', {
          name: 'other',
          levels: [level(stack, { acr: 'low', loa: 1 })],
        });
        return { browserFlow: new StepUpFlow(stack, 'foreign', { realm: other }) };
      }),
    ).toThrow(/^test\/client: browserFlow test\/foreign of test\/other: .*test\/realm\.$/);
  });

  test('refuses to have nowhere to return to', () => {
    expect(() => clientStack(() => ({ validRedirectUris: [] }))).toThrow(/^test\/client: validRedirectUris \[\]/);
  });

  test.each([
    'https://shop.example.com/callback?tenant=a',
    'https://shop.example.com/*',
    'https://shop.example.com:8443/app/*',
    'http://127.0.0.1/callback*',
    'com.example.shop:/callback/*',
    '/app/*',
    '${var.origin}/*',
  ])('takes the redirect URI %s', (uri) => {
    const { stack } = clientStack(() => ({ validRedirectUris: [uri] }));
    expect(resourceOf(stack, 'keycloak_openid_client').valid_redirect_uris).toEqual([uri]);
  });

  test('takes redirect URIs that Terraform fills in, one or all', () => {
    const { stack } = clientStack(({ stack }) => ({
      validRedirectUris: [`${new TerraformVariable(stack, 'origin', { type: 'string' }).stringValue}/*`],
    }));
    const [uri] = resourceOf(stack, 'keycloak_openid_client').valid_redirect_uris;
    expect(uri).toBe('${var.origin}/*');
    const all = clientStack(({ stack }) => ({
      validRedirectUris: new TerraformVariable(stack, 'uris', { type: 'list(string)' }).listValue,
    }));
    expect(resourceOf(all.stack, 'keycloak_openid_client').valid_redirect_uris).toBe('${var.uris}');
  });

  test.each([
    '*',
    'https://*',
    'https://*/x',
    'https://*/*',
    'https://*.example.com/*',
    'https://shop.example.com*',
    'https://shop.example.com:*/callback',
    'https:/*',
    'HTTPS:/*',
    'https:///*',
    'shop://*',
    'https://shop.example.com/*/callback',
    'https://shop.example.com/callback?x=*',
  ])('refuses the redirect URI %s', (uri) => {
    const message = `test/client: validRedirectUris "${uri}": a star that is not the end of a path after the host`;
    expect(() => clientStack(() => ({ validRedirectUris: ['https://shop.example.com/callback', uri] }))).toThrow(
      message,
    );
  });

  test.each(['', ' ', 'https://shop.example.com/a b', undefined as never])('refuses the redirect URI %j', (uri) => {
    expect(() => clientStack(() => ({ validRedirectUris: [uri] }))).toThrow(
      /^test\/client: validRedirectUris .*it is no URI/,
    );
  });

  test.each(['shop', 'https://shop.example.com/metadata', 'the shop', '${var.client}'])(
    'takes the client id %j',
    (clientId) => {
      const { stack } = clientStack(() => ({ clientId }));
      expect(resourceOf(stack, 'keycloak_openid_client').client_id).toBe(clientId);
    },
  );

  test.each(['', ' ', ' shop', 'shop\n', 'café', undefined as never])('refuses the client id %j', (clientId) => {
    expect(() => clientStack(() => ({ clientId }))).toThrow(/^test\/client: clientId .*RFC 6749.*Write for example/);
  });
});

describe('StepUpClientScope', () => {
  test('is named in the scope claim of the token, and a renamed one is made beside the old', () => {
    const { stack, realm } = realmStack();
    new StepUpClientScope(stack, 'payments', { realm, name: 'payments:write' });
    expect(resourceOf(stack, 'keycloak_openid_client_scope')).toMatchObject({
      name: 'payments:write',
      include_in_token_scope: true,
      lifecycle: { create_before_destroy: true },
    });
  });

  test.each(['', 'two words', 'say"hi"'])('refuses the name %j', (name) => {
    const { stack, realm } = realmStack();
    expect(() => new StepUpClientScope(stack, 'it', { realm, name })).toThrow(/^test\/it: name .*payments:write/);
  });

  test('refuses to require the lowest level or one of another realm', () => {
    const { stack, realm, silver } = realmStack();
    const foreign = level(stack, { acr: 'platinum', loa: 3 });
    const create = (id: string, requires: typeof silver) =>
      new StepUpClientScope(stack, id, { realm, name: id, requires });
    expect(() => create('low', silver)).toThrow(/^test\/low: requires "silver": every login/);
    expect(() => create('foreign', foreign)).toThrow(
      /^test\/foreign: requires "platinum": test\/realm has no such level/,
    );
  });

  test("fails at synth when the realm's browser flow does not ask for its level", () => {
    const { stack, realm, gold } = realmStack();
    new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    expect(() => Testing.synth(stack, true)).toThrow(
      /requires "gold": the browser flow of test\/realm does not ask for it/,
    );
  });

  test("fails at synth when a client's own flow does not ask for its level", () => {
    const { stack, realm, gold } = realmStack();
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
    new StepUpClient(stack, 'client', {
      realm,
      clientId: 'shop',
      validRedirectUris: ['https://shop.example.com/callback'],
      browserFlow: new StepUpFlow(stack, 'own', { realm, name: 'own' }),
      optionalScopes: [payments],
    });
    expect(() => Testing.synth(stack, true)).toThrow(
      /scope "payments", which requires "gold": the client's own flow test\/own/,
    );
  });

  /** A client that may ask for a scope which needs gold. */
  const guardedStack = () => {
    const made = realmStack();
    const { stack, realm, gold } = made;
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    const flow = new StepUpFlow(stack, 'browser', { realm, scopes: [payments] });
    realm.bindBrowserFlow(flow);
    const client = new StepUpClient(stack, 'client', {
      realm,
      clientId: 'shop',
      validRedirectUris: ['https://shop.example.com/callback'],
      optionalScopes: [payments],
    });
    return { ...made, client, payments, flow };
  };
  const add = (client: StepUpClient, key: string, value: string) => {
    client.resource.extraConfig = { ...client.resource.extraConfigInput, [key]: value };
  };

  test.each([
    ['CIBA', (client) => add(client, 'oidc.ciba.grant.enabled', 'true')],
    [
      'the device flow',
      ({ resource }) => {
        resource.oauth2DeviceAuthorizationGrantEnabled = true;
      },
    ],
    ['the device flow', (client) => add(client, 'oauth2.device.authorization.grant.enabled', 'true')],
    [
      'token exchange',
      ({ resource }) => {
        resource.standardTokenExchangeEnabled = true;
      },
    ],
    ['token exchange', ({ resource }) => resource.addOverride('standard_token_exchange_enabled', true)],
    [
      'the JWT authorization grant',
      ({ resource }) => {
        resource.oauth2JwtAuthorizationGrantEnabled = true;
      },
    ],
    ['the JWT authorization grant', (client) => add(client, 'oauth2.jwt.authorization.grant.enabled', 'true')],
    [
      'the password grant',
      ({ resource }) => {
        resource.directAccessGrantsEnabled = true;
      },
    ],
    [
      'the service account',
      ({ resource }) => {
        resource.serviceAccountsEnabled = true;
      },
    ],
    ['the service account', (client) => client.enableAuthorization({ policyEnforcementMode: 'ENFORCING' })],
  ] satisfies [string, (client: StepUpClient) => void][])(
    'refuses %s beside a scope that needs a level, by the escape hatch',
    (grant, open) => {
      const { stack, client } = guardedStack();
      expect(() => Testing.synth(stack, true)).not.toThrow();
      open(client);
      expect(() => Testing.synth(stack, true)).toThrow(
        new RegExp(`\\[test/client\\] ${grant} on, for the scopes "payments": .*browser flow has not seen`),
      );
    },
  );

  test('refuses a password grant of its own flow beside a scope that needs a level', () => {
    const stack = testStack();
    const gold = level(stack, { acr: 'gold', loa: 2 });
    const levels = [level(stack, { acr: 'silver', loa: 1 }), gold];
    const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels, passwordGrant: 'allow' });
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
    const nodes = [execution('direct-grant-validate-username'), execution('direct-grant-validate-password')];
    new StepUpClient(stack, 'client', {
      realm,
      clientId: 'shop',
      validRedirectUris: ['https://shop.example.com/callback'],
      optionalScopes: [payments],
      directGrantFlow: new AuthenticationFlow(stack, 'direct', { realm, name: 'direct', nodes }),
    });
    expect(() => Testing.synth(stack, true)).toThrow(
      /\[test\/client\] the password grant on, for the scopes "payments"/,
    );
  });

  test('refuses a grant without pages beside a minimum level, and lets a client without either have it', () => {
    const minimum = clientStack(({ gold }) => ({ minimumLevel: gold }));
    minimum.client.resource.oauth2DeviceAuthorizationGrantEnabled = true;
    expect(() => Testing.synth(minimum.stack, true)).toThrow(
      /\[test\/client\] the device flow on, for the minimum level/,
    );
    const plain = clientStack();
    plain.client.resource.oauth2DeviceAuthorizationGrantEnabled = true;
    expect(() => Testing.synth(plain.stack, true)).not.toThrow();
  });

  test('refuses to lose its levels to other settings, and takes more of them', () => {
    const { stack, client, realm } = clientStack(({ gold }) => ({ minimumLevel: gold }));
    realm.bindBrowserFlow(new StepUpFlow(stack, 'flow', { realm }));
    add(client, 'backchannel.logout.url', 'https://shop.example.com/logout');
    expect(() => Testing.synth(stack, true)).not.toThrow();
    client.resource.extraConfig = { 'backchannel.logout.url': 'https://shop.example.com/logout' };
    expect(() => Testing.synth(stack, true)).toThrow(
      /\[test\/client\] extraConfig "minimum\.acr\.value" undefined, not "gold": .*minimumLevel/,
    );
  });

  test('refuses another flow in place of the one that was checked', () => {
    const { stack, client, flow } = guardedStack();
    client.resource.putAuthenticationFlowBindingOverrides({ browserId: flow.handle.id });
    expect(() => Testing.synth(stack, true)).toThrow(
      /\[test\/client\] authenticationFlowBindingOverrides \{.*browserFlow/,
    );
  });

  describe('refuses a mapper that writes', () => {
    type Made = ReturnType<typeof guardedStack>;
    const claim = (name: string) => ({ name: 'forged', claimName: name, claimValue: 'gold' });
    const { GenericProtocolMapper } = bindings.genericProtocolMapper;
    const { OpenidHardcodedClaimProtocolMapper } = bindings.openidHardcodedClaimProtocolMapper;
    const { OpenidUserAttributeProtocolMapper } = bindings.openidUserAttributeProtocolMapper;
    test.each([
      [
        'acr',
        'a fixed value for the client',
        'client',
        ({ stack, realm: { realmId }, client }) =>
          new OpenidHardcodedClaimProtocolMapper(stack, 'm', {
            realmId,
            clientId: client.resource.id,
            ...claim('acr'),
          }),
      ],
      [
        'acr',
        'a fixed value for a scope',
        'payments',
        ({ stack, realm: { realmId }, payments }) =>
          new OpenidHardcodedClaimProtocolMapper(stack, 'm', {
            realmId,
            clientScopeId: payments.resource.id,
            ...claim('acr'),
          }),
      ],
      [
        'acr',
        'a user attribute',
        'client',
        ({ stack, realm: { realmId }, client }) =>
          new OpenidUserAttributeProtocolMapper(stack, 'm', {
            realmId,
            clientId: client.resource.id,
            name: 'forged',
            userAttribute: 'level',
            claimName: 'acr',
          }),
      ],
      [
        'auth_time',
        'whatever a generic mapper does',
        'client',
        ({ stack, realm: { realmId }, client }) =>
          new GenericProtocolMapper(stack, 'm', {
            realmId,
            clientId: client.resource.id,
            name: 'forged',
            protocol: 'openid-connect',
            protocolMapper: 'oidc-hardcoded-claim-mapper',
            config: { 'claim.name': 'auth_time', 'claim.value': '4102444800' },
          }),
      ],
    ] satisfies [string, string, string, (made: Made) => unknown][])('%s: %s', (name, _what, at, forge) => {
      const made = guardedStack();
      forge(made);
      expect(() => Testing.synth(made.stack, true)).toThrow(
        new RegExp(`\\[test/${at}\\] mapper test/m, which writes the claim "${name}"`),
      );
    });

    test('but not one of another claim, nor of another client', () => {
      const { stack, realm, client } = guardedStack();
      const { realmId } = realm;
      new OpenidHardcodedClaimProtocolMapper(stack, 'm', { realmId, clientId: client.resource.id, ...claim('tier') });
      new OpenidHardcodedClaimProtocolMapper(stack, 'n', { realmId, clientId: 'another', ...claim('acr') });
      expect(() => Testing.synth(stack, true)).not.toThrow();
    });
  });
});
