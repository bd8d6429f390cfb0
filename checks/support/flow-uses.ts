import { type Flow, isUnknown, type PolicyPart, type RealmModel } from '../../model/realm-model';
import type { Location } from '../rule';

/** A top-level flow and who uses it. */
export interface FlowUse {
  readonly flow: Flow;
  /** What it is for, as far as its users or its steps tell. */
  readonly kind: 'browser' | 'direct-grant' | 'post-login' | 'other';
  /** Whether a login can go through it, or may: a source that isn't the whole realm doesn't say that none does. */
  readonly inUse: boolean;
  /** In words. */
  readonly by: readonly string[];
}

export function flowLocation({ alias, address }: Flow): Location {
  return { path: `flow ${alias}`, ...(address !== undefined && { address }) };
}

/** A reference to a flow: a binding, an override, a client policy. */
export interface FlowReference {
  readonly alias: string;
  readonly kind: FlowUse['kind'];
  readonly by: string;
}

const BINDINGS = {
  browser: 'browser',
  directGrant: 'direct-grant',
  resetCredentials: 'other',
  registration: 'other',
  firstBrokerLogin: 'other',
} as const;

export function flowUses(model: RealmModel): FlowUse[] {
  const references = [...bindings(model), ...overrides(model), ...enforced(model), ...ofProviders(model)];
  const uses: FlowUse[] = [];
  for (const flow of model.flows) {
    if (!isUnknown(flow.provider) && flow.provider !== 'basic-flow') continue;
    const own = references.filter(({ alias }) => alias === flow.alias);
    if (flow.builtIn && own.length === 0) continue;
    uses.push({
      flow,
      kind: own[0]?.kind ?? guessKind(flow),
      inUse: own.length > 0 || !model.complete,
      by: own.map(({ by }) => by),
    });
  }
  return uses;
}

function bindings(model: RealmModel): FlowReference[] {
  return Object.entries(BINDINGS).flatMap(([binding, kind]) => {
    const alias = model.bindings[binding as keyof typeof BINDINGS];
    return isUnknown(alias) ? [] : [{ alias, kind, by: `the realm's ${binding} binding` }];
  });
}

function overrides({ clients }: RealmModel): FlowReference[] {
  return clients.flatMap(({ clientId, flowOverrides }) =>
    (['browser', 'directGrant'] as const).flatMap((binding) => {
      const override = flowOverrides[binding];
      if (override === undefined || isUnknown(override) || override.alias === undefined) return [];
      return [{ alias: override.alias, kind: BINDINGS[binding], by: `client ${clientId}` }];
    }),
  );
}

function ofProviders({ identityProviders }: RealmModel): FlowReference[] {
  return identityProviders.flatMap(({ alias: provider, firstLoginFlow, postLoginFlow }) => {
    const by = `identity provider ${provider}`;
    const first = firstLoginFlow === undefined || isUnknown(firstLoginFlow) ? [] : [firstLoginFlow];
    const post = postLoginFlow === undefined || isUnknown(postLoginFlow) ? [] : [postLoginFlow];
    return [
      ...first.map((alias) => ({ alias, kind: 'other' as const, by })),
      ...post.map((alias) => ({ alias, kind: 'post-login' as const, by })),
    ];
  });
}

/** Flows that client policies enforce, with the level that each stamps. */
export function enforced(
  model: RealmModel,
): (FlowReference & { readonly executor: PolicyPart; readonly profile: string })[] {
  return model.clientProfiles.flatMap((profile) =>
    profile.executors.flatMap((executor) => {
      const { provider, config } = executor;
      if (provider !== 'auth-flow-enforcer' || isUnknown(config)) return [];
      const alias = config['auth-flow-alias'];
      if (typeof alias !== 'string') return [];
      return [
        { alias, kind: 'browser' as const, by: `client profile ${profile.name}`, executor, profile: profile.name },
      ];
    }),
  );
}

const OF_BROWSER = /^(auth-|webauthn-|identity-provider-redirector|conditional-level)/;

function guessKind(flow: Flow): FlowUse['kind'] {
  const found = flow.executions.some((execution) => {
    if (execution.kind === 'subflow') return guessKind(execution.flow) === 'browser';
    return isUnknown(execution.authenticator) || OF_BROWSER.test(execution.authenticator);
  });
  return found ? 'browser' : 'other';
}
