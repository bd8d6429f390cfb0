import type { ClientPolicy, ClientProfile } from '../../../../model/realm-model';
import { flow, OTP, PASSWORD, REQ } from '../../../model/support/realm';

/** A flow of its own, for a client policy to enforce. */
export const STRONG = flow('strong', [REQ('strong forms', [PASSWORD, OTP])]);

/** A client policy that enforces {@link STRONG} where gold is asked for, and stamps it with the level of gold. */
export const GOLD_BY_POLICY: { clientPolicies: ClientPolicy[]; clientProfiles: ClientProfile[] } = {
  clientPolicies: [
    {
      name: 'stamped',
      enabled: true,
      strict: false,
      conditions: [{ provider: 'acr-condition', config: { 'acr-property': 'gold' } }],
      profiles: ['strong'],
    },
  ],
  clientProfiles: [
    {
      name: 'strong',
      executors: [{ provider: 'auth-flow-enforcer', config: { 'auth-flow-alias': 'strong', 'auth-flow-loa': 2 } }],
    },
  ],
};
