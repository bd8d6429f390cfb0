import { type ClientPolicy, isUnknown, type PolicyPart, type RealmModel } from '../../model/realm-model';
import { APPLY, type Comparison, type Place } from './comparison';
import { areNamesakes, generationless } from './names';

const FLOW_ENFORCER = 'auth-flow-enforcer';

/**
 * Compares the client policies and profiles that the stack declares, and finds policies beside them that choose a flow: the last that
 * matches wins, and its flow is what the login goes through.
 */
export function compareClientPolicies(comparison: Comparison, live: RealmModel, declared: RealmModel): void {
  const kinds = [
    ['client profile', live.clientProfiles, declared.clientProfiles, 'executors'],
    ['client policy', live.clientPolicies, declared.clientPolicies, 'conditions'],
  ] as const;
  for (const [kind, now, wanted, parts] of kinds) {
    for (const each of wanted) {
      if (each.address === undefined) continue;
      const path = `${kind} ${generationless(each.name)}`;
      const found = now.find(({ name }) => name === each.name) ?? now.find(({ name }) => areNamesakes(name, each.name));
      if (!found) {
        // The provider keeps it in its state without a look whether it is in the list, and a replacement of the same name deletes itself.
        const mend = `terraform state rm '${each.address}' && terraform apply`;
        comparison.differs({ path, address: each.address, mend }, 'is gone');
        continue;
      }
      const place = { path, address: each.address, mend: APPLY };
      compareParts(comparison, partsOf(found, parts), partsOf(each, parts), place);
      if ('profiles' in found && 'profiles' in each) comparison.sameAll(place, found, each, ['enabled', 'profiles']);
    }
  }
  for (const policy of live.clientPolicies) {
    if (policy.enabled === false || declared.clientPolicies.some(({ name }) => areNamesakes(name, policy.name)))
      continue;
    const flow = enforcedFlow(policy, live);
    if (flow === undefined) continue;
    comparison.differs(
      {
        path: `client policy ${policy.name}`,
        mend: 'Remove it in the admin console (Realm settings > Client policies)',
      },
      `is not of this stack and sends the logins that it matches through the flow "${flow}"`,
    );
  }
}

function partsOf(owner: object, key: 'executors' | 'conditions'): readonly PolicyPart[] {
  return (owner as Readonly<Record<string, readonly PolicyPart[]>>)[key] ?? [];
}

function compareParts(
  comparison: Comparison,
  live: readonly PolicyPart[],
  declared: readonly PolicyPart[],
  place: Place,
): void {
  const names = (parts: readonly PolicyPart[]) => parts.map(({ provider }) => (isUnknown(provider) ? '?' : provider));
  comparison.same(place, 'its parts', names(live), names(declared));
  for (const part of declared) {
    const now = live.find(({ provider }) => provider === part.provider);
    if (!now || isUnknown(part.provider)) continue;
    comparison.same(place, part.provider, now.config, part.config);
  }
}

function enforcedFlow({ profiles }: ClientPolicy, { clientProfiles }: RealmModel): string | undefined {
  if (isUnknown(profiles)) return undefined;
  const executors = clientProfiles.filter(({ name }) => profiles.includes(name)).flatMap((each) => each.executors);
  const enforcer = executors.find(({ provider }) => provider === FLOW_ENFORCER);
  if (!enforcer || isUnknown(enforcer.config)) return undefined;
  return String(enforcer.config['auth-flow-alias']);
}
