import { parseJavaInt } from '../../model/keycloak/java';
import { type AcrLoaMap, type Client, type Flow, isUnknown, type RealmModel } from '../../model/realm-model';
import { contextClasses } from '../../model/simulate/saml';
import { CannotTell } from '../../model/simulate/signals';
import { enforced, type FlowUse } from './flow-uses';
import { clientLocation, type Inspection } from './inspection';
import { LOA_CONDITION, type Place } from './places';

/** A level condition that is enabled, and the subflow that it stands in. */
export interface LevelPlace {
  readonly condition: Place;
  /** Undefined if the condition stands at the top of the flow. */
  readonly subflow: Place | undefined;
  readonly level: number | undefined;
}

/** The level conditions of a flow in the order of the flow. */
export function levelPlaces(inspection: Inspection, flow: FlowUse): LevelPlace[] {
  return [...inspection.places([flow])]
    .filter((place) => place.authenticator === LOA_CONDITION)
    .map((condition) => ({ condition, subflow: condition.above, level: condition.level }));
}

/** The levels that a flow can grant, ascending. */
export function levelsOf(inspection: Inspection, flow: FlowUse): number[] {
  const levels = levelPlaces(inspection, flow).flatMap(({ level }) => (level === undefined ? [] : [level]));
  return [...new Set(levels)].sort((a, b) => a - b);
}

/** The realm's acr map; undefined if it isn't known, which is then told. */
export function realmMap(inspection: Inspection): AcrLoaMap | undefined {
  return inspection.known(inspection.model.acrLoaMap, 'the acr map of the realm', REALM);
}

export const REALM = { path: 'realm' } as const;

/** The map that counts for a client: its own if it has levels, else the realm's. */
export function mapOf(inspection: Inspection, client: Client): AcrLoaMap | undefined {
  const own = client.acrLoaMap && inspection.known(client.acrLoaMap, 'its acr map', clientLocation(client));
  return own && own.levels.length > 0 ? own : realmMap(inspection);
}

/** What a SAML client may ask for, by level; undefined if that isn't known, which is then told. */
export function classesOf(inspection: Inspection, client: Client): ReadonlyMap<string, number> | undefined {
  try {
    return contextClasses(inspection.model, client);
  } catch (error) {
    if (!(error instanceof CannotTell)) throw error;
    inspection.cannotTell(clientLocation(client), error.message);
    return undefined;
  }
}

/** The level that an acr name or a number stands for. */
export function loaOf(map: AcrLoaMap, acr: string): number | undefined {
  return map.levels.findLast((level) => level.acr === acr)?.loa ?? parseJavaInt(acr);
}

/** The name of a level, for messages. */
export function nameOf(model: RealmModel, loa: number): string {
  const map = isUnknown(model.acrLoaMap) ? undefined : model.acrLoaMap;
  const acr = map?.levels.find((level) => level.loa === loa)?.acr;
  return acr === undefined ? `level ${loa}` : `"${acr}" (level ${loa})`;
}

/** The levels that some client policy stamps. */
export function stampedLevels(model: RealmModel): number[] {
  return enforced(model).flatMap(({ executor }) => {
    const level = isUnknown(executor.config) ? undefined : parseJavaInt(String(executor.config['auth-flow-loa']));
    return level === undefined ? [] : [level];
  });
}

/** The flow that logins of a client use in a browser, without client policies; undefined if that can't be told. */
export function browserFlowOf(inspection: Inspection, client: Client): Flow | undefined {
  const { model } = inspection;
  const at = clientLocation(client);
  const { browser } = client.flowOverrides;
  const override = browser && inspection.known(browser, 'its browser flow', at);
  if (browser && !override) return undefined;
  const own = override?.alias === undefined ? undefined : model.flows.find(({ alias }) => alias === override.alias);
  return own ?? realmFlow(inspection);
}

/** The browser flow that the realm binds. */
export function realmFlow(inspection: Inspection): Flow | undefined {
  const { model } = inspection;
  const alias = inspection.known(model.bindings.browser, 'the browser binding', REALM);
  if (alias === undefined) return undefined;
  const flow = model.flows.find((each) => each.alias === alias);
  if (!flow && !model.complete) inspection.cannotTell(REALM, `the flow ${alias} is not in this source`);
  return flow;
}

/** The use of a flow in this inspection. */
export function useOf(inspection: Inspection, flow: Flow | undefined): FlowUse | undefined {
  return inspection.flows.find((use) => use.flow === flow);
}
