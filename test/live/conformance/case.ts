import type { Requirement } from '../../../model';

/** Logins of generated users to a generated configuration; plain data, kept as a regression if it disagrees. */
export interface ConformanceCase {
  /** Settings of the whole realm. */
  readonly realm: RealmSettings;
  readonly client: ClientSettings;
  /** Another client of the case; it shares the session. @default none */
  readonly second?: SecondClientSettings;
  /** The client's flow; the realm's own browser flow is the step-up flow of Keycloak's guide. */
  readonly flow: readonly TreeNode[];
  /** The client's flow for the password grant. @default Keycloak's own */
  readonly directGrant?: readonly TreeNode[];
  /** A SAML client of the case; it shares the session. @default none */
  readonly saml?: SamlClientSettings;
  /** A client with a secret, whose grants need no browser. @default none */
  readonly service?: ServiceSettings;
  /** In their order. @default none */
  readonly policies?: readonly PolicySettings[];
  readonly user: UserSettings;
  /** Somebody else who comes to the same browser. @default nobody */
  readonly other?: UserSettings;
  readonly logins: readonly LoginSettings[];
}

export interface RealmSettings {
  readonly acrMap: Readonly<Record<string, number>>;
  readonly otpEnrolment: boolean;
  /** `max_auth_age` of the required action that enrols an OTP. */
  readonly actionMaxAge?: string;
  /** The flow behind “Forgot password?”. @default there is none */
  readonly reset?: ResetFlow;
  /** Whether users may register. @default false */
  readonly registration?: boolean;
  /** The identity provider {@link PROVIDER}, another realm of the same server. @default there is none */
  readonly provider?: ProviderSettings;
  /** Whether organizations are on; then there is one, whose member nobody is. @default false */
  readonly organizations?: boolean;
  /** Whether the names of the acr map have {@link classOf classes} for SAML clients. @default false */
  readonly classes?: boolean;
}

export interface ProviderSettings {
  readonly firstLogin: FirstLoginFlow;
  /** @default there is none */
  readonly postLogin?: PostLoginFlow;
}

/**
 * What is done with an identity that is linked to no account.
 *
 * - `built-in`: Keycloak's own flow
 * - `auto-link`: an account is created, or the one of the same name linked
 * - `proved`: the same, after the account's password and OTP
 * - `unique`: an account is created if its name is free
 * - `detect`: only accounts that exist are linked
 * - `review`: the profile is looked at first
 */
export type FirstLoginFlow = 'built-in' | 'auto-link' | 'proved' | 'unique' | 'detect' | 'review';

/**
 * - `levels`: the levels of the guide's flow, the first of them for nothing
 * - `otp`: an OTP each time
 * - `configured`: an OTP where the account has one
 * - `denied`: nobody passes
 */
export type PostLoginFlow = 'levels' | 'otp' | 'configured' | 'denied';

/**
 * - `plain`: the user, a mail, a new password
 * - `force-login`: the same, and the user logs in anew
 * - `otp`: the same as `plain`, then the OTP is set anew
 * - `no-mail`: the user and a new password
 * - `level`: the same as `plain`, in a subflow of level 2
 */
export type ResetFlow = 'plain' | 'force-login' | 'otp' | 'no-mail' | 'level';

export interface ClientSettings {
  readonly acrMap?: Readonly<Record<string, number>>;
  readonly defaultAcr?: string;
  readonly minimumAcr?: string;
  readonly consent?: boolean;
  /** How it has the client scope `acr`. @default 'default' */
  readonly acrScope?: 'optional' | 'none';
  /** Another mapper that writes the claim `acr`. @default none */
  readonly acrMapper?: AcrMapper;
}

/**
 * - `hardcoded`: gold
 * - `attribute`: the user's attribute `tier`
 * - `group-attribute`: the same, with that of groups, all values
 * - `requested`: the single value that the parameter `claims` asks for
 */
export type AcrMapper = 'hardcoded' | 'attribute' | 'group-attribute' | 'requested';

export interface SamlClientSettings {
  readonly flow: 'own' | 'realm' | 'strong';
  /** Whether it asks for the class of gold at least. @default false */
  readonly minimum?: boolean;
  /** Whether its logins begin at Keycloak, without a request of the client. @default false */
  readonly begun?: boolean;
}

/** What the client is allowed. */
export interface ServiceSettings {
  readonly serviceAccount?: boolean;
  readonly tokenExchange?: boolean;
  readonly jwt?: boolean;
  readonly consent?: boolean;
  readonly acrScope?: 'optional' | 'none';
  readonly acrMapper?: AcrMapper;
}

export interface SecondClientSettings extends ClientSettings {
  /** Which browser flow it uses: the case's, the realm's, the realm's `strong`, or a subflow, which then runs by itself. */
  readonly flow: 'own' | 'realm' | 'strong' | 'subflow';
}

/** A step or a subflow. Subflows are named by a letter: aliases must be unique in the realm that cases share. */
export type TreeNode =
  | {
      readonly requirement: Requirement;
      readonly authenticator: string;
      readonly config?: Readonly<Record<string, string>>;
    }
  | { readonly requirement: Requirement; readonly subflow: string; readonly nodes: readonly TreeNode[] };

/** A client policy for the case's client. It enforces a flow: the case's own, the realm's `strong` (password and OTP, no cookie), or a subflow. */
export interface PolicySettings {
  /** Conditions beside the one that names the client. @default none */
  readonly when: readonly PolicyCondition[];
  readonly flow: 'own' | 'strong' | 'subflow' | 'missing';
  readonly loa?: number;
  /** Whether it rejects the password grant as well. @default false */
  readonly rejectsPassword?: boolean;
}

export interface PolicyCondition {
  readonly condition: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

export interface UserSettings {
  readonly credentials: readonly ('password' | 'otp')[];
  /** Of the realm; `own.<role>` is one of the case's client. */
  readonly roles: readonly string[];
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
  /** Whether the user is in the group that has a role and an attribute. @default false */
  readonly inGroup?: boolean;
  /** Required actions that are due. @default none */
  readonly requiredActions?: readonly string[];
  /** Whether the account is linked to an identity of the realm's provider. @default false */
  readonly linked?: boolean;
}

export interface LoginSettings {
  /** The case's client, its second one, one that uses the realm's browser flow, the SAML client, or the one with a secret. */
  readonly to: 'own' | 'second' | 'plain' | 'saml' | 'service';
  /** Who is at the browser. @default the case's user */
  readonly by?: 'other';
  /** Which link of the first page is followed; that of the identity provider is `broker`. @default none */
  readonly door?: 'reset' | 'registration' | 'broker';
  /** Whether the link is not followed on the first page, but where `leave` is among the moves. @default false */
  readonly midway?: boolean;
  /** Who logs in at an identity provider: somebody who has no account here, or who has one or could. @default 'own' */
  readonly identity?: 'new';
  /** @default the authorization code */
  readonly grant?: 'password' | 'device' | 'client-credentials' | 'token-exchange' | 'jwt-authorization';
  readonly acrValues?: readonly string[];
  readonly acrClaim?: { readonly essential?: boolean; readonly values: readonly string[]; readonly value?: string };
  /** How a SAML client wants its classes compared. @default 'exact' */
  readonly comparison?: 'exact' | 'minimum' | 'maximum' | 'better';
  readonly scope?: readonly string[];
  readonly prompt?: readonly ('none' | 'login' | 'consent')[];
  readonly maxAge?: number;
  readonly action?: string;
  /** Parameter `kc_idp_hint`. @default none */
  readonly identityProviderHint?: string;
  readonly header?: string;
  /** What the user does on each page, in order; afterwards what is usual for them. */
  readonly moves: readonly Move[];
  /** What the user does wherever it is possible; another way is tried once. @default 'right' */
  readonly usual?: 'other' | 'cancel' | 'change';
}

/**
 * `change` changes the profile where a required action lets its user do so, and is the right thing elsewhere. `leave` leaves the page
 * for the door of the login, and is `stop` where there is none.
 */
export type Move = 'right' | 'wrong' | 'other' | 'cancel' | 'change' | 'stop' | 'leave' | Interruption;

/**
 * What happens to a login that shows a page: its “Restart login” is followed, which ends a session that there is unless the link
 * says otherwise (`skip_logout`), or the browser loses the cookie of the login, so
 * that it begins anew, or the browser opens another login beside it.
 */
export type Interruption = 'restart' | 'restart-in-session' | 'lose-cookie' | 'second-tab';

/** Roles, groups, scopes and attributes that the realms of cases have. */
export const ROLES = ['role-a', 'role-b'] as const;
/** A role that brings `role-a` with it. */
export const COMPOSITE_ROLE = 'role-composite';
/** A role of each case's client. */
export const CLIENT_ROLE = 'reader';
export const GROUP = 'group';
/** What members of {@link GROUP} have. */
export const GROUP_ROLE = 'role-b';
export const GROUP_ATTRIBUTES = { tier: ['skip'], area: ['north'] } as const;
export const OPTIONAL_SCOPE = 'scope-optional';
export const SECOND_SCOPE = 'scope-second';
export const UNUSED_SCOPE = 'scope-unused';
export const DEFAULT_SCOPE = 'scope-default';
/** Alias of the identity provider. */
export const PROVIDER = 'partner';
/** The authentication context class that stands for an acr. */
export const classOf = (acr: string) => `https://classes.invalid/${acr}`;
export const HEADER = 'X-Network';
