import { Fn, TerraformLocal, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { bindings, KeycloakProvider, type KeycloakProviderConfig, StepUpRealm } from '../../lib';
import { level, realmStack, testStack } from '../support/stack';

const SECRET = 'correct horse battery';

function variable(stack: TerraformStack, more: object = {}): string {
  return new TerraformVariable(stack, 'secret', { type: 'string', sensitive: true, ...more }).stringValue;
}

/** What the validation of the stack says; the JSON if it says nothing. */
function synthesized(stack: TerraformStack): string {
  return Testing.synth(stack, true);
}

function failure(stack: TerraformStack): string {
  try {
    synthesized(stack);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('A secret of the provider', () => {
  const made = (config: (stack: TerraformStack) => Partial<KeycloakProviderConfig>) => {
    const stack = new TerraformStack(Testing.app(), 'test');
    new KeycloakProvider(stack, 'keycloak', { url: 'https://keycloak.example.com', ...config(stack) });
    return stack;
  };

  test.each(['clientSecret', 'password', 'accessToken', 'jwtToken', 'jwtSigningKey', 'tlsClientPrivateKey'] as const)(
    'is refused as a text: %s',
    (argument) => {
      const message = new RegExp(`^test/keycloak: ${argument} \\(not shown\\): .*sensitive TerraformVariable`);
      expect(() => made(() => ({ [argument]: SECRET }))).toThrow(message);
      expect(() => made(() => ({ [argument]: SECRET }))).not.toThrow(SECRET);
      expect(failure(made(() => ({ [argument]: Fn.base64encode(SECRET) })))).toMatch(
        /provider "keycloak": 0\.\w+ \(not/,
      );
      expect(() => made(() => ({ [argument]: `$\${${SECRET}}` }))).toThrow(message);
    },
  );

  test('is taken from a variable, from a file, or from the environment', () => {
    const json = synthesized(made((stack) => ({ clientId: 'terraform', clientSecret: variable(stack) })));
    expect(json).toContain('${var.secret}');
    synthesized(made(() => ({ password: Fn.file('password.txt') })));
    synthesized(made((stack) => ({ password: Fn.trimspace(variable(stack)) })));
    synthesized(made(() => ({ clientId: 'terraform' })));
  });

  test('is refused as the default of its variable, sensitive or not', () => {
    for (const sensitive of [true, false]) {
      const stack = made((scope) => ({ clientSecret: variable(scope, { sensitive, default: SECRET }) }));
      expect(failure(stack)).toMatch(/client_secret \(not shown\)|sensitive variable "secret" \(not shown\)/);
      expect(failure(stack)).not.toContain(SECRET);
    }
  });

  test('is refused as a local', () => {
    const stack = made((scope) => ({ clientSecret: new TerraformLocal(scope, 'one', SECRET).asString }));
    expect(failure(stack)).toMatch(/provider "keycloak": 0\.client_secret/);
    synthesized(made((scope) => ({ clientSecret: new TerraformLocal(scope, 'one', variable(scope)).asString })));
  });

  test.each<[string, Partial<KeycloakProviderConfig>]>([
    ['in the URL', { url: `https://admin:${encodeURIComponent(SECRET)}@keycloak.example.com` }],
    ['in a header', { additionalHeaders: { Authorization: `Basic ${SECRET}` } }],
    ['in a header of a gateway', { additionalHeaders: { 'X-Api-Key': SECRET } }],
  ])('is refused %s', (_where, config) => {
    const stack = made(() => config);
    expect(failure(stack)).toMatch(/provider "keycloak": .* \(not shown\)/);
    expect(failure(stack)).not.toContain(SECRET);
    expect(failure(stack)).not.toContain(encodeURIComponent(SECRET));
  });

  test('is refused by an override, of the provider or of the stack', () => {
    const stack = testStack();
    (stack.node.findChild('keycloak') as KeycloakProvider).addOverride('client_secret', SECRET);
    expect(failure(stack)).toMatch(/provider "keycloak"/);
    const other = testStack();
    other.addOverride('provider.keycloak.0.password', SECRET);
    expect(failure(other)).toMatch(/provider "keycloak": /);
  });

  test('is refused of a provider that is made by the bindings, beside a realm of the constructs', () => {
    const stack = new TerraformStack(Testing.app(), 'test');
    new bindings.provider.KeycloakProvider(stack, 'keycloak', { url: 'https://a.example', clientSecret: SECRET });
    new StepUpRealm(stack, 'realm', { name: 'acme', levels: [level(stack, { acr: 'silver', loa: 1 })] });
    expect(failure(stack)).toMatch(/provider "keycloak": 0\.client_secret/);
  });
});

describe('A secret of a resource', () => {
  type Add = (stack: TerraformStack, secret: string) => void;
  const realmId = 'acme';

  test.each<[string, Add]>([
    [
      'a client',
      (stack, clientSecret) =>
        new bindings.openidClient.OpenidClient(stack, 'x', {
          realmId,
          clientId: 'a',
          accessType: 'CONFIDENTIAL',
          clientSecret,
        }),
    ],
    [
      "a client's further settings",
      (stack, secret) =>
        new bindings.openidClient.OpenidClient(stack, 'x', {
          realmId,
          clientId: 'a',
          accessType: 'CONFIDENTIAL',
          extraConfig: { 'client.secret': secret },
        }),
    ],
    [
      'a client by an override',
      (stack, secret) =>
        new bindings.openidClient.OpenidClient(stack, 'x', {
          realmId,
          clientId: 'a',
          accessType: 'CONFIDENTIAL',
        }).addOverride('client_secret', secret),
    ],
    [
      'an identity provider',
      (stack, clientSecret) =>
        new bindings.oidcGoogleIdentityProvider.OidcGoogleIdentityProvider(stack, 'x', {
          realm: realmId,
          clientId: 'a',
          clientSecret,
        }),
    ],
    [
      'a mail server',
      (stack, password) =>
        new bindings.realm.Realm(stack, 'x', {
          realm: realmId,
          smtpServer: { host: 'mail.example.com', from: 'a@example.com', auth: { username: 'a', password } },
        }),
    ],
    [
      'a federation of LDAP',
      (stack, bindCredential) =>
        new bindings.ldapUserFederation.LdapUserFederation(stack, 'x', {
          realmId,
          name: 'ldap',
          connectionUrl: 'ldaps://ldap.example.com',
          usernameLdapAttribute: 'uid',
          rdnLdapAttribute: 'uid',
          uuidLdapAttribute: 'entryUUID',
          userObjectClasses: ['person'],
          usersDn: 'ou=people',
          bindDn: 'cn=admin',
          bindCredential,
        }),
    ],
    [
      'a federation of one’s own',
      (stack, bindCredential) =>
        new bindings.customUserFederation.CustomUserFederation(stack, 'x', {
          realmId,
          name: 'ldap',
          providerId: 'ldap',
          config: { bindCredential },
        }),
    ],
    [
      'a user',
      (stack, value) =>
        new bindings.user.User(stack, 'x', { realmId, username: 'bob', initialPassword: { value, temporary: true } }),
    ],
    [
      'a key store',
      (stack, password) =>
        new bindings.realmKeystoreJavaKeystore.RealmKeystoreJavaKeystore(stack, 'x', {
          realmId,
          name: 'a',
          keystore: '/a.jks',
          keystorePassword: password,
          keyAlias: 'a',
          keyPassword: password,
        }),
    ],
    [
      'an authenticator',
      (stack, secret) =>
        new bindings.authenticationExecutionConfig.AuthenticationExecutionConfigA(stack, 'x', {
          realmId,
          executionId: 'a',
          alias: 'a',
          config: { 'secret.key': secret },
        }),
    ],
  ])('is refused as a text and taken from a variable: %s', (_what, add) => {
    const stack = testStack();
    add(stack, SECRET);
    expect(failure(stack)).toMatch(/test\/x: .* \(not shown\): a secret that is written out/);
    expect(failure(stack)).not.toContain(SECRET);
    const sound = testStack();
    add(sound, variable(sound));
    expect(synthesized(sound)).toContain('${var.secret}');
  });

  test('is refused as a private key, whatever the argument is called', () => {
    const stack = testStack();
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n-----END RSA PRIVATE KEY-----`;
    new bindings.samlClient.SamlClient(stack, 'x', { realmId, clientId: 'a', extraConfig: { note: key } });
    expect(failure(stack)).toMatch(/test\/x: extra_config\.note \(not shown\)/);
  });

  test('is taken from another resource', () => {
    const { stack, realm } = realmStack();
    const client = new bindings.openidClient.OpenidClient(stack, 'a', {
      realmId: realm.realmId,
      clientId: 'a',
      accessType: 'CONFIDENTIAL',
    });
    new bindings.oidcGoogleIdentityProvider.OidcGoogleIdentityProvider(stack, 'x', {
      realm: realm.realmId,
      clientId: 'a',
      clientSecret: client.clientSecret,
    });
    expect(failure(stack)).toBe('');
  });
});
