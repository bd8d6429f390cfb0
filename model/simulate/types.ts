import type { CredentialType } from '../keycloak/authenticators';
import type { RuleId } from './rules';

/** Something that a login can ask its user to show. */
export type Proof =
  | 'username'
  | CredentialType
  | 'kerberos'
  /** The link of a mail to the account's address. */
  | 'email'
  /** A client certificate that Keycloak maps to the account. */
  | 'certificate'
  /** A client certificate of whoever is at the browser, which Keycloak maps to the account because that was made to fit it. */
  | 'own-certificate'
  /** The answers of a registration form: an account of one's own. */
  | 'registration'
  /** The secret of the client. */
  | 'client-secret'
  /** What the authentication channel of CIBA asks for on the user's device; Keycloak takes its word. */
  | 'authentication-device'
  /** A login at the identity provider as the identity that is linked to the account. */
  | `identity-provider:${string}`
  /** A login at the identity provider as anybody else, who there has whatever name and address that provider lets them have. */
  | `identity-provider-account:${string}`
  /** Whatever a step asks for that is none of Keycloak's, by its authenticator. */
  | `step:${string}`;

/** The account that a login is for. */
export interface SimulatedUser {
  /** Types of the stored credentials, in the order of the user's preference: Keycloak offers them in this order. */
  readonly credentials: readonly CredentialType[];
  /** Effective roles: `role` of the realm, `client.role` of a client. */
  readonly roles?: readonly string[];
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  /** Attributes that come from groups. */
  readonly groupAttributes?: Readonly<Record<string, readonly string[]>>;
  /** Scopes that the user has consented to, by client. */
  readonly consents?: Readonly<Record<string, readonly string[]>>;
  /** Aliases of required actions that are set on the user. */
  readonly requiredActions?: readonly string[];
  /** Whether the account's e-mail address has been changed to one of whoever is at the browser. @default false */
  readonly emailMoved?: boolean;
  /** Whether the account's user name has been changed to one that whoever is at the browser chose. @default false */
  readonly usernameMoved?: boolean;
  /** Identity providers that the user has linked to an identity of whoever is at the browser. @default none */
  readonly linked?: readonly string[];
  /** Whether the account has been deleted. @default false */
  readonly deleted?: boolean;
}

/** An authorization or token request. */
export interface LoginRequest {
  readonly clientId: string;
  /** @default 'code' */
  readonly grant?:
    | 'code'
    | 'password'
    | 'device'
    | 'ciba'
    | 'client-credentials'
    | 'token-exchange'
    | 'jwt-authorization'
    /** A SAML client's request without a browser (Enhanced Client or Proxy). */
    | 'saml-ecp';
  /**
   * By which door the browser comes to its code: the login itself, "Forgot password?", "Register", or the login of an identity
   * provider (`broker`, which then names it).
   * @default 'login'
   */
  readonly door?: 'login' | 'reset' | 'registration' | 'broker';
  /**
   * Whether the door `reset` or `broker` is gone through in the middle of the login: its own flow comes first, up to the page that
   * the person goes away from (`{ stop: true }`) or to its error page. What that has proved stays.
   * @default false
   */
  readonly midway?: boolean;
  /** Alias of the identity provider of the door `broker`. */
  readonly broker?: string;
  /**
   * Whether the login was begun anew ("Restart login", the cookie of the login lost, or the login timed out): Keycloak then goes on
   * without what client policies had chosen.
   */
  readonly restarted?: boolean;
  /** Parameter `acr_values`; of a SAML client the classes of its RequestedAuthnContext. */
  readonly acrValues?: readonly string[];
  /** How a SAML client wants its classes compared with the login's. @default 'exact' */
  readonly comparison?: 'exact' | 'minimum' | 'maximum' | 'better';
  /** Whether a SAML login is begun at Keycloak (`saml_idp_initiated_sso_url_name`), with no request of the client. */
  readonly initiatedByProvider?: boolean;
  /** What the parameter `claims` asks of the ID token's acr (OIDC core, section 5.5). */
  readonly acrClaim?: {
    readonly essential?: boolean;
    readonly values: readonly string[];
    /** A single value beside them, which decides nothing but what `oidc-claims-param-value-idtoken-mapper` writes. @default none */
    readonly value?: string;
  };
  /** Parameter `scope`. @default ['openid'] */
  readonly scope?: readonly string[];
  readonly prompt?: readonly ('none' | 'login' | 'consent')[];
  /** Parameter `max_age`, in seconds. */
  readonly maxAge?: number;
  /**
   * Parameter `kc_action`: a required action that the user starts. Accounts have no credential ids here, so
   * `delete_credential:otp` stands for the deletion of a credential of that type.
   */
  readonly action?: string;
  /** Parameter `kc_idp_hint`. */
  readonly identityProviderHint?: string;
  /** Request headers by name. A browser sends more; patterns are held against these only. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Header patterns of `auth-conditional-otp-form` that some header matches, whatever {@link headers} says. */
  readonly matchedHeaderPatterns?: readonly string[];
}

/** The single sign-on session of the browser. Times are in seconds, on the clock of {@link SimulationOptions.now}. */
export interface Session {
  /** When the session began. */
  readonly started: number;
  /** Last authentication that wasn't by the cookie alone. */
  readonly authTime: number;
  /** Levels that were proven in this session, by when; undefined if no level ever was (session note `loa-map`). */
  readonly levels?: Readonly<Record<number, number>>;
  /** What the session remembers of each client. */
  readonly clients: Readonly<Record<string, ClientSession>>;
}

/** A client's part of a session: what its refresh tokens are worth. */
export interface ClientSession {
  /** Level of the client's last login; -1 for none. */
  readonly loa: number;
  /** Whether that login was by the cookie alone. */
  readonly sso: boolean;
  /** The last `acr_values` and `claims` that the client sent: the acr of later tokens is chosen by them. */
  readonly acrValues?: readonly string[];
  readonly acrClaim?: LoginRequest['acrClaim'];
}

/** A page that waits for the person at the browser. */
export type Page = FormPage | ActionPage | ConsentPage;

export interface FormPage {
  readonly kind: 'form';
  /** The execution that asks. */
  readonly execution: string;
  readonly authenticator: string;
  /** Sets of proofs; any one of them is an answer. An empty set is an answer without a proof. */
  readonly accepts: readonly (readonly Proof[])[];
  /** Executions that the user can choose instead ("try another way"), this one included. */
  readonly choices: readonly { readonly execution: string; readonly authenticator: string }[];
}

/** A required action: its alias, and the credential that it enrols or deletes, if any. */
export interface ActionPage {
  readonly kind: 'action';
  readonly action: string;
  readonly enrols?: CredentialType;
  /** The type of the credential that it deletes. */
  readonly deletes?: CredentialType;
  /** Whether the user may leave it undone because they started it (`kc_action`). */
  readonly optional: boolean;
  /**
   * What the person may change by it, the first being nothing: `{ give: index }` chooses one.
   * @default there is no choice
   */
  readonly changes?: readonly ProfileChange[];
  /** What the action itself asks to be shown, such as the link of a mail. @default nothing */
  readonly needs?: readonly Proof[];
}

/** A change of the account that a required action lets its user make. */
export type ProfileChange =
  | { readonly kind: 'none' }
  /** The e-mail address becomes one of whoever is at the browser. */
  | { readonly kind: 'email' }
  /** The user name becomes one that whoever is at the browser chooses. */
  | { readonly kind: 'username' }
  /** An attribute, `email` included: it gets that value, or is emptied if the value is ''. */
  | { readonly kind: 'attribute'; readonly name: string; readonly value: string }
  /** The account is linked to an identity of whoever is at the browser. */
  | { readonly kind: 'link'; readonly provider: string }
  /** The account is gone. */
  | { readonly kind: 'delete-account' };

export interface ConsentPage {
  readonly kind: 'consent';
}

/** What the person does on a page. */
export type Answer =
  /** Gives the proofs of `accepts[set]`, does the action, or consents. */
  | { readonly give: number }
  /** Gives a wrong proof. */
  | { readonly wrong: true }
  /** Chooses another way. */
  | { readonly choose: string }
  /** Leaves an optional action undone. */
  | { readonly cancel: true }
  /** Goes away. */
  | { readonly stop: true };

/** The person at the browser, who need not be the account's owner. */
export type Actor = (page: Page) => Answer;

/** One thing that was asked, and what was answered. */
export interface Asked {
  readonly page: Page;
  readonly answer: Answer;
}

export type Outcome =
  /** Tokens were issued. */
  | {
      readonly kind: 'granted';
      readonly loa: number;
      /** The highest of {@link acrs}. */
      readonly acr: string | undefined;
      readonly sso: boolean;
      /**
       * Values that the acr may have in the access or the ID token, the highest first; undefined stands for a token without it.
       * @default {@link acr} alone, in both
       */
      readonly acrs?: readonly (string | undefined)[];
      /** Why the acr may be another one, if that can't be told. */
      readonly acrUnknown?: string;
    }
  /** An error page or error response. `status` is that of the page; `error` the OAuth error code. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: RefusalReason; readonly error?: string }
  /** A page that says what was done to the account ends the login; no tokens. */
  | { readonly kind: 'done' }
  /** The person went away at the last page asked. */
  | { readonly kind: 'abandoned' }
  /** The model doesn't say enough. */
  | { readonly kind: 'cannot-tell'; readonly because: string };

export type RefusalReason =
  /** No step of the flow is left that could identify or prove the user. */
  | 'flow-failed'
  /** The essential acr wasn't reached. */
  | 'acr-not-fulfilled'
  /** The essential acr is unknown or below the client's minimum. */
  | 'invalid-claims'
  /** `deny-access-authenticator`. */
  | 'access-denied'
  /** The server failed on the configuration. */
  | 'unexpected-error'
  /** A client policy names a flow that doesn't exist. */
  | 'missing-flow'
  /** A client policy rejects the request. */
  | 'policy-rejected'
  /** `prompt=none`, and something would have been asked. */
  | 'interaction-needed'
  /** The client may not do this. */
  | 'client-not-allowed'
  /** The client has not one of the scopes that it asks for. */
  | 'invalid-scope'
  /** Wrong credentials in a password grant. */
  | 'invalid-credentials'
  /** Required actions are due, which the password grant can't show. */
  | 'account-not-set-up'
  /** The realm has switched off what the door needs. */
  | 'door-closed'
  /** A required action refuses to do what it is for. */
  | 'action-refused'
  /** The browser has the session of another account. */
  | 'different-user'
  /** The user has not consented to what the client asks for, and can't be asked. */
  | 'consent-missing'
  /** There is no token of the user that could be exchanged. */
  | 'no-subject-token'
  /** An account has the name or the address already. */
  | 'account-exists'
  /** There is no account for that, or it is gone. */
  | 'no-account';

export interface LoginResult {
  /** Pages in order. */
  readonly asked: readonly Asked[];
  readonly outcome: Outcome;
  /** The browser's session afterwards. */
  readonly session: Session | undefined;
  /** The account afterwards: credentials may have been enrolled. */
  readonly user: SimulatedUser;
  /**
   * Whose account {@link user} is, if not the one that the login was for: one that it has made, or the client's own.
   * @default the one that it was for
   */
  readonly account?: 'new' | 'service';
  /** The rules that decided, in order. */
  readonly trace: readonly TraceEntry[];
  /** What the result takes for granted because the model can't say it. */
  readonly assumptions: readonly string[];
}

export interface TraceEntry {
  readonly rule: RuleId;
  /** The execution, flow or client that the rule was about. */
  readonly at?: string;
  readonly detail?: string;
}

export interface SimulationOptions {
  /** Seconds since the epoch. @default 0 if there is no session, else the time the session began */
  readonly now?: number;
  /** @default an honest owner: gives what the account has, does what is due, goes away when asked for more */
  readonly actor?: Actor;
}
