import { RequiredAction } from '@cdktf/provider-keycloak/lib/required-action';
import { TerraformStack } from 'cdktf';
import { lacksEnrolment } from '../../model/keycloak/available-since';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { Duration } from '../assurance/duration';
import { isOpen } from '../assurance/enrolment';
import { type Enrolment, Factor, singleFactors } from '../assurance/factor';
import { levelOfAddedPassword } from '../assurance/password-suffices';
import { toldKeycloakVersion } from '../provider-line/keycloak-version';
import type { ProviderLine } from '../provider-line/provider-line';
import { insist } from '../support/configuration-error';
import type { StepUpRealm } from './step-up-realm';

/** What Keycloak has where required actions can't be configured, and what one has that no level uses. */
const KEYCLOAKS_ENROLMENT_MAX_AGE = Duration.minutes(5).toSeconds();

/** Every factor that users can enrol: all that a level may take one day. */
const ENROLLED_FACTORS = [Factor.otp(), Factor.webAuthn(), Factor.passkey(), Factor.recoveryCode()] as const;

/**
 * Makes the required actions by which proofs are enrolled or replaced. All of them, whatever the levels are: destroying one would
 * unregister it on the server, and what a level takes tomorrow must not be enrolled today by whoever has a password.
 *
 * - The action of each factor, disabled unless a level lets its users enrol.
 * - `UPDATE_PASSWORD`, disabled where a password proves more than the lowest level: who has not given one must not set one
 *   (`kc_action=UPDATE_PASSWORD`). Keycloak asks for the level under which a flow happens to have the password form, and of users
 *   without a password for none.
 *
 * @throws ConfigurationError at the realm, on a max age that the provider can't set
 */
export function addRequiredActions(realm: StepUpRealm, { hasRequiredActionConfig }: ProviderLine): void {
  for (const { enrolment, levels } of enrolments(realm)) {
    const open = levels.filter(isOpen);
    const maxAge =
      levels.length === 0
        ? KEYCLOAKS_ENROLMENT_MAX_AGE
        : Math.min(...(open.length > 0 ? open : levels).map((level) => level.enrolmentMaxAge.toSeconds()));
    insist(realm, hasRequiredActionConfig || maxAge === KEYCLOAKS_ENROLMENT_MAX_AGE, () => ({
      value: `enrolmentMaxAge of ${maxAge} seconds`,
      why: "the provider mrparkers/keycloak 4.4 can't configure required actions, and Keycloak then has 5 minutes",
      instead: 'Leave it out, or use the provider keycloak/keycloak',
    }));
    addRequiredAction(realm, enrolment, {
      enabled: open.length > 0,
      ...(hasRequiredActionConfig && { config: { max_auth_age: String(maxAge) } }),
    });
  }
  addRequiredAction(
    realm,
    { action: 'UPDATE_PASSWORD', displayName: 'Update Password', priority: 57 },
    { enabled: levelOfAddedPassword(realm.levels) === undefined },
  );
}

/** Makes a required action of the realm, which no new account is given. */
export function addRequiredAction(
  realm: StepUpRealm,
  { action, displayName, priority }: Enrolment,
  settings: { readonly enabled: boolean; readonly config?: Readonly<Record<string, string>> },
): void {
  const resource = new RequiredAction(realm, action, {
    realmId: realm.realmId,
    alias: action,
    name: displayName,
    defaultAction: false,
    priority,
    ...settings,
  });
  // An enrolment that opens before the flow that asks owners for their proof is bound is a thief's meanwhile.
  realm.afterBindings(resource);
}

/**
 * The required actions by which factors are enrolled, with the levels that use each. A release that lacks a factor has no such action to
 * manage.
 */
function enrolments(realm: StepUpRealm): { enrolment: Enrolment; levels: AssuranceLevel[] }[] {
  const version = toldKeycloakVersion(TerraformStack.of(realm));
  return ENROLLED_FACTORS.flatMap(({ enrolment }) => {
    if (enrolment === undefined) return [];
    const levels = realm.levels.filter(({ provedBy }) =>
      singleFactors(provedBy).some((factor) => factor.enrolment?.action === enrolment.action),
    );
    const lacks = levels.length === 0 && version !== undefined && lacksEnrolment(enrolment.action, version);
    return lacks ? [] : [{ enrolment, levels }];
  });
}
