import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { readRealmRepresentation } from '../../model/readers';
import { fetchRealm } from '../../model/readers/keycloak/live';
import { isUnknown, type RealmModel } from '../../model/realm-model';

/** What logins go by in a realm, without what differs between two realms of the same stack: ids, and the names of generations. */
export interface Standing {
  /** Of the flow that is bound: a line for each step, with its requirement and its config. */
  readonly executions: readonly string[];
  /** The whole realm as the reader has it, but for flows that nothing uses. */
  readonly model: string;
  /** The alias of the flow that is bound. */
  readonly bound: string;
  /** Flows of ours that nothing uses. */
  readonly leftOver: readonly string[];
}

/**
 * Reads what logins go by in a live realm.
 *
 * @param json the stack as Terraform's JSON. Required actions that it doesn't have are as earlier stacks left them.
 */
export async function standingOf(admin: KeycloakAdminClient, realm: string, json: string): Promise<Standing> {
  const actions: Record<string, { alias: string }> = JSON.parse(json).resource.keycloak_required_action ?? {};
  const managed = new Set(Object.values(actions).map(({ alias }) => alias));
  const representation = await fetchRealm(admin, realm);
  const model = readRealmRepresentation(representation, 'live');
  const bound = String(representation.browserFlow);
  const used = usedFlows(model, bound);
  // A flow's name has the hash of its content, which is kept, and the time of its try.
  const shown = (text: string) => text.replaceAll(realm, 'REALM').replace(/(-[0-9a-f]{8})-\d{14}/g, '$1');
  const listed = await admin.authenticationManagement.getExecutions({ realm, flow: bound });
  const configs = await Promise.all(
    listed.map(({ authenticationConfig: id }) =>
      id === undefined ? undefined : admin.authenticationManagement.getConfig({ realm, id }),
    ),
  );
  return {
    bound,
    executions: listed.map((step, index) => {
      const { level = 0, providerId, displayName, requirement } = step;
      const name = step.authenticationFlow ? displayName : providerId;
      const config = Object.entries(configs[index]?.config ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
      const said = config.map(([key, value]) => `${key}=${value}`).join(' ');
      return shown(`${'  '.repeat(level)}${name} ${requirement} ${said}`.trimEnd());
    }),
    model: shown(
      JSON.stringify(
        plain({
          ...model,
          flows: model.flows.filter(({ alias }) => used.has(alias)),
          requiredActions: model.requiredActions.filter(({ alias }) => managed.has(alias)),
        }),
      ),
    ),
    leftOver: model.flows.filter(({ alias, builtIn }) => !builtIn && !used.has(alias)).map(({ alias }) => alias),
  };
}

/** The lines in which two standings differ; empty if they are the same. */
export function differences(wanted: Standing, found: Standing): string[] {
  const lines = [
    ...without(wanted.executions, found.executions).map((line) => `lacks: ${line.trim()}`),
    ...without(found.executions, wanted.executions).map((line) => `too much: ${line.trim()}`),
  ];
  if (lines.length > 0) return lines;
  if (wanted.executions.join('\n') !== found.executions.join('\n')) return ['the same steps in another order'];
  return wanted.model === found.model ? [] : [`the realm differs: ${firstDifference(wanted.model, found.model)}`];
}

/** Lines of the first list that the second has less often. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function firstDifference(a: string, b: string): string {
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return `${a.slice(at - 60, at + 60)} / ${b.slice(at - 60, at + 60)}`;
}

/** All flows that a binding, a client's override or a client policy names. */
function usedFlows(model: RealmModel, bound: string): Set<string> {
  const named = JSON.stringify([model.bindings, model.clients, model.clientPolicies, model.clientProfiles]);
  const isNamed = (alias: string) => named.includes(JSON.stringify(alias));
  return new Set([bound, ...model.flows.map(({ alias }) => alias).filter(isNamed)]);
}

/** Without ids, which differ, and in a fixed order where Keycloak has none. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(plain);
    const isOrdered = value.some((item) => typeof item === 'object' && item !== null && 'priority' in item);
    return isOrdered ? items : items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null || isUnknown(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !['id', 'address', 'keycloakVersion'].includes(key));
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, plain(item)]));
}
