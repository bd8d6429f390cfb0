import type { ClientScope, ProtocolMapper } from '../../../model/realm-model';
import type { LoginRequest, SimulatedUser } from '../../../model/simulate';
import { splitClaimPath } from '../../../model/simulate/acr-claim';
import { SimulatedBrowser } from '../support/browser';
import { client, realm, stepUpFlow } from '../support/realm';

const BOTH = { 'access.token.claim': 'true', 'id.token.claim': 'true' };

function mapper(id: string, config: Record<string, string>, tokens: Record<string, string> = BOTH): ProtocolMapper {
  return { name: id, mapper: id, config: { ...tokens, ...config } };
}

const hardcoded = (value: string, config: Record<string, string> = {}) =>
  mapper('oidc-hardcoded-claim-mapper', { 'claim.name': 'acr', 'claim.value': value, ...config });

const WITHOUT_ACR = ['basic'];

/** What the acr may be after a login by password. */
function acrs(
  mappers: readonly ProtocolMapper[],
  {
    defaultScopes,
    scopes = [],
    attributes = {},
    user = {},
    request = {},
  }: {
    defaultScopes?: readonly string[];
    scopes?: readonly ClientScope[];
    attributes?: Record<string, string>;
    user?: Partial<SimulatedUser>;
    request?: Partial<LoginRequest>;
  } = {},
): unknown {
  const base = realm(stepUpFlow());
  const model = {
    ...base,
    clientScopes: [...base.clientScopes, ...scopes],
    clients: [
      client('app', {
        mappers,
        attributes,
        ...(defaultScopes && { defaultScopes }),
        optionalScopes: scopes.map(({ name }) => name),
      }),
    ],
  };
  const { outcome } = new SimulatedBrowser(model, { credentials: ['password'], ...user }).attempt(request);
  if (outcome.kind !== 'granted') return outcome;
  return outcome.acrUnknown ?? outcome.acrs ?? outcome.acr;
}

test('a hardcoded acr and that of the level compete, whichever belongs to the client', () => {
  expect(acrs([hardcoded('gold')])).toEqual(['gold', 'silver']);
  const scope = { name: 'payments', protocol: 'openid-connect', mappers: [hardcoded('gold')] };
  expect(acrs([], { scopes: [scope] })).toBe('silver');
  expect(acrs([], { scopes: [scope], request: { scope: ['openid', 'payments'] } })).toEqual(['gold', 'silver']);
});

test('a hardcoded acr alone is the acr', () => {
  expect(acrs([hardcoded('gold')], { defaultScopes: WITHOUT_ACR })).toBe('gold');
});

test('a scope that names roles counts in tokens for those who have one of them', () => {
  const scopes = [{ name: 'staff', protocol: 'openid-connect', mappers: [hardcoded('gold')], roles: ['clerk'] }];
  const request = { scope: ['openid', 'staff'] };
  expect(acrs([], { scopes, request })).toBe('silver');
  expect(acrs([], { scopes, request, user: { roles: ['clerk'] } })).toEqual(['gold', 'silver']);
});

test.each([
  ['a name with a backslash', { 'claim.name': '\\acr' }, 'gold'],
  ['a nested name', { 'claim.name': 'acr.name' }, undefined],
  ['another name', { 'claim.name': 'level' }, undefined],
  ['no value', { 'claim.value': undefined as unknown as string }, undefined],
  ['a number of type int', { 'claim.value': '2', 'jsonType.label': 'int' }, '2'],
  ['a text of type int', { 'jsonType.label': 'int' }, undefined],
  ['JSON', { 'claim.value': '{"a": 1}', 'jsonType.label': 'JSON' }, '{"a":1}'],
])('hardcoded claim: %s', (_what, config, expected) => {
  expect(acrs([hardcoded('gold', config)], { defaultScopes: WITHOUT_ACR })).toBe(expected);
});

test('each token has the claims of the mappers that are meant for it', () => {
  const access = mapper(
    'oidc-hardcoded-claim-mapper',
    { 'claim.name': 'acr', 'claim.value': 'gold' },
    { 'access.token.claim': 'true', 'id.token.claim': 'false' },
  );
  expect(acrs([access], { defaultScopes: WITHOUT_ACR })).toEqual(['gold', undefined]);
  expect(acrs([access], { defaultScopes: WITHOUT_ACR, request: { scope: [] } })).toBe('gold');
  const attributes = { 'client.use.lightweight.access.token.enabled': 'true' };
  expect(acrs([], { attributes })).toEqual(['silver', undefined]);
});

test('an attribute of the user or of a group', () => {
  const own = mapper('oidc-usermodel-attribute-mapper', { 'claim.name': 'acr', 'user.attribute': 'level' });
  expect(acrs([own], { defaultScopes: WITHOUT_ACR })).toBeUndefined();
  const user = { attributes: { level: ['gold'] } };
  expect(acrs([own], { defaultScopes: WITHOUT_ACR, user })).toBe('gold');
  expect(acrs([own], { user })).toEqual(['gold', 'silver']);
  expect(acrs([own], { defaultScopes: WITHOUT_ACR, user: { groupAttributes: { level: ['mid'] } } })).toBe('mid');
});

test('a name that the user may change', () => {
  const name = mapper('oidc-usermodel-property-mapper', { 'claim.name': 'acr', 'user.attribute': 'lastName' });
  expect(acrs([name], { user: { attributes: { lastName: ['gold'] } } })).toEqual(['gold', 'silver']);
});

test('an essential acr is written as it is asked for where a mapper does so', () => {
  const asked = mapper('oidc-claims-param-value-idtoken-mapper', { 'claim.name': 'acr' }, { 'id.token.claim': 'true' });
  const of = (value?: string) => ({ acrClaim: { essential: true, values: ['silver'], ...(value && { value }) } });
  const acrsOf = (value?: string) => acrs([asked], { defaultScopes: WITHOUT_ACR, request: of(value) });
  expect(acrsOf('silver')).toEqual(['silver', undefined]);
  // The level is decided by the values.
  expect(acrsOf('gold')).toEqual(['gold', undefined]);
  expect(acrsOf()).toEqual(acrs([], { defaultScopes: WITHOUT_ACR, request: of() }));
});

test.each([
  ['script-acr.js', {}],
  ['acme-mapper', {}],
  ['oidc-usersessionmodel-note-mapper', { 'claim.name': 'acr', 'user.session.note': 'identity_provider_identity' }],
  ['oidc-usermodel-property-mapper', { 'claim.name': 'acr', 'user.attribute': 'username' }],
])('what %s writes can not be told', (id, config) => {
  expect(acrs([mapper(id, config)])).toEqual(expect.stringContaining('into acr'));
});

test.each([
  ['acr', ['acr']],
  ['a.b', ['a', 'b']],
  ['a\\.b', ['a.b']],
  ['.acr', ['.acr']],
])('the claim name %s', (name, path) => {
  expect(splitClaimPath(name)).toEqual(path);
});
