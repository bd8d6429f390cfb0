import { type CredentialType, ENROLMENTS } from '../../model/keycloak/authenticators';
import type { RealmModel } from '../../model/realm-model';
import type { SimulatedUser } from '../../model/simulate';
import { type FlowUse, flowLocation } from './flow-uses';
import { credentialTypesOf, type Inspection } from './inspection';
import { levelsOf } from './levels';
import { subsets } from './subsets';
import { attempt, enrolled, PROBE, probeFor, reached, withProbe } from './trial';

/** A level that is had by enrolling a credential. */
export interface WayByEnrolment {
  readonly level: number;
  /** What the attacker has before. */
  readonly holds: readonly CredentialType[];
  readonly enrols: readonly CredentialType[];
  /** The required action that the attacker starts (`kc_action`); undefined if Keycloak offers the enrolment by itself. */
  readonly action?: string;
}

/** For each level the least that an attacker must hold who enrols the rest, if that is possible. */
export function waysByEnrolment(inspection: Inspection, use: FlowUse, by: 'offer' | 'action'): WayByEnrolment[] {
  const model = withProbe(inspection.model, use.flow);
  const users = subsets(credentialTypesOf(inspection, use)).map((credentials): SimulatedUser => ({ credentials }));
  const find = by === 'offer' ? offered : started;
  return levelsOf(inspection, use).flatMap((level) => {
    for (const user of users) {
      const way = find(inspection, model, use, level, user);
      if (way) return [way];
    }
    return [];
  });
}

/** The same of a flow without levels, which asks everybody for all its proofs. */
export function entryByEnrolment(inspection: Inspection, use: FlowUse): Omit<WayByEnrolment, 'level'> | undefined {
  if (levelsOf(inspection, use).length > 0) return undefined;
  const model = withProbe(inspection.model, use.flow);
  for (const credentials of subsets(credentialTypesOf(inspection, use))) {
    const result = attempt(inspection, model, { clientId: PROBE }, flowLocation(use.flow), { user: { credentials } });
    if (result?.outcome.kind !== 'granted') continue;
    const enrols = enrolled(result);
    return enrols.length > 0 ? { holds: credentials, enrols } : undefined;
  }
  return undefined;
}

function offered(
  inspection: Inspection,
  model: RealmModel,
  use: FlowUse,
  level: number,
  user: SimulatedUser,
): WayByEnrolment | undefined {
  const trial = probeFor(model, level);
  const result = attempt(inspection, trial.model, trial.request, flowLocation(use.flow), { user });
  if (!result || (reached(result) ?? -1) < level) return undefined;
  const enrols = enrolled(result);
  return enrols.length > 0 ? { level, holds: user.credentials, enrols } : undefined;
}

function started(
  inspection: Inspection,
  model: RealmModel,
  use: FlowUse,
  level: number,
  user: SimulatedUser,
): WayByEnrolment | undefined {
  const trial = probeFor(model, level);
  const at = flowLocation(use.flow);
  const before = attempt(inspection, trial.model, trial.request, at, { user });
  if (!before || (reached(before) ?? -1) >= level) return undefined;
  for (const [action, credential] of Object.entries(ENROLMENTS)) {
    if (user.credentials.includes(credential)) continue;
    const enrolment = attempt(inspection, model, { clientId: PROBE, action }, at, { user });
    if (enrolment?.outcome.kind !== 'granted' || !enrolled(enrolment).includes(credential)) continue;
    const after = attempt(inspection, trial.model, trial.request, at, { user: enrolment.user });
    if (after && (reached(after) ?? -1) >= level && enrolled(after).length === 0) {
      return { level, holds: user.credentials, enrols: [credential], action };
    }
  }
  return undefined;
}
