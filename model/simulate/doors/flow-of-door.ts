import type { Flow, RealmModel } from '../../realm-model';
import { boundFlow } from '../choose-flow';
import { known } from '../login';
import type { RuleId } from '../rules';
import type { LoginRequest } from '../types';
import { withFormsAsSteps } from './registration';

type Door = Pick<LoginRequest, 'door'>;

/**
 * Whether the realm has switched a door off. No page need show the link to one that is on: its address can be typed in the
 * middle of any login.
 */
export function closedDoor({ selfService }: RealmModel, { door }: Door): boolean {
  if (door === 'reset') return !known(selfService.resetPassword, 'reset of passwords in the realm');
  if (door === 'registration') return !known(selfService.registration, 'registration in the realm');
  return false;
}

/** The flow that runs in place of the login's own, undefined if that does. */
export function flowOfDoor(
  model: RealmModel,
  { door }: Door,
  note: (rule: RuleId, at: string) => void,
): Flow | undefined {
  if (door === 'reset') {
    const flow = boundFlow(model, 'resetCredentials');
    note('flow-of-reset', flow.alias);
    return flow;
  }
  if (door === 'registration') {
    const flow = boundFlow(model, 'registration');
    note('flow-of-registration', flow.alias);
    return withFormsAsSteps(flow);
  }
  return undefined;
}
