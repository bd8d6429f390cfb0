import type { ExecutionConfig } from '../flow/flow-node';
import type { Problem } from '../support/configuration-error';

/**
 * The required action that enrols a factor. A level that takes another factor takes what users enrolled of it before: see
 * docs/changing-a-factor.md. Source: Server Administration Guide, "Defining actions required at login".
 */
export interface Enrolment {
  /** Alias of the required action: `CONFIGURE_TOTP`. */
  readonly action: string;
  /** Its name as Keycloak shows it in the admin console. */
  readonly displayName: string;
  /** Its place among the realm's required actions, as Keycloak 26 ships it. */
  readonly priority: number;
}

/** One execution of a factor, in the order in which Keycloak runs them. */
export interface FactorStep {
  /** Provider id of the authenticator: `auth-otp-form`. */
  readonly authenticator: string;
  /** @default no config */
  readonly config?: ExecutionConfig;
}

/** One way to prove who is logging in. */
export interface SingleFactor {
  readonly kind: 'single';
  /** Short name, part of flow aliases: `otp`. */
  readonly name: string;
  /** The executions; the last one verifies the proof. */
  readonly steps: readonly FactorStep[];
  /** Type of the credential that it verifies, as the condition `conditional-credential` names it: `otp`. */
  readonly credentialType: string;
  /** Whether it also finds out who the user is, so that it can start a login. */
  readonly identifiesUser: boolean;
  /** Value that it adds to the claim `amr`. Source: RFC 8176, section 2, where that names one. */
  readonly amr: string;
  /** How users set the credential up themselves. @default they don't: it is issued to them */
  readonly enrolment?: Enrolment;
  /** Whether a login can come past it without the proof, by something that it leaves out. @default false */
  readonly skippable?: boolean;
  /** How the account is found that a certificate belongs to. @default it is no certificate */
  readonly owner?: CertificateOwner;
  /** What is wrong with it, which the level that takes it says. @default nothing */
  readonly problem?: Problem;
}

/**
 * What of an account a certificate names: its user name, or a user attribute. Who may write that into an account can log in to it with
 * their own certificate, so the realm must keep it from its users.
 */
export type CertificateOwner = { readonly by: 'username' } | { readonly by: 'attribute'; readonly attribute: string };

/** Several factors, of which one or all must be proved. */
export interface CompositeFactor {
  readonly kind: 'anyOf' | 'allOf';
  /** Names of the parts, joined. */
  readonly name: string;
  /** The parts, in the order in which Keycloak offers or asks for them. */
  readonly factors: readonly Factor[];
}

/** How a level is proved. */
export type Factor = SingleFactor | CompositeFactor;

/** How a user is found by a client certificate. Source: Server Administration Guide, "X.509 client certificate user authentication". */
export interface X509Options {
  /**
   * The part of the certificate that names the user, as Keycloak's `mapping-source-selection` has it.
   * @default "Subject's Common Name"
   */
  readonly identitySource?:
    | "Subject's Common Name"
    | "Subject's e-mail"
    | "Subject's Alternative Name E-mail"
    | "Subject's Alternative Name otherName (UPN)"
    | 'SHA-256 Thumbprint'
    | 'Certificate Serial Number and IssuerDN';
  /**
   * What that part is compared with: the user attribute of this name, or the user name. An attribute must be in a
   * `RealmUserProfile` of the realm, and users must not be able to edit it.
   * @default the user name; the realm then has no login by e-mail address, which users can edit
   */
  readonly userAttribute?: string;
  /**
   * How a revoked certificate is found out. `none` trusts every certificate until it expires.
   * @default 'none', because lists and responders differ by CA
   */
  readonly revocation?: 'ocsp' | 'crl-distribution-point' | 'none';
}

function single(
  name: string,
  authenticators: readonly string[],
  rest: Pick<SingleFactor, 'credentialType' | 'amr'> & Partial<SingleFactor>,
): SingleFactor {
  return {
    kind: 'single',
    name,
    steps: authenticators.map((authenticator) => ({ authenticator })),
    identifiesUser: false,
    ...rest,
  };
}

function composite(kind: CompositeFactor['kind'], joint: string, factors: readonly Factor[]): CompositeFactor {
  return { kind, name: factors.map(({ name }) => name).join(joint), factors };
}

/**
 * The ways to prove a level.
 * Source: Server Administration Guide, "Authentication flows" and "WebAuthn and passkeys".
 */
export const Factor = {
  /** User name and password on one form (`auth-username-password-form`). */
  password(): SingleFactor {
    return single('password', ['auth-username-password-form'], {
      credentialType: 'password',
      amr: 'pwd',
      identifiesUser: true,
    });
  },

  /** The user name on one form, the password on the next (`auth-username-form`, `auth-password-form`). */
  usernameThenPassword(): SingleFactor {
    return single('username-password', ['auth-username-form', 'auth-password-form'], {
      credentialType: 'password',
      amr: 'pwd',
      identifiesUser: true,
    });
  },

  /** A one-time password of the user's device (`auth-otp-form`): TOTP or HOTP, by the realm's OTP policy. */
  otp(): SingleFactor {
    return single('otp', ['auth-otp-form'], {
      credentialType: 'otp',
      amr: 'otp',
      enrolment: { action: 'CONFIGURE_TOTP', displayName: 'Configure OTP', priority: 54 },
    });
  },

  /** One of the recovery codes that the user wrote down; each works once (`auth-recovery-authn-code-form`). */
  recoveryCode(): SingleFactor {
    return single('recovery-code', ['auth-recovery-authn-code-form'], {
      credentialType: 'recovery-authn-codes',
      amr: 'recovery-code',
      enrolment: {
        action: 'CONFIGURE_RECOVERY_AUTHN_CODES',
        displayName: 'Recovery Authentication Codes',
        priority: 130,
      },
    });
  },

  /** A security key or platform authenticator as second factor (`webauthn-authenticator`), by the realm's WebAuthn policy. */
  webAuthn(): SingleFactor {
    return single('webauthn', ['webauthn-authenticator'], {
      credentialType: 'webauthn',
      amr: 'hwk',
      enrolment: { action: 'webauthn-register', displayName: 'Webauthn Register', priority: 80 },
    });
  },

  /**
   * A passkey of a user who is known already (`webauthn-authenticator-passwordless`), by the realm's WebAuthn
   * passwordless policy. Keycloak offers to enrol it by its required action (`kc_action`) only, never on the way to a level:
   * a user who has none is refused there, whatever the level's `unenrolled` is.
   */
  passkey(): SingleFactor {
    return single('passkey', ['webauthn-authenticator-passwordless'], {
      credentialType: 'webauthn-passwordless',
      amr: 'hwk',
      enrolment: {
        action: 'webauthn-register-passwordless',
        displayName: 'Webauthn Register Passwordless',
        priority: 90,
      },
    });
  },

  /** The user name on a form, then a passkey, so that a login can start without a password. */
  usernameThenPasskey(): SingleFactor {
    const { steps, ...passkey } = Factor.passkey();
    return {
      ...passkey,
      name: 'username-passkey',
      steps: [{ authenticator: 'auth-username-form' }, ...steps],
      identifiesUser: true,
    };
  },

  /**
   * An X.509 client certificate (`auth-x509-client-username-form`). The server must ask for certificates
   * (`https-client-auth`) and trust their CA.
   *
   * Keycloak finds the account by "user name or e-mail" wherever logins by e-mail address are on. A stolen password can
   * write the address of the thief's own certificate into the account, so the realm has them off.
   */
  x509(options: X509Options = {}): SingleFactor {
    const { identitySource = "Subject's Common Name", userAttribute, revocation = 'none' } = options;
    return {
      ...single('x509', [], { credentialType: 'cert', amr: 'sc', identifiesUser: true }),
      owner: userAttribute === undefined ? { by: 'username' } : { by: 'attribute', attribute: userAttribute },
      steps: [
        {
          authenticator: 'auth-x509-client-username-form',
          config: {
            'x509-cert-auth.mapping-source-selection': identitySource,
            'x509-cert-auth.mapper-selection':
              userAttribute === undefined ? 'Username or Email' : 'Custom Attribute Mapper',
            ...(userAttribute !== undefined && {
              'x509-cert-auth.mapper-selection.user-attribute-name': userAttribute,
            }),
            'x509-cert-auth.timestamp-validation-enabled': 'true',
            'x509-cert-auth.ocsp-checking-enabled': String(revocation === 'ocsp'),
            'x509-cert-auth.ocsp-fail-open': 'false',
            'x509-cert-auth.crl-checking-enabled': String(revocation === 'crl-distribution-point'),
            'x509-cert-auth.crldp-checking-enabled': String(revocation === 'crl-distribution-point'),
            'x509-cert-auth.confirmation-page-disallowed': 'true',
          },
        },
      ],
    };
  },

  /** A Kerberos ticket (`auth-spnego`). The realm needs a user federation with Kerberos. */
  kerberos(): SingleFactor {
    return single('kerberos', ['auth-spnego'], { credentialType: 'kerberos', amr: 'wia', identifiesUser: true });
  },

  /** One of these, at the user's choice among those that the user owns. */
  anyOf(...factors: readonly [Factor, Factor, ...Factor[]]): CompositeFactor {
    return composite('anyOf', '-or-', factors);
  },

  /** All of these, one after the other. */
  allOf(...factors: readonly [Factor, Factor, ...Factor[]]): CompositeFactor {
    return composite('allOf', '-and-', factors);
  },
} as const;

/** The single factors of a factor, in order. */
export function singleFactors(factor: Factor): SingleFactor[] {
  return factor.kind === 'single' ? [factor] : factor.factors.flatMap(singleFactors);
}

/** Whether a login can start with the factor: whichever way it is proved, the user is known in the end. */
export function identifiesUser(factor: Factor): boolean {
  if (factor.kind === 'single') return factor.identifiesUser;
  const [first] = factor.factors;
  return factor.kind === 'anyOf' ? factor.factors.every(identifiesUser) : first !== undefined && identifiesUser(first);
}

/** Whether nobody comes past the factor without a proof, whichever way it is proved. */
export function isAlwaysProved(factor: Factor): boolean {
  if (factor.kind === 'single') return !factor.skippable;
  return factor.kind === 'anyOf' ? factor.factors.every(isAlwaysProved) : factor.factors.some(isAlwaysProved);
}
