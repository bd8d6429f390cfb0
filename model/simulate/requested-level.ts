import { parseJavaInt } from '../keycloak/java';
import { type AcrLoaMap, type Client, type Flow, isUnknown, type RealmModel } from '../realm-model';
import { configuredLevels } from './acr-store';
import { known, MINIMUM_LOA, type RequestedLevel } from './login';
import { FlowError } from './signals';
import type { LoginRequest, TraceEntry } from './types';

/** Which level a request asks for. Source: `AcrUtils` and `AuthorizationEndpoint.updateAuthenticationSession`. */

type AcrRequest = Pick<LoginRequest, 'acrValues' | 'acrClaim'>;

/** The client's map, or the realm's if it has none (`AcrUtils.getAcrLoaMap`). */
export function acrLoaMap(model: RealmModel, client: Client): AcrLoaMap {
  const own = client.acrLoaMap && known(client.acrLoaMap, `acr.loa.map of client ${client.clientId}`);
  return own && own.levels.length > 0 ? own : known(model.acrLoaMap, 'acr.loa.map of the realm');
}

export function loaOf(map: AcrLoaMap, acr: string): number | undefined {
  return map.levels.findLast((level) => level.acr === acr)?.loa;
}

/** The acr values that are essential (`getRequiredAcrValues`). */
export function essentialAcrValues(request: AcrRequest): readonly string[] {
  return request.acrClaim?.essential ? request.acrClaim.values : [];
}

/** The acr values of a request that isn't essential, after default and minimum (`AcrUtils.getAcrValues`). */
export function acrValues(
  model: RealmModel,
  client: Client,
  request: AcrRequest,
  browserFlow: () => Flow,
  note: (entry: TraceEntry) => void = () => {},
): readonly string[] {
  let values: readonly string[] = [...(request.acrValues ?? []), ...(request.acrClaim?.values ?? [])];
  if (values.length === 0) {
    values = known(client.defaultAcrValues, `default.acr.values of client ${client.clientId}`);
    if (values.length > 0) note({ rule: 'default-acr', at: client.clientId, detail: values.join(' ') });
  }
  const raised = withMinimum(model, client, values, browserFlow);
  if (!equal(raised, values)) note({ rule: 'minimum-acr', at: client.clientId, detail: raised.join(' ') });
  return raised;
}

/** Drops what is lower than the client's minimum, and asks for the minimum if nothing is left (`enforceMinimumAcr`). */
function withMinimum(
  model: RealmModel,
  client: Client,
  values: readonly string[],
  browserFlow: () => Flow,
): readonly string[] {
  if (client.minimumAcr === undefined) return values;
  const minimum = known(client.minimumAcr, `minimum.acr.value of client ${client.clientId}`);
  const map = acrLoaMap(model, client);
  const resolve = (acr: string) =>
    loaOf(map, acr) ?? configuredLevels(browserFlow()).find((level) => String(level) === acr);
  const minimumLoa = resolve(minimum);
  if (minimumLoa === undefined) return values;
  const enough = values.filter((acr) => (resolve(acr) ?? Number.NEGATIVE_INFINITY) >= minimumLoa);
  return enough.length > 0 ? enough : [minimum];
}

/**
 * The level that a request asks for.
 * @throws FlowError if an essential acr is unknown or lower than the client's minimum
 */
export function resolveRequestedLevel(
  model: RealmModel,
  client: Client,
  request: AcrRequest,
  browserFlow: () => Flow,
  note: (entry: TraceEntry) => void,
): RequestedLevel {
  const map = acrLoaMap(model, client);
  const required = essentialAcrValues(request);
  const essential = required.length > 0;
  if (essential && !equal(withMinimum(model, client, required, browserFlow), required)) {
    throw new FlowError('invalid-claims', 'The essential acr is lower than the minimum of the client');
  }
  const values = essential ? required : acrValues(model, client, request, browserFlow, note);
  const levels = values.map((acr) => {
    const loa = loaOf(map, acr) ?? parseJavaInt(acr);
    if (loa !== undefined) return loa;
    if (essential) throw new FlowError('invalid-claims', `The essential acr ${acr} is unknown`);
    note({ rule: 'unknown-acr', at: client.clientId, detail: acr });
    return MINIMUM_LOA;
  });
  if (new Set(levels).size > 1) note({ rule: 'lowest-acr', at: client.clientId, detail: values.join(' ') });
  return { loa: levels.length === 0 ? undefined : Math.min(...levels), essential };
}

/** The acr of a token for the reached level (`AcrProtocolMapper.getAcr`, `AcrUtils.mapLoaToAcr`). */
export function acrClaimFor(
  model: RealmModel,
  client: Client,
  request: AcrRequest,
  reached: { readonly loa: number; readonly sso: boolean },
  browserFlow: () => Flow,
): string {
  const loa = reached.loa < MINIMUM_LOA ? (reached.sso ? 0 : 1) : reached.loa;
  const map = acrLoaMap(model, client);
  const all = () => map.levels.map(({ acr }) => acr);
  return (
    bestAcr(loa, map, essentialAcrValues(request)) ??
    bestAcr(loa, map, acrValues(model, client, request, browserFlow)) ??
    bestAcr(loa, map, all()) ??
    String(loa)
  );
}

/** The acr of the highest level that isn't above `loa`; the first of equals. */
function bestAcr(loa: number, map: AcrLoaMap, values: readonly string[]): string | undefined {
  if (map.levels.length === 0) return undefined;
  let best: string | undefined;
  let highest = -1;
  for (const acr of values) {
    const mapped = loaOf(map, acr) ?? parseJavaInt(acr);
    if (mapped === undefined || mapped <= highest || mapped > loa) continue;
    best = acr;
    highest = mapped;
  }
  return best;
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Whether the client's tokens have an acr at all: it comes from a mapper, by default that of the scope `acr`. */
export function hasAcrMapper(model: RealmModel, client: Client, scopes: readonly string[]): boolean | undefined {
  if (client.mappers.some(({ mapper }) => mapper === 'oidc-acr-mapper')) return true;
  const ofScopes = scopes.map((name) => model.clientScopes.find((scope) => scope.name === name));
  if (ofScopes.some((scope) => scope?.mappers.some(({ mapper }) => mapper === 'oidc-acr-mapper'))) return true;
  return ofScopes.includes(undefined) && !model.complete
    ? undefined
    : isUnknown(client.defaultScopes)
      ? undefined
      : false;
}
