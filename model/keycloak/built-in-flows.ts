import type { AuthenticatorConfig, Execution, Flow, FlowProvider, Requirement } from '../realm-model';

/**
 * The flows of a new realm of Keycloak 26.7.4.
 *
 * Source: `DefaultAuthenticationFlows`; compared with the export of a new realm by a live test.
 */
export function builtInFlows(): Flow[] {
  return [
    topLevel('browser', 'Browser based authentication', [
      step(10, 'ALTERNATIVE', 'auth-cookie'),
      step(20, 'DISABLED', 'auth-spnego'),
      step(25, 'ALTERNATIVE', 'identity-provider-redirector'),
      subflow(26, 'ALTERNATIVE', 'Organization', undefined, [
        subflow(
          10,
          'CONDITIONAL',
          'Browser - Conditional Organization',
          'Flow to determine if the organization identity-first login is to be used',
          [step(10, 'REQUIRED', 'conditional-user-configured'), step(20, 'ALTERNATIVE', 'organization')],
        ),
      ]),
      subflow(30, 'ALTERNATIVE', 'forms', 'Username, password, otp and other auth forms.', [
        step(10, 'REQUIRED', 'auth-username-password-form'),
        subflow(
          20,
          'CONDITIONAL',
          'Browser - Conditional 2FA',
          'Flow to determine if any 2FA is required for the authentication',
          secondFactor('browser-conditional-credential'),
        ),
      ]),
    ]),
    topLevel(
      'clients',
      'Base authentication for clients',
      ['client-secret', 'client-jwt', 'client-secret-jwt', 'client-x509', 'federated-jwt'].map((authenticator, index) =>
        step(10 * (index + 1), 'ALTERNATIVE', authenticator),
      ),
      'client-flow',
    ),
    topLevel('direct grant', 'OpenID Connect Resource Owner Grant', [
      step(10, 'REQUIRED', 'direct-grant-validate-username'),
      step(20, 'REQUIRED', 'direct-grant-validate-password'),
      subflow(
        30,
        'CONDITIONAL',
        'Direct Grant - Conditional OTP',
        'Flow to determine if the OTP is required for the authentication',
        [step(10, 'REQUIRED', 'conditional-user-configured'), step(20, 'REQUIRED', 'direct-grant-validate-otp')],
      ),
    ]),
    topLevel('docker auth', 'Used by Docker clients to authenticate against the IDP', [
      step(10, 'REQUIRED', 'docker-http-basic-authenticator'),
    ]),
    topLevel(
      'first broker login',
      'Actions taken after first broker login with identity provider account, which is not yet linked to any Keycloak account',
      firstBrokerLogin(),
    ),
    topLevel('registration', 'Registration flow', [
      subflow(
        10,
        'REQUIRED',
        'registration form',
        'Registration form',
        [
          step(20, 'REQUIRED', 'registration-user-creation'),
          step(50, 'REQUIRED', 'registration-password-action'),
          step(60, 'DISABLED', 'registration-recaptcha-action'),
          step(70, 'DISABLED', 'registration-terms-and-conditions'),
        ],
        'form-flow',
      ),
    ]),
    topLevel('reset credentials', 'Reset credentials for a user if they forgot their password or something', [
      step(10, 'REQUIRED', 'reset-credentials-choose-user'),
      step(20, 'REQUIRED', 'reset-credential-email'),
      step(30, 'REQUIRED', 'reset-password'),
      subflow(
        40,
        'CONDITIONAL',
        'Reset - Conditional OTP',
        'Flow to determine if the OTP should be reset or not. Set to REQUIRED to force.',
        [step(10, 'REQUIRED', 'conditional-user-configured'), step(20, 'REQUIRED', 'reset-otp')],
      ),
    ]),
    topLevel('saml ecp', 'SAML ECP Profile Authentication Flow', [step(10, 'REQUIRED', 'http-basic-authenticator')]),
  ];
}

function firstBrokerLogin(): Step[] {
  return [
    step(10, 'REQUIRED', 'idp-review-profile', {
      alias: 'review profile config',
      values: { 'update.profile.on.first.login': 'missing' },
    }),
    subflow(20, 'REQUIRED', 'User creation or linking', 'Flow for the existing/non-existing user alternatives', [
      step(10, 'ALTERNATIVE', 'idp-create-user-if-unique', {
        alias: 'create unique user config',
        values: { 'require.password.update.after.registration': 'false' },
      }),
      subflow(
        20,
        'ALTERNATIVE',
        'Handle Existing Account',
        'Handle what to do if there is existing account with same email/username like authenticated identity provider',
        [
          step(10, 'REQUIRED', 'idp-confirm-link'),
          subflow(20, 'REQUIRED', 'Account verification options', 'Method with which to verify the existing account', [
            step(10, 'ALTERNATIVE', 'idp-email-verification'),
            subflow(
              20,
              'ALTERNATIVE',
              'Verify Existing Account by Re-authentication',
              'Reauthentication of existing account',
              [
                step(10, 'REQUIRED', 'idp-username-password-form'),
                subflow(
                  20,
                  'CONDITIONAL',
                  'First broker login - Conditional 2FA',
                  'Flow to determine if any 2FA is required for the authentication',
                  secondFactor('first-broker-login-conditional-credential'),
                ),
              ],
            ),
          ]),
        ],
      ),
    ]),
    subflow(
      60,
      'CONDITIONAL',
      'First Broker Login - Conditional Organization',
      'Flow to determine if the authenticator that adds organization members is to be used',
      [step(10, 'REQUIRED', 'conditional-user-configured'), step(20, 'REQUIRED', 'idp-add-organization-member')],
    ),
  ];
}

function secondFactor(configAlias: string): Step[] {
  return [
    step(10, 'REQUIRED', 'conditional-user-configured'),
    step(20, 'REQUIRED', 'conditional-credential', {
      alias: configAlias,
      values: { credentials: 'webauthn-passwordless' },
    }),
    step(30, 'ALTERNATIVE', 'auth-otp-form'),
    step(40, 'DISABLED', 'webauthn-authenticator'),
    step(50, 'DISABLED', 'auth-recovery-authn-code-form'),
  ];
}

/** An execution whose id is made once its place is known. */
type Step = (parent: string) => Execution;

function topLevel(alias: string, description: string, steps: Step[], provider: FlowProvider = 'basic-flow'): Flow {
  return { alias, description, provider, builtIn: true, executions: steps.map((make) => make(alias)) };
}

function step(priority: number, requirement: Requirement, authenticator: string, config?: AuthenticatorConfig): Step {
  return (parent) => ({
    kind: 'authenticator',
    id: `${parent}/${authenticator}`,
    priority,
    requirement,
    authenticator,
    ...(config && { config }),
  });
}

function subflow(
  priority: number,
  requirement: Requirement,
  alias: string,
  description: string | undefined,
  steps: Step[],
  provider: FlowProvider = 'basic-flow',
): Step {
  return (parent) => ({
    kind: 'subflow',
    id: `${parent}/${alias}`,
    priority,
    requirement,
    flow: {
      alias,
      ...(description !== undefined && { description }),
      provider,
      builtIn: true,
      executions: steps.map((make) => make(alias)),
    },
  });
}
