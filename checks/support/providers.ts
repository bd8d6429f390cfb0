import { exploreGoals, type Way } from '../../model';
import { explorationOf } from '../../model/explore/exploration';
import { type IdentityProvider, isUnknown, type RealmModel } from '../../model/realm-model';
import type { Location } from '../rule';
import { type Inspection, locate } from './inspection';

export function providerLocation(provider: IdentityProvider): Location {
  return locate(`identity provider ${provider.alias}`, provider);
}

/** The identity providers that log users in, or may. */
export function loginProviders(inspection: Inspection): readonly IdentityProvider[] {
  return inspection.model.identityProviders.filter((provider) => {
    const at = providerLocation(provider);
    const enabled = inspection.known(provider.enabled, 'whether it is enabled', at);
    const linkOnly = inspection.known(provider.linkOnly ?? false, 'whether it only links accounts', at);
    return enabled !== false && linkOnly !== true;
  });
}

const takeovers = new WeakMap<RealmModel, ReadonlyMap<string, Way>>();

/** Ways into a user's account by an identity that is not linked to it and no other proof, by the provider's alias. */
export function takeoversOf(model: RealmModel): ReadonlyMap<string, Way> {
  const known = takeovers.get(model);
  if (known) return known;
  const found = new Map<string, Way>();
  if (model.identityProviders.some(({ enabled }) => isUnknown(enabled) || enabled)) {
    for (const { ways } of exploreGoals(model, { goals: [{ kind: 'token' }] })) {
      for (const way of ways) {
        const [proof = '', ...others] = way.proofs;
        const alias = /^identity-provider-account:(.*)$/.exec(proof)?.[1];
        if (alias === undefined || others.length > 0 || way.own || found.has(alias)) continue;
        found.set(alias, way);
      }
    }
  }
  takeovers.set(model, found);
  return found;
}

/** Why logins by identity providers may reach more than was found. */
export function exploredReasons(model: RealmModel): readonly string[] {
  return explorationOf(model).cannotTell;
}
