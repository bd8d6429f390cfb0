import fc from 'fast-check';
import { DIRECT_GRANT_LETTERS, directGrantTree, named, sensibleTree, tree } from './arbitrary-flow';
import { exchange, firstLogin, login } from './arbitrary-login';
import { compact, maybe, oneOf, weighted } from './arbitrary-support';
import {
  type AcrMapper,
  CLIENT_ROLE,
  type ClientSettings,
  COMPOSITE_ROLE,
  type ConformanceCase,
  DEFAULT_SCOPE,
  type FirstLoginFlow,
  type LoginSettings,
  OPTIONAL_SCOPE,
  type PolicyCondition,
  type PolicySettings,
  type PostLoginFlow,
  type ProviderSettings,
  type RealmSettings,
  type ResetFlow,
  ROLES,
  type SamlClientSettings,
  SECOND_SCOPE,
  type SecondClientSettings,
  type ServiceSettings,
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
  provider: maybe(
    compact<ProviderSettings>({
      firstLogin: weighted<FirstLoginFlow>(
        [3, 'auto-link'],
        [3, 'proved'],
        [2, 'built-in'],
        [1, 'unique'],
        [1, 'detect'],
        [1, 'review'],
      ),
      postLogin: maybe(weighted<PostLoginFlow>([4, 'levels'], [2, 'otp'], [2, 'configured'], [1, 'denied']), 70),
    } as never),
    70,
  ),
  organizations: maybe(fc.constant(true), 40),
  classes: maybe(fc.constant(true), 70),
} as never);

const acrScope = maybe(oneOf('optional', 'none'), 8);
const acrMapper = maybe(
  weighted<AcrMapper>([3, 'hardcoded'], [2, 'attribute'], [2, 'group-attribute'], [2, 'requested']),
  8,
);

const clientSettings = {
  acrMap: maybe(acrMap, 20),
  defaultAcr: maybe(acr, 20),
  minimumAcr: maybe(oneOf('silver', 'gold', '1', '2'), 20),
  consent: maybe(fc.constant(true), 20),
  acrScope,
  acrMapper,
};
const client = compact<ClientSettings>(clientSettings as never);
const secondClient = compact<SecondClientSettings>({
  ...clientSettings,
  flow: weighted([3, 'own'], [3, 'realm'], [2, 'strong'], [2, 'subflow']),
} as never);

const samlClient = compact<SamlClientSettings>({
  flow: weighted([4, 'own'], [3, 'realm'], [1, 'strong']),
  minimum: maybe(fc.constant(true), 40),
  begun: maybe(fc.constant(true), 15),
} as never);
const service = compact<ServiceSettings>({
  serviceAccount: maybe(fc.constant(true), 70),
  tokenExchange: maybe(fc.constant(true), 80),
  jwt: maybe(fc.constant(true), 80),
  consent: maybe(fc.constant(true), 10),
  acrScope,
  acrMapper,
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
  linked: maybe(fc.constant(true), 50),
} as never);

/** Cases of all that the simulator follows and a browser without a screen can do, in realms of these settings. */
export function conformanceCase(realm: fc.Arbitrary<RealmSettings> = realmSettings): fc.Arbitrary<ConformanceCase> {
  return compact<ConformanceCase>({
    realm,
    client,
    second: maybe(secondClient, 30),
    saml: maybe(samlClient, 40),
    service: maybe(service, 40),
    flow: fc.oneof({ weight: 3, arbitrary: sensibleTree }, { weight: 2, arbitrary: tree }).map((nodes) => named(nodes)),
    directGrant: maybe(
      directGrantTree.map((nodes) => named(nodes, [...DIRECT_GRANT_LETTERS])),
      15,
    ),
    policies: maybe(fc.array(policy, { minLength: 1, maxLength: 2 }), 20),
    user,
    other: maybe(user, 20),
    logins: fc.oneof(
      { weight: 4, arbitrary: fc.array(login, { minLength: 1, maxLength: 4 }) },
      {
        weight: 3,
        arbitrary: fc.tuple(firstLogin, fc.array(login, { maxLength: 3 })).map(([first, others]) => [first, ...others]),
      },
      { weight: 1, arbitrary: fc.tuple(exchange, fc.array(login, { maxLength: 2 })).map((all) => all.flat()) },
    ),
  } as never).map(possible);
}

/** Logins go to clients that there are, by people who are there; acrs are those that Keycloak takes. */
function possible(made: ConformanceCase): ConformanceCase {
  const each = { ...made, user: linkedIfPossible(made, made.user) };
  return {
    ...each,
    client: withAcrsThatKeycloakTakes(each, each.client),
    ...(each.second && { second: withAcrsThatKeycloakTakes(each, each.second) }),
    ...(each.other && { other: linkedIfPossible(each, each.other) }),
    logins: untilNewAccount(each.logins.map((login) => possibleLogin(each, login))),
  };
}

function possibleLogin(each: ConformanceCase, login: LoginSettings): LoginSettings {
  const { by, door, midway, grant, identity, comparison, ...rest } = login;
  const there = { own: true, plain: true, second: each.second, saml: each.saml, service: each.service };
  const to = there[login.to] ? login.to : 'own';
  const isOpen = door !== undefined && (door === 'broker' ? each.realm.provider : each.realm[door]) !== undefined;
  const given = to === 'own' && login.to === 'service' ? undefined : grantOf(each, grant);
  return {
    ...rest,
    to,
    ...(by && each.other && { by }),
    ...(isOpen && { door, ...(midway && { midway }) }),
    ...(given && { grant: given }),
    ...(identity && each.realm.provider && { identity }),
    ...(comparison && to === 'saml' && { comparison }),
  };
}

/** Who is linked to no provider has no JWT of it. */
function grantOf({ realm, user }: ConformanceCase, grant: LoginSettings['grant']): LoginSettings['grant'] {
  return grant === 'jwt-authorization' && !(realm.provider && user.linked) ? 'client-credentials' : grant;
}

/**
 * A user name form shows an owner's links once more where it asks for nothing, and the simulator's accounts don't say what their owners have
 * linked: such flows are for accounts without links.
 */
function linkedIfPossible(each: ConformanceCase, { linked, ...user }: UserSettings): UserSettings {
  const showsLinks = JSON.stringify(each).includes('"auth-username-form"');
  return { ...user, ...(linked && each.realm.provider && !showsLinks && { linked }) };
}

/** Whoever has a new account is somebody else, whom the case says nothing of. */
function untilNewAccount(logins: readonly LoginSettings[]): LoginSettings[] {
  const made = logins.findIndex(({ door, identity }) => door === 'registration' || identity === 'new');
  return made < 0 ? [...logins] : logins.slice(0, made + 1);
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
