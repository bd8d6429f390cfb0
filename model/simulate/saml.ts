import { compareVersions, PINNED_VERSION } from '../keycloak/versions';
import type { Client, Flow, RealmModel } from '../realm-model';
import { flowByAlias } from './choose-flow';
import { known, type RequestedLevel } from './login';
import { CannotTell } from './signals';
import type { LoginRequest, TraceEntry } from './types';

/** What SAML clients ask for. Source: `SamlService.loginRequest`, `SamlProtocolUtils.getSelectedLoA`, `AcrUtils.getUriLoaMap`. */

/** First release that reads the classes of requests with no feature switched on. */
const CLASSES_SINCE = '26.7.0';

type Classes = ReadonlyMap<string, number>;

/** Levels by authentication context class: the client's own `acr.loa.map`, else what the realm's `acr.uri.map` names. */
export function contextClasses(model: RealmModel, client: Client): Classes {
  const { keycloakVersion = PINNED_VERSION } = model;
  if (compareVersions(keycloakVersion, CLASSES_SINCE) < 0) return new Map();
  if (model.disabledFeatures?.includes('STEP_UP_AUTHENTICATION_SAML')) return new Map();
  const own = client.acrLoaMap && known(client.acrLoaMap, `acr.loa.map of client ${client.clientId}`);
  if (own && own.levels.length > 0) return new Map(own.levels.map(({ acr, loa }) => [acr, loa]));
  const classes = new Map<string, number>();
  for (const { uri, loa } of known(model.acrUriMap ?? { classes: [] }, 'acr.uri.map of the realm').classes) {
    // Two names of one class: the higher level counts.
    classes.set(uri, Math.max(loa, classes.get(uri) ?? loa));
  }
  return classes;
}

/**
 * The level that a SAML login has to reach; it then counts as essential. Undefined if none of the classes that the request
 * names will do.
 */
export function samlLevel(
  model: RealmModel,
  client: Client,
  request: LoginRequest,
  note: (entry: TraceEntry) => void,
): RequestedLevel | undefined {
  const nothing: RequestedLevel = { loa: undefined, essential: false };
  if (request.initiatedByProvider) {
    note({ rule: 'saml-without-request', at: client.clientId });
    return nothing;
  }
  const classes = contextClasses(model, client);
  if (classes.size === 0) {
    note({ rule: 'saml-without-classes', at: client.clientId });
    return nothing;
  }
  const minimum = client.minimumAcr && known(client.minimumAcr, `minimum.acr.value of client ${client.clientId}`);
  if (minimum && !classes.has(minimum)) note({ rule: 'saml-minimum-unknown', at: client.clientId, detail: minimum });
  const { acrValues = [] } = request;
  const selected =
    acrValues.length > 0
      ? acrValues.map((each) => suitable(each, request.comparison ?? 'exact', classes, minimum)).find((each) => each)
      : minimum !== undefined && classes.has(minimum)
        ? minimum
        : undefined;
  if (selected === undefined) return acrValues.length > 0 ? undefined : nothing;
  const loa = classes.get(selected);
  // A class that a comparison replaces by a minimum that the map lacks has no level; Keycloak fails to read it as one.
  if (loa === undefined) return undefined;
  note({ rule: 'saml-context', at: client.clientId, detail: selected });
  return { loa, essential: true };
}

/** Whether the client takes logins without a browser (Enhanced Client or Proxy): a name and a password in one request. */
export function allowsEcp({ attributes, clientId }: Client): boolean {
  const allowed = attributes['saml.allow.ecp.flow'];
  return allowed !== undefined && known(allowed, `saml.allow.ecp.flow of client ${clientId}`) === 'true';
}

/** Keycloak takes the flow of that name, whatever the client overrides (`SamlEcpProfileService.getAuthenticationFlow`). */
export function ecpFlow(model: RealmModel): Flow {
  const flow = flowByAlias(model, 'saml ecp');
  if (!flow) throw new CannotTell('The flow saml ecp is not in this source');
  return flow;
}

function suitable(
  named: string,
  comparison: NonNullable<LoginRequest['comparison']>,
  classes: Classes,
  minimum: string | undefined,
): string | undefined {
  const level = classes.get(named);
  if (level === undefined) return undefined;
  const lowest = classes.get(minimum ?? '') ?? Number.NEGATIVE_INFINITY;
  if (comparison === 'better') {
    if (lowest > level) return minimum;
    const higher = [...classes].filter(([, other]) => other > level).sort(([, a], [, b]) => a - b);
    return higher[0]?.[0];
  }
  if (level >= lowest) return named;
  return comparison === 'minimum' ? minimum : undefined;
}
