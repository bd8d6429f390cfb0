import type { Requirement } from '../../../model';

/** One login of a generated user to a generated configuration; plain data, kept as a regression if it disagrees. */
export interface ConformanceCase {
  /** Settings of the whole realm. */
  readonly realm: RealmSettings;
  readonly client: ClientSettings;
  /** The client's flow; the realm's own browser flow is the step-up flow of Keycloak's guide. */
  readonly flow: readonly TreeNode[];
  readonly policy?: PolicySettings;
  readonly user: UserSettings;
  readonly logins: readonly LoginSettings[];
}

export interface RealmSettings {
  readonly acrMap: Readonly<Record<string, number>>;
  readonly otpEnrolment: boolean;
  /** `max_auth_age` of the required action that enrols an OTP. */
  readonly actionMaxAge?: string;
}

export interface ClientSettings {
  readonly acrMap?: Readonly<Record<string, number>>;
  readonly defaultAcr?: string;
  readonly minimumAcr?: string;
  readonly consent?: boolean;
}

/** A step or a subflow. Subflows are named by a letter: aliases must be unique in the realm that cases share. */
export type TreeNode =
  | {
      readonly requirement: Requirement;
      readonly authenticator: string;
      readonly config?: Readonly<Record<string, string>>;
    }
  | { readonly requirement: Requirement; readonly subflow: string; readonly nodes: readonly TreeNode[] };

/** A client policy that enforces a flow: the case's own, or the realm's `strong` (password and OTP, no cookie). */
export interface PolicySettings {
  readonly when: 'always' | 'gold' | 'scope';
  readonly flow: 'own' | 'strong' | 'missing';
  readonly loa?: number;
}

export interface UserSettings {
  readonly credentials: readonly ('password' | 'otp')[];
  readonly roles: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}

export interface LoginSettings {
  /** The case's client, or one that uses the realm's browser flow. */
  readonly to: 'own' | 'plain';
  readonly acrValues?: readonly string[];
  readonly acrClaim?: { readonly essential?: boolean; readonly values: readonly string[] };
  readonly scope?: readonly string[];
  readonly prompt?: readonly ('none' | 'login')[];
  readonly maxAge?: number;
  readonly action?: string;
  readonly header?: string;
  /** What the user does on each page, in order; afterwards the right thing. */
  readonly moves: readonly Move[];
}

export type Move = 'right' | 'wrong' | 'other' | 'cancel' | 'stop';

/** Roles, scopes and attributes that the realms of cases have. */
export const ROLES = ['role-a', 'role-b'] as const;
export const OPTIONAL_SCOPE = 'scope-optional';
export const UNUSED_SCOPE = 'scope-unused';
export const DEFAULT_SCOPE = 'scope-default';
export const HEADER = 'X-Network';
