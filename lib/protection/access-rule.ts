import type { Group } from '@cdktf/provider-keycloak/lib/group';
import type { Role } from '@cdktf/provider-keycloak/lib/role';
import type { AssuranceLevel } from '../assurance/assurance-level';
import type { ClientRole } from '../realm/own-role';
import type { TimeWindow } from './time-window';

/** A rule about a token, its user or the time. Made by {@link Allow}. */
export type RuleNode =
  | { readonly kind: 'claim'; readonly claim: string; readonly value: string | RegExp }
  | { readonly kind: 'realm-role'; readonly role: Role }
  | ({ readonly kind: 'client-role' } & ClientRole)
  | { readonly kind: 'group'; readonly group: Group; readonly subgroups: boolean }
  | { readonly kind: 'time'; readonly window: TimeWindow }
  | { readonly kind: 'all' | 'any'; readonly rules: readonly AccessRule[] }
  | { readonly kind: 'not'; readonly rule: AccessRule };

/** What a request must fulfil. A level means: this level or a higher one. */
export type AccessRule = AssuranceLevel | RuleNode;

type Rules = readonly [AccessRule, ...AccessRule[]];

/**
 * Rules of a `ResourceProtection`, for what a level doesn't say. Source: Authorization Services Guide, "Managing policies".
 *
 * There is none about the client's address: Keycloak's policies can't tell it. Use `from` of the resource server, or
 * `otpUnlessFrom` inside the login.
 */
export const Allow = {
  /**
   * A claim of the access token has the value, or matches the Java regular expression as a whole. Of a list (`amr`, `groups`)
   * Keycloak looks at the first value only. Dots in the name are a path into a claim that is an object. A token without the
   * claim is refused.
   *
   * A claim that users can edit, such as a profile attribute, is their own word.
   */
  claim(claim: string, value: string | RegExp): RuleNode {
    return { kind: 'claim', claim, value };
  },

  /** The user has the realm role now, directly or by a composite or group, whatever the token says. */
  realmRole(role: Role): RuleNode {
    return { kind: 'realm-role', role };
  },

  /** The user has the role of a client now, directly or by a composite or group, whatever the token says. */
  clientRole(client: ClientRole['client'], role: Role): RuleNode {
    return { kind: 'client-role', client, role };
  },

  /** The user is in the group, or in a group below it unless `subgroups` is false. */
  group(group: Group, { subgroups = true }: { readonly subgroups?: boolean } = {}): RuleNode {
    return { kind: 'group', group, subgroups };
  },

  /** The request comes in the window. */
  during(window: TimeWindow): RuleNode {
    return { kind: 'time', window };
  },

  /** All of the rules hold. */
  all(...rules: Rules): RuleNode {
    return { kind: 'all', rules };
  },

  /** At least one of the rules holds. */
  any(...rules: Rules): RuleNode {
    return { kind: 'any', rules };
  },

  /** The rule does not hold. A rule on a claim that the token lacks does not hold, so its opposite does. */
  not(rule: AccessRule): RuleNode {
    return { kind: 'not', rule };
  },
} as const;
