import { type IdentityProvider, isUnknown, type RealmModel } from '../realm-model';
import { allExecutions } from '../simulate/flow-index';
import type { Way } from './ways';

/**
 * Identity providers by the alias of the one that stands for all that are set up alike: no login tells them apart. One that a flow or a
 * client names stands for itself alone.
 */
export function providerKinds(model: RealmModel): ReadonlyMap<string, string> {
  const named = namesIn(model);
  const byKind = new Map<string, string>();
  return new Map(
    model.identityProviders.map((provider) => {
      const { alias } = provider;
      const kind = named(alias) ? alias : kindOf(provider);
      const first = byKind.get(kind) ?? alias;
      byKind.set(kind, first);
      return [alias, first];
    }),
  );
}

function kindOf({ alias: _, address: __, provider: ___, ...settings }: IdentityProvider): string {
  return JSON.stringify(Object.entries(settings).sort());
}

/** Whether some setting of a flow or a client may name a provider. */
function namesIn(model: RealmModel): (alias: string) => boolean {
  const ofFlows = model.flows.flatMap((flow) =>
    [...allExecutions(flow)].flatMap(({ execution }) =>
      execution.kind === 'authenticator' ? Object.values(execution.config?.values ?? {}) : [],
    ),
  );
  const texts = [...ofFlows, ...model.clients.flatMap(({ attributes }) => Object.values(attributes))];
  return (alias) => texts.some((text) => isUnknown(text) || text.includes(alias));
}

/** Each way by a provider that stands for others, by those too. */
export function byEachProvider(ways: readonly Way[], kinds: ReadonlyMap<string, string>): Way[] {
  return ways.flatMap((way) => {
    const used = [...kinds].filter(([alias, kind]) => alias === kind && usesProvider(way, alias));
    const alike = used.flatMap(([, kind]) => [...kinds].filter(([alias, of]) => of === kind && alias !== kind));
    return [way, ...alike.map(([alias, kind]) => renamed(way, kind, alias))];
  });
}

/** Whether a way takes a login at the provider. */
export function usesProvider({ proofs }: Way, alias: string): boolean {
  return proofs.some(
    (proof) => proof === `identity-provider:${alias}` || proof === `identity-provider-account:${alias}`,
  );
}

/** The way by another provider. */
export function renamed(way: Way, from: string, to: string): Way {
  const inText = (text: string) => text.replaceAll(new RegExp(`(?<![\\w-])${escaped(from)}(?![\\w-])`, 'g'), () => to);
  return {
    ...way,
    proofs: way.proofs.map((proof) => (/^identity-provider/.test(proof) ? (inText(proof) as typeof proof) : proof)),
    witness: way.witness.map((step) => ({
      ...step,
      does: inText(step.does),
      ...(step.pages && { pages: step.pages.map(inText) }),
      ...(step.parameters?.kc_action && {
        parameters: { ...step.parameters, kc_action: inText(step.parameters.kc_action) },
      }),
    })),
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
