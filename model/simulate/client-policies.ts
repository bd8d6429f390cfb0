import { behaves } from '../keycloak/behaviours';
import { type Client, isUnknown, type PolicyPart, type RealmModel } from '../realm-model';
import { known } from './login';
import { CannotTell } from './signals';
import type { LoginRequest } from './types';

/** What client policies do to a login. */
export interface PolicyEffect {
  /** Alias of the flow that the last matching policy enforces. */
  readonly flow?: string;
  /** Level that the last matching policy with a level stamps, be it of another policy than {@link flow}. */
  readonly stampedLevel?: number;
  /** Whether a password grant is rejected. */
  readonly rejectsPasswordGrant: boolean;
}

/** What conditions look at. */
export interface PolicyContext {
  readonly model: RealmModel;
  readonly client: Client;
  readonly request: LoginRequest;
  /** Acr values after default and minimum. */
  readonly acrValues: () => readonly string[];
}

type Vote = 'yes' | 'no' | 'abstain';
type Configuration = Readonly<Record<string, unknown>>;

/**
 * Runs the policies whose conditions are met, in order.
 * Source: `DefaultClientPolicyManager`, `AuthenticationFlowSelectorExecutor`, `RejectResourceOwnerPasswordCredentialsGrantExecutor`.
 */
export function applyClientPolicies(context: PolicyContext): PolicyEffect {
  const { model, request } = context;
  const password = request.grant === 'password';
  let effect: PolicyEffect = { rejectsPasswordGrant: false };
  // The device flow triggers another event, which neither executor listens to.
  if (request.grant === 'device') return effect;
  for (const policy of model.clientPolicies) {
    if (!known(policy.enabled, `enabled of client policy ${policy.name}`)) continue;
    const executors = () => profileExecutors(model, known(policy.profiles, `profiles of client policy ${policy.name}`));
    if (!isMet(policy.conditions, policy.strict, context, executors)) continue;
    for (const { provider, config } of executors()) {
      const id = known(provider, `executor of client policy ${policy.name}`);
      if (password) {
        if (id === 'reject-ropc-grant') effect = { ...effect, rejectsPasswordGrant: true };
      } else if (id === 'auth-flow-enforcer') {
        const { 'auth-flow-alias': flow, 'auth-flow-loa': loa } = known(config, `auth-flow-enforcer of ${policy.name}`);
        const alias = textOf(flow, 'auth-flow-alias', policy.name);
        if (alias === undefined) continue;
        const level = numberOf(loa, 'auth-flow-loa', policy.name);
        effect = { ...effect, flow: alias, ...(level !== undefined && { stampedLevel: level }) };
      } else if (!NEUTRAL_EXECUTORS.test(id)) {
        throw new CannotTell(`Client policy ${policy.name}: the executor ${id} is not followed here`);
      }
    }
  }
  return effect;
}

/** Executors that may refuse a request but never make a login easier, so that they are left out. */
const NEUTRAL_EXECUTORS =
  /^(secure-|pkce-|holder-of-key|confidential-client|consent-required|full-scope|reject-|dpop-|client-secret-rotation|intent-|tls-client|suppress-refresh|use-lightweight|registration-access|saml-|downscope|jwt-)/;

function profileExecutors(model: RealmModel, names: readonly string[]): readonly PolicyPart[] {
  return names.flatMap((name) => {
    const profile = model.clientProfiles.find((each) => each.name === name);
    if (!profile && /^(fapi|oauth|saml|strict)/.test(name)) return [];
    if (!profile && !model.complete) throw new CannotTell(`The client profile ${name} is not in this source`);
    return profile?.executors ?? [];
  });
}

function isMet(
  conditions: readonly PolicyPart[],
  strict: boolean,
  context: PolicyContext,
  executors: () => readonly PolicyPart[],
): boolean {
  let met = false;
  for (const condition of conditions) {
    const vote = voteOf(condition, context, executors);
    if (vote === 'no' || (vote === 'abstain' && strict)) return false;
    met ||= vote === 'yes';
  }
  return met;
}

function voteOf(condition: PolicyPart, context: PolicyContext, executors: () => readonly PolicyPart[]): Vote {
  const provider = known(condition.provider, 'condition of a client policy');
  const config = known(condition.config, `config of the client policy condition ${provider}`);
  if (abstainsFromPassword(provider, context)) return 'abstain';
  const vote = CONDITIONS[provider]?.(config, context) ?? unfollowed(provider, executors);
  if (vote === 'abstain' || String(config['is-negative-logic']) !== 'true') return vote;
  return vote === 'yes' ? 'no' : 'yes';
}

/** On older releases, conditions on the client did not know the password grant. */
function abstainsFromPassword(provider: string, { model, request }: PolicyContext): boolean {
  if (request.grant !== 'password') return false;
  if (provider === 'client-access-type') return !behaves(model, 'access-type-of-password-grant');
  const ofClient = provider === 'client-roles' || provider === 'client-attributes';
  return ofClient && !behaves(model, 'client-of-password-grant');
}

/** A condition that isn't followed here matters only before an executor that does. */
function unfollowed(provider: string, executors: () => readonly PolicyPart[]): Vote {
  const matters = executors().some(
    ({ provider: id }) => isUnknown(id) || !NEUTRAL_EXECUTORS.test(id) || id === 'reject-ropc-grant',
  );
  if (matters) throw new CannotTell(`The client policy condition ${provider} is not followed here`);
  return 'no';
}

const CONDITIONS: Readonly<Record<string, (config: Configuration, context: PolicyContext) => Vote>> = {
  'any-client': () => 'yes',
  'acr-condition': (config, { request, acrValues }) => {
    if (request.grant === 'password') return 'abstain';
    return yesIf(acrValues().includes(String(config['acr-property'])));
  },
  'client-scopes': (config, { client, request }) => {
    const listed = listOf(config.scopes, 'scopes of a client policy');
    const ofClient = (names: Client['defaultScopes']) => known(names, `scopes of client ${client.clientId}`);
    const byDefault = () => ofClient(client.defaultScopes).some((name) => listed.includes(name));
    const optional = () =>
      ofClient(client.optionalScopes).some((name) => listed.includes(name) && request.scope?.includes(name));
    switch (config.type) {
      case 'Default':
        return yesIf(byDefault());
      case 'Optional':
        return yesIf(optional());
      case 'Any':
        return yesIf(byDefault() || optional());
      default:
        return 'no';
    }
  },
  'client-roles': (config, { client }) =>
    yesIf(listOf(config.roles, 'roles of a client policy').some((role) => client.roles.includes(role))),
  'client-access-type': (config, { client }) =>
    yesIf(listOf(config.type, 'type of a client policy').includes(known(client.accessType, 'access type'))),
  'grant-type': (config, { request }) =>
    yesIf(
      listOf(config.grant_types, 'grant types of a client policy').includes(
        request.grant === 'password' ? 'password' : 'authorization_code',
      ),
    ),
  'client-attributes': (config, { client }) => yesIf(hasAttributes(client, config.attributes)),
  'client-type': (config, { client }) => yesIf(config.protocol === known(client.protocol, 'protocol')),
  'client-updater-context': () => 'abstain',
  'client-updater-source-groups': () => 'abstain',
  'client-updater-source-host': () => 'abstain',
  'client-updater-source-roles': () => 'abstain',
};

/** Whether a client has all attributes of a JSON list of keys and values; a key that is listed twice matches none. */
function hasAttributes({ attributes }: Client, text: unknown): boolean {
  if (isUnknown(text)) throw new CannotTell(`attributes of a client policy: ${text.unknown}`);
  if (typeof text !== 'string') return false;
  const listed = JSON.parse(text) as { readonly key: string; readonly value: string }[];
  return listed.every(({ key, value }) => {
    if (listed.filter((other) => other.key === key).length > 1) return false;
    const attribute = attributes[key];
    return attribute !== undefined && known(attribute, `attribute ${key} of a client`) === value;
  });
}

function yesIf(condition: boolean): Vote {
  return condition ? 'yes' : 'no';
}

function listOf(value: unknown, what: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (isUnknown(value)) throw new CannotTell(`${what}: ${value.unknown}`);
  return Array.isArray(value) ? value.map(String) : [];
}

function textOf(value: unknown, key: string, policy: string): string | undefined {
  if (isUnknown(value)) throw new CannotTell(`${key} of client policy ${policy}: ${value.unknown}`);
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown, key: string, policy: string): number | undefined {
  if (isUnknown(value)) throw new CannotTell(`${key} of client policy ${policy}: ${value.unknown}`);
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}
