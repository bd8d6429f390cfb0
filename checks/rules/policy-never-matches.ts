import { type ClientPolicy, isUnknown, type PolicyPart } from '../../model/realm-model';
import { roleExists, scopeExists } from '../../model/simulate/names';
import type { Rule } from '../rule';
import { type Inspection, locate } from '../support/inspection';
import { realmMap } from '../support/levels';
import { listOf } from '../support/protected';
import { guide, source } from '../support/sources';

export const policyNeverMatches: Rule = {
  id: 'policy-never-matches',
  code: 'SU502',
  level: 'error',
  summary: 'A client policy has a condition that no request can meet.',
  cause:
    'Keycloak takes a misspelt key, an acr that is in no map, a role that does not exist, and an empty list of conditions without a word. A scope ' +
    'must exist when the policy is saved, and can be renamed or removed later. The policy then matches nothing, and its executors never run.',
  attack: [
    'A policy enforces a stronger flow for the scope "payment". The scope is replaced by "payments"; the policy stays as it is.',
    'The attacker logs in with a stolen password and asks for "payments".',
    'The policy does not match; the ordinary flow asks for the password only.',
  ],
  remedy: 'Name what exists, by references; and log in once to see that the policy does what it should.',
  sources: [guide('Client policies'), source('DefaultClientPolicyManager')],
  inspect(inspection) {
    for (const policy of inspection.model.clientPolicies) {
      const at = locate(`client policy ${policy.name}`, policy);
      if (inspection.known(policy.enabled, 'whether it is enabled', at) === false) continue;
      const why = policy.conditions.length === 0 ? 'it has no condition' : firstReason(inspection, policy);
      if (why === undefined) continue;
      inspection.found(at, {
        what: `Client policy "${policy.name}" never matches: ${why}`,
        gain: 'What it should enforce is not enforced: the ordinary flow lets in whom it lets in.',
        instead: 'Correct the condition, and log in once to see that it matches',
      });
    }
  },
};

function firstReason(inspection: Inspection, policy: ClientPolicy): string | undefined {
  for (const condition of policy.conditions) {
    const reason = whyNever(inspection, policy, condition);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const TYPES = ['Default', 'Optional', 'Any'];

function whyNever(inspection: Inspection, policy: ClientPolicy, { provider, config }: PolicyPart): string | undefined {
  const at = locate(`client policy ${policy.name}`, policy);
  const id = inspection.known(provider, 'a condition', at);
  const values = inspection.known(config, 'the config of a condition', at);
  if (id === undefined || values === undefined || String(values['is-negative-logic']) === 'true') return undefined;
  const value = (key: string) => inspection.known<unknown>(values[key], key, at);
  if (Object.values(values).some(isUnknown)) {
    for (const key of Object.keys(values)) value(key);
    return undefined;
  }
  switch (id) {
    case 'acr-condition':
      return acrReason(inspection, value('acr-property'));
    case 'client-scopes': {
      const scopes = listOf(value('scopes'));
      if (scopes.length === 0) return 'client-scopes has no "scopes"';
      if (!TYPES.includes(String(value('type')))) return `the type of client-scopes is none of ${TYPES.join(', ')}`;
      return told(inspection, at.path, () =>
        scopes.some((name) => scopeExists(inspection.model, name)) ? undefined : `there is no scope ${quote(scopes)}`,
      );
    }
    case 'client-roles': {
      const roles = listOf(value('roles'));
      if (roles.length === 0) return 'client-roles has no "roles"';
      const { clients } = inspection.model;
      return told(inspection, at.path, () =>
        roles.some((role) =>
          clients.some(
            (client) => client.roles.includes(role) || roleExists(inspection.model, `${client.clientId}.${role}`),
          ),
        )
          ? undefined
          : `no client has a role ${quote(roles)}`,
      );
    }
    default:
      return undefined;
  }
}

function acrReason(inspection: Inspection, acr: unknown): string | undefined {
  if (acr === undefined) return 'acr-condition has no "acr-property"';
  const maps = [realmMap(inspection), ...inspection.model.clients.map(({ acrLoaMap }) => acrLoaMap)];
  if (maps.some((map) => map !== undefined && isUnknown(map))) return undefined;
  const known = maps.some((map) => map && !isUnknown(map) && map.levels.some((level) => level.acr === acr));
  return known ? undefined : `no acr map has "${acr}"`;
}

function told(inspection: Inspection, path: string, ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch (error) {
    inspection.cannotTell({ path }, (error as Error).message);
    return undefined;
  }
}

const quote = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
