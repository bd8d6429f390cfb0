import fc from 'fast-check';
import { DIRECT_GRANT_LETTERS, directGrantTree, named, sensibleTree, tree } from './arbitrary-flow';
import { login } from './arbitrary-login';
import { compact, maybe, oneOf, weighted } from './arbitrary-support';
import {
  CLIENT_ROLE,
  type ClientSettings,
  COMPOSITE_ROLE,
  type ConformanceCase,
  DEFAULT_SCOPE,
  type LoginSettings,
  OPTIONAL_SCOPE,
  type PolicyCondition,
  type PolicySettings,
  type RealmSettings,
  type ResetFlow,
  ROLES,
  SECOND_SCOPE,
  type SecondClientSettings,
  UNUSED_SCOPE,
  type UserSettings,
} from './case';

const acr = oneOf('silver', 'gold', 'platinum', 'unknown', '1', '2', '3', '0');
const acrMap = fc.constantFrom<Record<string, number>>(
  { silver: 1, gold: 2 },
  { silver: 1, gold: 2, platinum: 3 },
  { gold: 2, platinum: 4 },
  { bronze: 1, silver: 1, gold: 2 },
  { gold: 1 },
  {},
);

export const realmSettings = compact<RealmSettings>({
  acrMap: fc.constantFrom<Record<string, number>>({ silver: 1, gold: 2 }, { silver: 1, gold: 2, platinum: 3 }),
  otpEnrolment: weighted([3, true], [1, false]),
  actionMaxAge: maybe(oneOf('0', '1', 'abc'), 20),
  reset: maybe(weighted<ResetFlow>([3, 'plain'], [2, 'force-login'], [1, 'otp'], [1, 'no-mail'], [1, 'level']), 80),
  registration: maybe(fc.constant(true), 70),
} as never);

const clientSettings = {
  acrMap: maybe(acrMap, 20),
  defaultAcr: maybe(acr, 20),
  minimumAcr: maybe(oneOf('silver', 'gold', '1', '2'), 20),
  consent: maybe(fc.constant(true), 20),
  acrScope: maybe(oneOf('optional', 'none'), 8),
};
const client = compact<ClientSettings>(clientSettings as never);
const secondClient = compact<SecondClientSettings>({
  ...clientSettings,
  flow: weighted([3, 'own'], [3, 'realm'], [2, 'strong'], [2, 'subflow']),
} as never);

const negated = maybe(weighted<boolean | string>([1, true], [1, 'true'], [1, false]), 25);

const policyCondition: fc.Arbitrary<PolicyCondition> = fc.oneof(
  conditionOf(3, 'acr-condition', { 'acr-property': acr }),
  conditionOf(3, 'client-scopes', {
    scopes: fc.subarray([OPTIONAL_SCOPE, SECOND_SCOPE, DEFAULT_SCOPE, UNUSED_SCOPE], { minLength: 1 }),
    type: oneOf('Optional', 'Default', 'Any'),
  }),
  conditionOf(1, 'any-client', {}),
  conditionOf(1, 'client-access-type', { type: fc.subarray(['public', 'confidential'], { minLength: 1 }) }),
  conditionOf(1, 'grant-type', {
    grant_types: fc.subarray(['authorization_code', 'password', 'refresh_token'], { minLength: 1 }),
  }),
  conditionOf(1, 'client-type', { protocol: oneOf('openid-connect', 'saml') }),
  conditionOf(1, 'client-attributes', {
    attributes: fc.constantFrom(
      JSON.stringify([{ key: 'oauth2.device.authorization.grant.enabled', value: 'true' }]),
      JSON.stringify([{ key: 'no such attribute', value: '' }]),
    ),
  }),
  conditionOf(1, 'client-roles', { roles: fc.constantFrom([CLIENT_ROLE], ['no such role']) }),
  conditionOf(1, 'client-updater-context', { 'update-client-source': fc.constant(['ByAuthenticatedUser']) }),
);

function conditionOf(weight: number, condition: string, configuration: Record<string, fc.Arbitrary<unknown>>) {
  const arbitrary = fc.record({
    condition: fc.constant(condition),
    configuration: compact<Record<string, unknown>>({ ...configuration, 'is-negative-logic': negated }),
  });
  return { weight, arbitrary };
}

const policy = compact<PolicySettings>({
  when: fc.array(policyCondition, { maxLength: 2 }),
  flow: weighted([3, 'own'], [3, 'strong'], [1, 'subflow'], [1, 'missing']),
  loa: maybe(fc.constantFrom(1, 2, 99), 20),
  rejectsPassword: maybe(fc.constant(true), 20),
} as never);

const user: fc.Arbitrary<UserSettings> = compact<UserSettings>({
  credentials: fc.constantFrom<('password' | 'otp')[]>(['password', 'otp'], ['password'], ['otp', 'password']),
  roles: fc.subarray([...ROLES, COMPOSITE_ROLE, `own.${CLIENT_ROLE}`]),
  attributes: fc.constantFrom<Record<string, string | string[]>>(
    {},
    { tier: 'skip' },
    { tier: 'force' },
    { tier: ['force', 'skip'] },
    { tier: 'sky', area: 'north' },
  ),
  inGroup: maybe(fc.constant(true), 20),
  requiredActions: maybe(
    fc.subarray(['UPDATE_PASSWORD', 'CONFIGURE_TOTP', 'CONFIGURE_RECOVERY_AUTHN_CODES', 'TERMS_AND_CONDITIONS'], {
      minLength: 1,
      maxLength: 2,
    }),
    10,
  ),
} as never);

/** Cases of all that the simulator follows and a browser without a screen can do, in realms of these settings. */
export function conformanceCase(realm: fc.Arbitrary<RealmSettings> = realmSettings): fc.Arbitrary<ConformanceCase> {
  return compact<ConformanceCase>({
    realm,
    client,
    second: maybe(secondClient, 30),
    flow: fc.oneof({ weight: 3, arbitrary: sensibleTree }, { weight: 2, arbitrary: tree }).map((nodes) => named(nodes)),
    directGrant: maybe(
      directGrantTree.map((nodes) => named(nodes, [...DIRECT_GRANT_LETTERS])),
      15,
    ),
    policies: maybe(fc.array(policy, { minLength: 1, maxLength: 2 }), 20),
    user,
    other: maybe(user, 20),
    logins: fc.array(login, { minLength: 1, maxLength: 4 }),
  } as never).map(possible);
}

/** Logins go to clients that there are, by people who are there; acrs are those that Keycloak takes. */
function possible(each: ConformanceCase): ConformanceCase {
  return {
    ...each,
    client: withAcrsThatKeycloakTakes(each, each.client),
    ...(each.second && { second: withAcrsThatKeycloakTakes(each, each.second) }),
    logins: untilRegistration(
      each.logins.map(({ by, door, ...login }) => ({
        ...login,
        to: login.to === 'second' && !each.second ? 'own' : login.to,
        ...(by && each.other && { by }),
        ...(door && each.realm[door] && { door }),
      })),
    ),
  };
}

/** Whoever has registered is somebody else, whom the case says nothing of. */
function untilRegistration(logins: readonly LoginSettings[]): LoginSettings[] {
  const registration = logins.findIndex(({ door }) => door === 'registration');
  return registration < 0 ? [...logins] : logins.slice(0, registration + 1);
}

/** Keycloak refuses to save a default or minimum acr that neither the map nor a level of the realm's flow names. */
function withAcrsThatKeycloakTakes<T extends ClientSettings>(each: ConformanceCase, client: T): T {
  const own = Object.keys(client.acrMap ?? {});
  const names = new Set([...(own.length > 0 ? own : Object.keys(each.realm.acrMap)), '0', '1', '2']);
  const { defaultAcr, minimumAcr, ...rest } = client;
  return {
    ...rest,
    ...(defaultAcr !== undefined && names.has(defaultAcr) && { defaultAcr }),
    ...(minimumAcr !== undefined && names.has(minimumAcr) && { minimumAcr }),
  } as T;
}
