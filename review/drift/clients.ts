import {
  type AcrLoaMap,
  type Client,
  type FlowOverride,
  isUnknown,
  type Known,
  type ProtocolMapper,
  type RealmModel,
} from '../../model/realm-model';
import { APPLY, type Comparison, type Place } from './comparison';
import { areNamesakes, generationless } from './names';

/** Claims that tell how a login was proved. */
const PROVING_CLAIMS = ['acr', 'amr', 'auth_time'];

/** Attributes of a client that the model has a place of its own for. */
const READ_APART = ['acr.loa.map', 'default.acr.values', 'minimum.acr.value'];

/** Compares the clients that the stack declares, what Keycloak's own have of levels, and finds others that use a flow of the stack. */
export function compareClients(comparison: Comparison, live: RealmModel, declared: RealmModel): void {
  for (const client of declared.clients) {
    const path = `client ${client.clientId}`;
    const now = live.clients.find(({ clientId }) => clientId === client.clientId);
    if (client.address === undefined) {
      if (now) compareLevels(comparison, now, client, { path, mend: 'Undo it in the admin console' });
      continue;
    }
    const place = { path, address: client.address, mend: APPLY };
    if (now) compareClient(comparison, now, client, place);
    else comparison.differs(place, 'is gone');
  }
  for (const client of live.clients) {
    if (declared.clients.some(({ clientId }) => clientId === client.clientId)) continue;
    warnOfForeignUse(comparison, client, declared);
  }
}

function compareClient(comparison: Comparison, live: Client, declared: Client, place: Place): void {
  compareLevels(comparison, live, declared, place);
  comparison.sameAll(place, live, declared, ['protocol', 'enabled', 'accessType', 'consentRequired', 'fullScope']);
  for (const grant of Object.keys(declared.grants) as (keyof Client['grants'])[]) {
    comparison.same(place, `grant ${grant}`, live.grants[grant], declared.grants[grant]);
  }
  comparison.sameAll(place, live, declared, ['defaultScopes', 'optionalScopes']);
  for (const [key, wanted] of Object.entries(declared.attributes)) {
    if (!READ_APART.includes(key)) comparison.same(place, key, live.attributes[key], wanted);
  }
  compareMappers(comparison, live.mappers, declared.mappers, place);
}

/** What decides which level a login of the client reaches. */
function compareLevels(comparison: Comparison, live: Client, declared: Client, place: Place): void {
  comparison.same(place, 'own acr.loa.map', mapOf(live.acrLoaMap), mapOf(declared.acrLoaMap));
  comparison.same(place, 'default.acr.values', live.defaultAcrValues, declared.defaultAcrValues);
  comparison.same(place, 'minimum.acr.value', live.minimumAcr, declared.minimumAcr);
  for (const binding of ['browser', 'directGrant'] as const) {
    const [now, wanted] = [live.flowOverrides[binding], declared.flowOverrides[binding]];
    comparison.same(place, `own ${binding} flow`, overrideOf(now), overrideOf(wanted));
  }
}

/** As text; undefined if it names no level, so that the realm's counts. */
export function mapOf(map: Known<AcrLoaMap> | undefined): Known<string | undefined> {
  if (map === undefined || isUnknown(map)) return map;
  if (map.levels.length === 0) return map.broken;
  return JSON.stringify(Object.fromEntries(map.levels.map(({ acr, loa }) => [acr, loa])));
}

function overrideOf(override: Known<FlowOverride> | undefined): Known<string | undefined> {
  if (override === undefined || isUnknown(override)) return override;
  return override.alias ?? `(a flow that is gone: ${override.dangling})`;
}

/** Further mappers are no matter of levels unless they write what Keycloak writes of a login's proofs. */
function compareMappers(
  comparison: Comparison,
  live: readonly ProtocolMapper[],
  declared: readonly ProtocolMapper[],
  place: Place,
): void {
  for (const mapper of declared) {
    const now = live.find(({ name }) => name === mapper.name);
    if (!now) {
      comparison.differs(place, `lacks the mapper "${mapper.name}"`);
      continue;
    }
    comparison.same(place, `mapper "${mapper.name}"`, now.mapper, mapper.mapper);
    for (const [key, wanted] of Object.entries(mapper.config)) {
      comparison.same(place, `${key} of the mapper "${mapper.name}"`, now.config[key], wanted);
    }
  }
  for (const mapper of live) {
    const claim = mapper.config['claim.name'];
    const proves = typeof claim === 'string' && PROVING_CLAIMS.includes(claim);
    if (!proves || declared.some(({ name }) => name === mapper.name)) continue;
    comparison.differs(
      { ...place, mend: 'Delete it in the admin console' },
      `has the mapper "${mapper.name}", which writes the claim "${claim}" and which the stack does not declare`,
    );
  }
}

/** A flow that somebody else uses can't be replaced: Keycloak refuses to delete it only once its parts are gone. */
function warnOfForeignUse(comparison: Comparison, { clientId, flowOverrides }: Client, declared: RealmModel): void {
  for (const override of Object.values(flowOverrides)) {
    const alias = override === undefined || isUnknown(override) ? undefined : override.alias;
    const own = declared.flows.find((flow) => flow.address !== undefined && areNamesakes(flow.alias, alias ?? ''));
    if (alias === undefined || !own) continue;
    comparison.differs(
      { path: `client ${clientId}`, mend: 'Declare the client in this stack, or give it a flow of its own' },
      `is not of this stack and uses its flow "${generationless(alias)}": the next change of the flow takes it apart under the client`,
    );
  }
}
