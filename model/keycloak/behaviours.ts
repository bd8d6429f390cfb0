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
  'ages-of-own-flow': {
    says: "the cookie goes by the max ages of the login's own flow",
    before:
      "by those of the realm's browser flow, also in a client's override: what expires there does not count, and what expires in the override does",
    since: '26.1.0',
    source: 'AcrStore.getHighestAuthenticatedLevelFromPreviousAuthentication, CookieAuthenticator.authenticate',
    found: 'random cases on 26.0.8; the sources of 26.0.8 and 26.1.0',
  },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourId = keyof typeof BEHAVIOURS;

/** Whether the release of the realm, the pinned one if it isn't said, behaves as {@link Behaviour.says}. */
export function behaves({ keycloakVersion = PINNED_VERSION }: RealmModel, id: BehaviourId): boolean {
  return compareVersions(keycloakVersion, BEHAVIOURS[id].since) >= 0;
}
