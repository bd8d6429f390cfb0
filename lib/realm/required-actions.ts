import { RequiredAction } from '@cdktf/provider-keycloak/lib/required-action';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { Duration } from '../assurance/duration';
import { isOpen } from '../assurance/enrolment';
import { type Enrolment, singleFactors } from '../assurance/factor';
import type { ProviderLine } from '../provider-line/provider-line';
import { insist } from '../support/configuration-error';
import type { StepUpRealm } from './step-up-realm';

/** What Keycloak has where required actions can't be configured. */
const KEYCLOAKS_ENROLMENT_MAX_AGE = Duration.minutes(5).toSeconds();

/**
 * Makes the required action of each factor, disabled unless a level lets its users enrol.
 *
 * @throws ConfigurationError at the realm, on a max age that the provider can't set
 */
export function addRequiredActions(realm: StepUpRealm, { hasRequiredActionConfig }: ProviderLine): void {
  for (const [action, { enrolment, levels }] of enrolments(realm.levels)) {
    const open = levels.filter(isOpen);
    const maxAge = Math.min(...(open.length > 0 ? open : levels).map((level) => level.enrolmentMaxAge.toSeconds()));
    insist(realm, hasRequiredActionConfig || maxAge === KEYCLOAKS_ENROLMENT_MAX_AGE, () => ({
      value: `enrolmentMaxAge of ${maxAge} seconds`,
      why: "the provider mrparkers/keycloak 4.4 can't configure required actions, and Keycloak then has 5 minutes",
      instead: 'Leave it out, or use the provider keycloak/keycloak',
    }));
    new RequiredAction(realm, action, {
      realmId: realm.realmId,
      alias: action,
      name: enrolment.displayName,
      enabled: open.length > 0,
      defaultAction: false,
      priority: enrolment.priority,
      ...(hasRequiredActionConfig && { config: { max_auth_age: String(maxAge) } }),
    });
  }
}

/** The required actions by which the levels' factors are enrolled, with the levels that use each. */
function enrolments(levels: readonly AssuranceLevel[]) {
  const byAction = new Map<string, { enrolment: Enrolment; levels: AssuranceLevel[] }>();
  for (const level of levels) {
    for (const { enrolment } of singleFactors(level.provedBy)) {
      if (enrolment === undefined) continue;
      const users = byAction.get(enrolment.action)?.levels ?? [];
      byAction.set(enrolment.action, { enrolment, levels: [...users, level] });
    }
  }
  return byAction;
}
