import { type Client, isUnknown } from '../../model/realm-model';
import { clientLocation, type Inspection } from './inspection';
import { browserFlowOf, levelsOf, loaOf, mapOf, useOf } from './levels';

/** Why more than the lowest level is meant to be asked of a client's users: in words, empty if nothing says so. */
export function protections(inspection: Inspection, client: Client): string[] {
  return [
    ...protectedByAcr(inspection, client),
    ...guardedScopes(inspection, client).map((scope) => `the scope "${scope}"`),
  ];
}

function protectedByAcr(inspection: Inspection, client: Client): string[] {
  const at = clientLocation(client);
  const map = mapOf(inspection, client);
  if (!map) return [];
  const lowest = lowestLevel(inspection, client);
  const above = (acr: string) => (loaOf(map, acr) ?? 0) > lowest;
  const minimum =
    client.minimumAcr === undefined ? undefined : inspection.known(client.minimumAcr, 'its minimum acr', at);
  const defaults = inspection.known(client.defaultAcrValues, 'its default acr', at) ?? [];
  return [
    ...(minimum !== undefined && above(minimum) ? [`minimum.acr.value "${minimum}"`] : []),
    ...defaults.filter(above).map((acr) => `default.acr.values "${acr}"`),
  ];
}

/** The lowest level of the client's browser flow. */
export function lowestLevel(inspection: Inspection, client: Client): number {
  const use = useOf(inspection, browserFlowOf(inspection, client));
  return (use && levelsOf(inspection, use)[0]) ?? 1;
}

/** The client's scopes that some flow or client policy of the realm looks at. */
function guardedScopes(inspection: Inspection, client: Client): string[] {
  const { model } = inspection;
  const ofFlows = [...inspection.places(inspection.loginFlows)]
    .filter(({ authenticator }) => authenticator === 'conditional-client-scope')
    .map((place) => place.setting('client_scope'));
  const ofPolicies = model.clientPolicies.flatMap(({ conditions }) =>
    conditions.flatMap(({ provider, config }) =>
      provider === 'client-scopes' && !isUnknown(config) ? listOf(config.scopes) : [],
    ),
  );
  const guarded = new Set([...ofFlows, ...ofPolicies]);
  const at = clientLocation(client);
  const own = [
    ...(inspection.known(client.defaultScopes, 'its default scopes', at) ?? []),
    ...(inspection.known(client.optionalScopes, 'its optional scopes', at) ?? []),
  ];
  return own.filter((name) => guarded.has(name));
}

/** A list in a policy's config, which providers write as an array or as its JSON. */
export function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed.map(String) : [];
  } catch {
    return [];
  }
}
