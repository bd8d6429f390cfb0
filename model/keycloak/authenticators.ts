/** A credential type of Keycloak, as `CredentialModel.getType` names it. */
export type CredentialType = 'password' | 'otp' | 'webauthn' | 'webauthn-passwordless' | 'recovery-authn-codes';

/** What Keycloak's flow engine and this model need to know of an authenticator. */
export interface AuthenticatorTraits {
  /** Whether it is a condition: evaluated to decide on its CONDITIONAL subflow, never run as a step. */
  readonly condition?: true;
  /** Whether it fails where the flow hasn't identified the user yet (`Authenticator.requiresUser`). */
  readonly requiresUser?: true;
  /** The credential it checks, if it is a `CredentialValidator`: such steps are offered in the order of the user's credentials. */
  readonly validates?: CredentialType;
  /** The credential type that its factory names (`getReferenceCategory`): what a level is said to need. */
  readonly category?: CredentialType;
  /** Whether a user who lacks the credential may set it up in the login (`AuthenticatorFactory.isUserSetupAllowed`). */
  readonly setupAllowed?: true;
  /** The required action that sets it up, which must be enabled for that. */
  readonly enrolment?: string;
  /** Whether users are always, or never, configured for it; else it depends on {@link validates}. */
  readonly configured?: boolean;
}

/**
 * The authenticators of Keycloak 26.7.4 that a login of a user goes through.
 *
 * Source: the factories in `org.keycloak.authentication.authenticators`, and in each `requiresUser` and `configuredFor`.
 */
const AUTHENTICATORS: Readonly<Record<string, AuthenticatorTraits>> = {
  'auth-cookie': { configured: true },
  'auth-spnego': { configured: true },
  'identity-provider-redirector': { configured: true, setupAllowed: true },
  organization: {},
  'auth-username-form': { configured: true, category: 'password' },
  'auth-password-form': { requiresUser: true, validates: 'password', category: 'password' },
  'auth-username-password-form': { configured: true, category: 'password' },
  'auth-otp-form': {
    requiresUser: true,
    validates: 'otp',
    category: 'otp',
    setupAllowed: true,
    enrolment: 'CONFIGURE_TOTP',
  },
  'auth-conditional-otp-form': {
    requiresUser: true,
    validates: 'otp',
    category: 'otp',
    setupAllowed: true,
    enrolment: 'CONFIGURE_TOTP',
  },
  'webauthn-authenticator': {
    requiresUser: true,
    validates: 'webauthn',
    category: 'webauthn',
    setupAllowed: true,
    enrolment: 'webauthn-register',
  },
  'webauthn-authenticator-passwordless': {
    validates: 'webauthn-passwordless',
    category: 'webauthn-passwordless',
    enrolment: 'webauthn-register-passwordless',
  },
  'auth-recovery-authn-code-form': {
    requiresUser: true,
    validates: 'recovery-authn-codes',
    category: 'recovery-authn-codes',
    setupAllowed: true,
  },
  'auth-x509-client-username-form': { configured: true },
  'allow-access-authenticator': { configured: false },
  'deny-access-authenticator': { configured: false },
  'user-session-limits': { configured: true },
  'reset-credentials-choose-user': { configured: true },
  'reset-credential-email': { configured: true },
  'reset-password': { requiresUser: true, configured: true },
  'reset-otp': { requiresUser: true, validates: 'otp' },
  'registration-page-form': { configured: true },
  'idp-auto-link': { configured: false },
  'idp-confirm-link': { configured: false },
  'idp-confirm-override-link': { configured: false },
  'idp-create-user-if-unique': { configured: true },
  'idp-detect-existing-broker-user': { configured: true },
  'idp-email-verification': { configured: false },
  'idp-review-profile': { configured: true },
  'idp-username-password-form': { configured: true, category: 'password' },
  'idp-add-organization-member': { requiresUser: true },
  'http-basic-authenticator': { configured: false },
  'direct-grant-validate-username': { configured: true },
  'direct-grant-validate-password': { requiresUser: true, configured: true, category: 'password' },
  'direct-grant-validate-otp': { requiresUser: true, validates: 'otp', category: 'otp' },
  'conditional-level-of-authentication': { condition: true },
  'conditional-client-scope': { condition: true },
  'conditional-user-role': { condition: true },
  'conditional-user-attribute': { condition: true },
  'conditional-credential': { condition: true },
  'conditional-sub-flow-executed': { condition: true },
  'conditional-user-configured': { condition: true },
};

/** Authenticators that Keycloak ships and that this model doesn't follow: other flows than logins, and other protocols. */
const OTHERS: ReadonlySet<string> = new Set(['direct-grant-auth-x509-username', 'docker-http-basic-authenticator']);

/** A step of which nothing is known: whoever passes it goes on. */
const OPAQUE: AuthenticatorTraits = { configured: true };

/** Traits of an authenticator that this model follows; undefined for any other. */
export function traitsOf(authenticator: string): AuthenticatorTraits | undefined {
  if (isOpaqueStep(authenticator)) return OPAQUE;
  return Object.hasOwn(AUTHENTICATORS, authenticator) ? AUTHENTICATORS[authenticator] : undefined;
}

/**
 * Whether it is a step of somebody's own that asks for something which only its code knows. By its name it may be a condition instead,
 * which decides whether others run: of that nothing can be said.
 */
export function isOpaqueStep(authenticator: string): boolean {
  return !isBuiltInAuthenticator(authenticator) && !/condition/i.test(authenticator);
}

/** Whether Keycloak 26.7.4 ships the authenticator, followed here or not. */
export function isBuiltInAuthenticator(authenticator: string): boolean {
  return Object.hasOwn(AUTHENTICATORS, authenticator) || OTHERS.has(authenticator);
}

export function isCondition(authenticator: string): boolean {
  return traitsOf(authenticator)?.condition === true;
}

/** The required actions by which a user can enrol a credential, and what it is. */
export const ENROLMENTS: Readonly<Record<string, CredentialType>> = {
  CONFIGURE_TOTP: 'otp',
  'webauthn-register': 'webauthn',
  'webauthn-register-passwordless': 'webauthn-passwordless',
  CONFIGURE_RECOVERY_AUTHN_CODES: 'recovery-authn-codes',
};
