import { parseJavaBoolean, parseJavaInt } from '../keycloak/java';
import { type Client, isUnknown, type ProtocolMapper, type RealmModel } from '../realm-model';
import { boundFlow } from './choose-flow';
import { known } from './login';
import { acrClaimFor, acrLoaMap, loaOf } from './requested-level';
import { CannotTell } from './signals';
import { mappersInEffect } from './token-contents';
import type { ClientSession, LoginRequest, SimulatedUser } from './types';

/** What tokens say about their acr. */
export interface AcrClaims {
  /**
   * Values that `acr` may have in the access or the ID token, the highest first; undefined stands for a token without it. There
   * are several where mappers disagree: Keycloak runs them in an order that follows their random ids.
   */
  readonly possible: readonly (string | undefined)[];
  /** Why there may be other values, if that can't be told. */
  readonly because?: string;
}

/** What one mapper writes into `acr`: undefined for nothing. */
type Written = { readonly value: string | undefined } | { readonly because: string };

const ACR_MAPPER = 'oidc-acr-mapper';
/** Writes what the request says. */
export const REQUESTED_CLAIM_MAPPER = 'oidc-claims-param-value-idtoken-mapper';
/** Script mappers run last (`ProtocolMapperUtils.PRIORITY_SCRIPT_MAPPER`). */
const SCRIPT = /^script-|^oidc-script-based-protocol-mapper$/;

/**
 * The acr of the tokens that a login ends with, by all mappers in effect.
 *
 * Source: `DefaultClientSessionContext.loadProtocolMappers` (a set, by the hashes of ids), `ProtocolMapperUtils.compare`,
 * `AcrProtocolMapper`, `OIDCAttributeMapperHelper.mapClaim`.
 *
 * @param reached the client's part of the session: level, and what the client asked for
 */
export function acrClaims(
  model: RealmModel,
  client: Client,
  request: Pick<LoginRequest, 'scope'>,
  reached: ClientSession,
  user: SimulatedUser,
): AcrClaims {
  const mappers = mappersInEffect(model, client, request, user).filter((mapper) => mayWriteAcr(mapper));
  const lightweight = client.attributes['client.use.lightweight.access.token.enabled'];
  const accessToken =
    lightweight !== undefined && known(lightweight, 'lightweight access token') === 'true'
      ? 'lightweight.claim'
      : 'access.token.claim';
  const tokens = (request.scope ?? ['openid']).includes('openid') ? [accessToken, 'id.token.claim'] : [accessToken];
  const possible = new Set<string | undefined>();
  let because: string | undefined;
  for (const token of tokens) {
    const values = new Set<string>();
    for (const mapper of mappers) {
      if (known(mapper.config[token] ?? 'false', `${token} of mapper ${mapper.name}`) !== 'true') continue;
      if (mapper.mapper === ACR_MAPPER) {
        values.add(acrClaimFor(model, client, reached, reached, () => boundFlow(model, 'browser')));
        continue;
      }
      const written = writtenBy(mapper, token, reached, user);
      if ('because' in written) because ??= written.because;
      else if (written.value !== undefined) values.add(written.value);
    }
    if (values.size === 0) possible.add(undefined);
    for (const value of values) possible.add(value);
  }
  return { possible: highestFirst(model, client, [...possible]), ...(because !== undefined && { because }) };
}

/** The mappers in effect that write an acr, as text: requests with the same have the same acr at the same level. */
export function acrSources(
  model: RealmModel,
  client: Client,
  request: Pick<LoginRequest, 'scope'>,
  user: SimulatedUser,
): string {
  return JSON.stringify(mappersInEffect(model, client, request, user).filter((mapper) => mayWriteAcr(mapper)));
}

/** The user attributes that mappers write into the acr of a client's tokens, whatever scopes are asked for. */
export function attributesInAcr(model: RealmModel, client: Client): string[] {
  const mappers = [...client.mappers, ...model.clientScopes.flatMap((scope) => scope.mappers)];
  return mappers.flatMap(({ mapper, config }) => {
    const attribute = config['user.attribute'];
    if (!/^oidc-usermodel-(attribute|property)-mapper$/.test(mapper) || typeof attribute !== 'string') return [];
    return isUnknown(config['claim.name']) || writesAcr(config['claim.name']) ? [attribute] : [];
  });
}

/** Client scopes whose mappers may write the acr: clients that have one as an optional scope have an acr for asking. */
export function scopesWithAcr({ clientScopes }: RealmModel): string[] {
  const mayWrite = (mapper: ProtocolMapper) => isUnknown(mapper.config['claim.name']) || mayWriteAcr(mapper);
  return clientScopes
    .filter(({ protocol, mappers }) => protocol === 'openid-connect' && mappers.some(mayWrite))
    .map(({ name }) => name);
}

/** Keycloak's own mappers; they write the claim that `claim.name` names, or one of another name. */
const KEYCLOAKS = /^oidc-(?!script-)/;

/** Whether the mapper may write the acr, or that is not known. */
function mayWriteAcr({ name, mapper, config }: ProtocolMapper): boolean {
  if (mapper === ACR_MAPPER) return true;
  const claim = config['claim.name'];
  if (claim === undefined) return !KEYCLOAKS.test(mapper);
  return writesAcr(known(claim, `claim.name of mapper ${name}`));
}

function writesAcr(claim: unknown): boolean {
  const [first, ...more] = typeof claim === 'string' ? splitClaimPath(claim) : [];
  return first === 'acr' && more.length === 0;
}

/** Components of a claim's name, in which a backslash stands before a literal character (`JsonUtils.splitClaimPath`). */
export function splitClaimPath(claim: string): string[] {
  const components: string[] = [];
  let rest = claim;
  for (;;) {
    const [matched, component] = /^((?:\\.|[^\\.])+?)\./.exec(rest) ?? [];
    if (matched === undefined || component === undefined) break;
    components.push(component);
    rest = rest.slice(matched.length);
  }
  if (rest.length > 0) components.push(rest);
  return components.map((component) => component.replace(/\\(.)/g, '$1'));
}

/** Fields that every account has a value of, which the model's accounts don't say. */
const FIELDS: ReadonlySet<string> = new Set(['username', 'email', 'id']);

function writtenBy(mapper: ProtocolMapper, token: string, reached: ClientSession, user: SimulatedUser): Written {
  const setting = (key: string) =>
    mapper.config[key] === undefined ? undefined : known(mapper.config[key], `${key} of mapper ${mapper.name}`);
  const because = (what: string): Written => ({ because: `The mapper ${mapper.name} writes ${what} into acr` });
  const type = setting('jsonType.label');
  switch (mapper.mapper) {
    case 'oidc-hardcoded-claim-mapper':
      return { value: converted(type, setting('claim.value')) };
    case 'oidc-usermodel-attribute-mapper':
    case 'oidc-usermodel-property-mapper': {
      const attribute = setting('user.attribute') ?? '';
      if (FIELDS.has(attribute) && !user.attributes?.[attribute]) return because(`the user's ${attribute}`);
      const aggregate = parseJavaBoolean(setting('aggregate.attrs'));
      const values = attributeValues(user, attribute, aggregate);
      if (!parseJavaBoolean(setting('multivalued'))) return { value: converted(type, values[0]) };
      return values.length === 0
        ? { value: undefined }
        : { value: `[${values.map((v) => converted(type, v)).join(', ')}]` };
    }
    case 'oidc-usersessionmodel-note-mapper':
      return because(`the session note ${setting('user.session.note')}`);
    case REQUESTED_CLAIM_MAPPER:
      // The ID token alone; it takes the single value that the request names as essential.
      if (token !== 'id.token.claim' || !reached.acrClaim?.essential) return { value: undefined };
      return { value: reached.acrClaim.value };
    default:
      return because(SCRIPT.test(mapper.mapper) ? 'what a script says' : `what ${mapper.mapper} says`);
  }
}

function attributeValues(user: SimulatedUser, name: string, aggregate: boolean): readonly string[] {
  const own = user.attributes?.[name] ?? [];
  const ofGroups = user.groupAttributes?.[name] ?? [];
  if (aggregate) return [...new Set([...own, ...ofGroups])];
  return own.length > 0 ? own : ofGroups;
}

/** The text of a value of a JSON type; undefined where Keycloak writes nothing (`OIDCAttributeMapperHelper.convertToType`). */
function converted(type: string | undefined, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  switch (type) {
    case 'boolean':
      return String(parseJavaBoolean(value));
    case 'int':
      return parseJavaInt(value)?.toString();
    case 'long':
      return /^[+-]?\d+$/.test(value) ? BigInt(value.replace('+', '')).toString() : undefined;
    case 'JSON':
      try {
        return JSON.stringify(JSON.parse(value));
      } catch {
        return undefined;
      }
    default:
      return value;
  }
}

/** By the levels that the client's map gives the names. */
function highestFirst(model: RealmModel, client: Client, values: (string | undefined)[]): (string | undefined)[] {
  if (values.length < 2) return values;
  const rank = (acr: string | undefined) => {
    if (acr === undefined) return -2;
    try {
      return loaOf(acrLoaMap(model, client), acr) ?? parseJavaInt(acr) ?? -1;
    } catch (error) {
      if (error instanceof CannotTell) return -1;
      throw error;
    }
  };
  return values.sort((a, b) => rank(b) - rank(a));
}
