import { Testing } from 'cdktf';
import { bindings, Factor, StepUpChecks, StepUpFlow, StepUpRealm, type StepUpRealmProps } from '../../lib';
import { level, type Resource, resourceOf, resourcesOf, testStack } from '../support/stack';

const MAIL = { host: 'mail.example.com', from: 'login@example.com' };

function selfServiceStack(props: Partial<StepUpRealmProps>, unenrolled: 'deny' | 'enrol' = 'deny') {
  const stack = testStack();
  const levels = [level(stack, { acr: 'silver', loa: 1 }), level(stack, { acr: 'gold', loa: 2, unenrolled })];
  const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels, ...props });
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
  return { stack, realm };
}

/** Authenticators of the flow whose alias begins with `name`, in order, those of its subflows behind them. */
function authenticatorsOf(stack: ReturnType<typeof testStack>, name: string): string[] {
  const of = (type: string) =>
    Object.entries(resourcesOf(stack, type))
      .filter(([id]) => id.includes(name))
      .map(([, resource]) => resource)
      .sort((one: Resource, other: Resource) => one.priority - other.priority)
      .map((resource: Resource) => resource.authenticator ?? 'subflow');
  return [...of('keycloak_authentication_execution'), ...of('keycloak_authentication_subflow')];
}

describe('Password reset', () => {
  test('is off, and the built-in flow bound, where nothing is said', () => {
    const { stack } = selfServiceStack({});
    expect(resourceOf(stack, 'keycloak_realm').reset_password_allowed).toBe(false);
    expect(resourceOf(stack, 'keycloak_authentication_bindings').reset_credentials_flow).toBe('reset credentials');
  });

  test('has a flow of its own that ends without a login and resets no second factor', () => {
    const { stack, realm } = selfServiceStack({ passwordReset: true });
    realm.resource.putSmtpServer(MAIL);
    expect(resourceOf(stack, 'keycloak_realm')).toMatchObject({ reset_password_allowed: true });
    expect(resourceOf(stack, 'keycloak_authentication_bindings').reset_credentials_flow).toMatch(
      /PasswordReset.*alias/,
    );
    expect(authenticatorsOf(stack, 'PasswordReset')).toEqual([
      'reset-credentials-choose-user',
      'reset-credential-email',
      'reset-password',
    ]);
    const configs = Object.values(resourcesOf(stack, 'keycloak_authentication_execution_config'));
    expect(configs.map(({ config }) => config)).toContainEqual({ 'force-login': 'true' });
  });

  test('asks owners of what users can enrol for it, before the password is set', () => {
    const { stack, realm } = selfServiceStack({ passwordReset: true }, 'enrol');
    realm.resource.putSmtpServer(MAIL);
    const authenticators = authenticatorsOf(stack, 'PasswordReset');
    expect(authenticators).toEqual(expect.arrayContaining(['conditional-user-configured', 'auth-otp-form']));
  });

  test('refuses a client that requires consent, after which Keycloak gives a code all the same', () => {
    const { stack, realm } = selfServiceStack({ passwordReset: true });
    realm.resource.putSmtpServer(MAIL);
    expect(() => Testing.synth(stack, true)).not.toThrow();
    new bindings.openidClient.OpenidClient(stack, 'asking', {
      realmId: realm.realmId,
      clientId: 'asking',
      accessType: 'PUBLIC',
      consentRequired: true,
    });
    expect(() => Testing.synth(stack, true)).toThrow(/passwordReset beside test\/asking, which requires consent/);
  });

  test('does not count as a flow in which users log in and enrol', () => {
    const { stack, realm } = selfServiceStack({ passwordReset: true, selfRegistration: 'form' }, 'enrol');
    realm.resource.putSmtpServer(MAIL);
    expect(() => Testing.synth(stack, true)).not.toThrow();
  });

  test('is refused where a mailbox would stand for a password on top of something else', () => {
    const stack = testStack();
    const levels = [
      level(stack, { acr: 'low', loa: 2, provedBy: Factor.usernameThenPasskey() }),
      level(stack, { acr: 'high', loa: 3, provedBy: Factor.allOf(Factor.passkey(), Factor.password()) }),
    ];
    expect(() => new StepUpRealm(stack, 'realm', { name: 'acme', levels, passwordReset: true })).toThrow(
      /^test\/realm: passwordReset: true: a password is among the proofs of "high" and "low" does without/,
    );
  });

  test('is refused for a Keycloak that does not know force-login', () => {
    const { stack, realm } = selfServiceStack({ passwordReset: true, keycloakVersion: '26.0.8' });
    realm.resource.putSmtpServer(MAIL);
    expect(() => Testing.synth(stack, true)).toThrow(/PasswordReset.*force-login .* needs Keycloak 26\.1\.1/);
  });

  test('needs a mail server', () => {
    const { stack } = selfServiceStack({ passwordReset: true });
    expect(() => Testing.synth(stack, true)).toThrow(
      /\[test\/realm\] passwordReset without a mail server: .*putSmtpServer/,
    );
  });
});

describe('Self-registration', () => {
  test.each([
    ['form', ['registration-user-creation', 'registration-password-action', 'deny-access-authenticator']],
    ['mail', ['registration-user-creation', 'reset-credential-email']],
  ] as const)('%s: has a flow of its own that ends without a login', (selfRegistration, executions) => {
    const { stack, realm } = selfServiceStack({ passwordReset: true, selfRegistration });
    realm.resource.putSmtpServer(MAIL);
    expect(resourceOf(stack, 'keycloak_realm').registration_allowed).toBe(true);
    const bound = resourceOf(stack, 'keycloak_authentication_bindings').registration_flow;
    expect(bound).toMatch(/SelfRegistration.*alias/);
    const found = authenticatorsOf(stack, 'SelfRegistration');
    expect(found).toEqual(expect.arrayContaining([...executions, 'registration-page-form']));
    expect(found).toHaveLength(executions.length + 1);
  });

  test('by mail needs the password reset', () => {
    expect(() => selfServiceStack({ selfRegistration: 'mail' })).toThrow(
      /^test\/realm: selfRegistration 'mail' without passwordReset: /,
    );
    expect(() => selfServiceStack({ selfRegistration: true as never })).toThrow(
      /^test\/realm: selfRegistration true: /,
    );
  });
});

describe('The escape hatch', () => {
  test.each([
    [
      ({ resource }: StepUpRealm) => {
        resource.resetPasswordAllowed = true;
      },
      /\[test\/realm\] resetPasswordAllowed true: .*passwordReset: true/,
    ],
    [
      ({ resource }: StepUpRealm) => resource.addOverride('reset_password_allowed', true),
      /resetPasswordAllowed true: .*passwordReset: true/,
    ],
    [
      ({ resource }: StepUpRealm) => {
        resource.registrationAllowed = true;
      },
      /\[test\/realm\] registrationAllowed true: .*selfRegistration: 'form' or 'mail'/,
    ],
    [
      ({ resource }: StepUpRealm) => {
        resource.resetCredentialsFlow = 'reset credentials';
      },
      /\[test\/realm\] reset_credentials_flow "reset credentials" of the realm's resource: .*overwrite each other/,
    ],
  ])('is refused where it opens a door: %#', (open, message) => {
    const { stack, realm } = selfServiceStack({});
    open(realm);
    expect(() => Testing.synth(stack, true)).toThrow(message);
  });

  test('adds attributes of the realm, and does not lose the acr map', () => {
    const { stack, realm } = selfServiceStack({});
    realm.resource.attributes = { ...realm.resource.attributesInput, frontendUrl: 'https://login.example.com' };
    expect(() => Testing.synth(stack, true)).not.toThrow();
    realm.resource.attributes = { frontendUrl: 'https://login.example.com' };
    expect(() => Testing.synth(stack, true)).toThrow(
      /\[test\/realm\] attribute "acr\.loa\.map" undefined, not \{"silver":1,"gold":2\}: .*attributesInput/,
    );
  });

  test('that binds a flow beside the realm is refused', () => {
    const { stack, realm } = selfServiceStack({});
    new bindings.authenticationBindings.AuthenticationBindings(stack, 'mine', {
      realmId: realm.realmId,
      resetCredentialsFlow: 'reset credentials',
    });
    expect(() => Testing.synth(stack, true)).toThrow(/a second AuthenticationBindings, test\/mine/);
  });
});

test.each(['form', 'mail'] as const)('A realm with both is sound by the checks: %s', (selfRegistration) => {
  const { stack, realm } = selfServiceStack({ passwordReset: true, selfRegistration });
  realm.resource.putSmtpServer(MAIL);
  StepUpChecks.applyTo(stack);
  expect(() => Testing.synth(stack, true)).not.toThrow();
  const warnings = stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === '@cdktf/warn'));
  expect(warnings).toEqual([]);
});
