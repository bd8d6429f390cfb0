import type { RealmModel } from '../realm-model';
import { compareVersions, PINNED_VERSION } from './versions';

/** Something that logins of releases do differently, though nothing is configured differently. */
export interface Behaviour {
  /** What newer releases do. */
  readonly says: string;
  /** What older ones do. */
  readonly before: string;
  /** First release that does what {@link says} says. */
  readonly since: string;
  /** First release that does what {@link before} says; still older ones do as the newer do. @default all older ones */
  readonly beforeSince?: string;
  /** Class and method of Keycloak. */
  readonly source: string;
  /** How it was found. */
  readonly found: string;
}

/** What the simulator does by the release. */
export const BEHAVIOURS = {
  'age-of-any-action': {
    says: 'kc_action goes by max_auth_age of each required action',
    before: 'by that of UPDATE_PASSWORD alone; for the others a login counts for 300 seconds',
    since: '26.3.0',
    source: 'RequiredActionProvider.getMaxAuthAge, UpdatePassword.getMaxAuthAge',
    found: 'kept case max-auth-age-no-number and random cases on 26.2.5; the sources of 26.2.5 and 26.3.0',
  },
  'unknown-action-ignored': {
    says: 'kc_action with a name that is no required action is ignored',
    before: 'it ends a login over a session with an error, as no age can be asked of it',
    since: '26.3.0',
    source: 'OIDCLoginProtocol.isReAuthRequiredForKcAction',
    found: 'random cases on 26.2.5; the sources of 26.2.5 and 26.3.0',
  },
  'client-of-password-grant': {
    says: 'the conditions client-roles and client-attributes of client policies hold in the password grant too',
    before:
      'they abstain there, so that a policy for one client with a condition that does vote is one for all clients',
    // 26.6.0 does not, 26.6.4 does; which of the releases between was the first was not looked at.
    since: '26.6.4',
    source: 'ClientRolesCondition.applyPolicy, ClientAttributesCondition.applyPolicy',
    found: 'random cases on 26.4.7 and 26.5.6, which 26.6.4 agrees in; the sources of 26.5.6, 26.6.0 and 26.6.4',
  },
  'access-type-of-password-grant': {
    says: 'the condition client-access-type of client policies holds in the password grant too',
    before: 'it abstains there',
    since: '26.6.0',
    source: 'ClientAccessTypeCondition.applyPolicy',
    found: 'the sources of 26.5.6 and 26.6.0',
  },
  'deletion-at-own-level': {
    says: "a credential is deleted at the level at which it stands in the client's own flow, where that has one",
    before: "at that of the realm's browser flow, also in a client's override",
    since: '26.5.7',
    source: 'CredentialDeleteHelper.checkAuthenticatedLoASufficientForCredentialRemove',
    found:
      'random cases on 26.4.7 and 26.5.6, which 26.6.4 agrees in; the sources of 26.5.6 and 26.6.0; CVE-2026-3429 for the release',
  },
  'ages-of-own-flow': {
    says: "the cookie goes by the max ages of the login's own flow",
    before:
      "by those of the realm's browser flow, also in a client's override: what expires there does not count, and what expires in the override does",
    since: '26.1.0',
    source: 'AcrStore.getHighestAuthenticatedLevelFromPreviousAuthentication, CookieAuthenticator.authenticate',
    found: 'random cases on 26.0.8; the sources of 26.0.8 and 26.1.0',
  },
  'started-action-last': {
    says: 'the action that kc_action names comes after those that are due',
    before:
      'it stands among them by its priority, and those that kc_action can not name, such as TERMS_AND_CONDITIONS, wait until it is over; if it is none, they are passed over',
    since: '26.2.0',
    beforeSince: '25.0.0',
    source: 'AuthenticationManager.getApplicableRequiredActionsSorted, executeAction',
    found: 'random cases on 26.0.8; the sources of 24.0.5, 25.0.6, 26.1.5 and 26.2.5',
  },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourId = keyof typeof BEHAVIOURS;

/** Whether the release of the realm, the pinned one if it isn't said, behaves as {@link Behaviour.says}. */
export function behaves({ keycloakVersion = PINNED_VERSION }: RealmModel, id: BehaviourId): boolean {
  const { since, beforeSince }: Behaviour = BEHAVIOURS[id];
  if (beforeSince !== undefined && compareVersions(keycloakVersion, beforeSince) < 0) return true;
  return compareVersions(keycloakVersion, since) >= 0;
}
