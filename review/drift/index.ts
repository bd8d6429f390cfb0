import type { RealmModel } from '../../model/realm-model';
import { compareClients } from './clients';
import { Comparison, type Difference } from './comparison';
import { compareFlows } from './flows';
import { compareClientPolicies } from './policies';
import { compareIdentityProviders, compareRequiredActions, compareScopes, compareSettings } from './realm';

export type { Difference } from './comparison';

/** A realm as it is, compared with its stack. */
export interface Drift {
  readonly differences: readonly Difference[];
  /** What can't be compared, because one side does not say it. */
  readonly open: readonly string[];
}

/**
 * What of a realm is not as the stack declares it, whether or not a plan shows it. What the realm has beside is no difference, unless
 * it uses or overrules something of the stack.
 *
 * Flows and client policies are told apart by name and content, not by alias: what the constructs change is made anew under another one.
 *
 * @param live the realm as it is: live, or an export
 * @param declared the realm as a configuration, plan or state has it
 */
export function drift(live: RealmModel, declared: RealmModel): Drift {
  const comparison = new Comparison();
  compareSettings(comparison, live, declared);
  compareFlows(comparison, live, declared);
  compareClients(comparison, live, declared);
  compareScopes(comparison, live, declared);
  compareClientPolicies(comparison, live, declared);
  compareRequiredActions(comparison, live, declared);
  compareIdentityProviders(comparison, live, declared);
  return comparison;
}
