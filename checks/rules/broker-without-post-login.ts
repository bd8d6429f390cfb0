import type { Rule } from '../rule';
import { exploredGuards } from '../support/explored-guards';
import type { GuardedThing } from '../support/guards';
import { realmMap } from '../support/levels';
import { loginProviders, providerLocation } from '../support/providers';
import { guide, source } from '../support/sources';

export const brokerWithoutPostLogin: Rule = {
  id: 'broker-without-post-login',
  code: 'SU902',
  level: 'warning',
  summary: 'An identity provider logs users in without a post login flow, in a realm that asks more of its own logins.',
  cause:
    'A login by an identity provider leaves the browser flow and does not come back to it: its levels and rules are not asked for. A minimum acr and an essential one count for ' +
    'nothing. What is asked here of whoever comes back is in the post login flow of the provider alone.',
  attack: [
    'An application asks for an essential acr "gold", and does not look at what comes.',
    "The attacker has a user's login at the identity provider, and takes the link to it on the login page.",
    'Tokens of the lowest level; the user’s OTP was not asked for.',
  ],
  remedy:
    'Give the identity provider a post login flow with the levels and rules of the browser flow (PostBrokerFlow). What is had for less in this realm already is an error of guard-bypassed.',
  sources: [guide('Post login flow'), source('IdentityBrokerService.finishOrRedirectToPostBrokerLogin')],
  inspect(inspection) {
    const map = realmMap(inspection);
    if (!map) return;
    const lowest = Math.min(...map.levels.map(({ loa }) => loa));
    const isLowest = ({ guard: { goal } }: GuardedThing) =>
      goal.kind === 'acr' && map.levels.some(({ acr, loa }) => acr === goal.name && loa === lowest);
    const providers = loginProviders(inspection);
    if (providers.length === 0) return;
    const guarded = exploredGuards(inspection).filter(({ thing }) => !isLowest(thing));
    const names = guarded.map(({ thing }) => thing.by);
    for (const provider of providers) {
      const { alias, postLoginFlow } = provider;
      const at = providerLocation(provider);
      if (postLoginFlow !== undefined) {
        inspection.known(postLoginFlow, 'its post login flow', at);
        continue;
      }
      const isReported = guarded.some(({ explained }) =>
        explained.some(({ bypasses }) => bypasses.some(({ proofs }) => proofs.some((proof) => isOf(alias, proof)))),
      );
      if (guarded.length === 0 || isReported) continue;
      inspection.found(at, {
        what: `Identity provider "${alias}" has no post login flow, and the realm has ${[...new Set(names)].join(', ')}`,
        gain: 'Its logins end at the lowest level, whatever is asked for: an essential acr is answered with a lower one and no error, and a minimum or a scope that is guarded later is had by them.',
        instead: 'Give it a post login flow with the levels and rules of the browser flow',
      });
    }
  },
};

function isOf(alias: string, proof: string): boolean {
  return proof === `identity-provider:${alias}` || proof === `identity-provider-account:${alias}`;
}
