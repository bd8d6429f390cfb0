import { exploreGoals, type RealmModel, readRealmRepresentation } from '../../../model';
import { client, realm, stepUpFlow } from '../support/realm';

const payments = { name: 'payments', protocol: 'openid-connect', mappers: [] };
const api = (defaultScopes: readonly string[], authorizationServices: boolean): RealmModel => {
  const base = realm(stepUpFlow());
  const { grants } = client('api');
  return {
    ...base,
    clientScopes: [...base.clientScopes, payments],
    clients: [
      client('app'),
      client('api', { accessType: 'confidential', defaultScopes, grants: { ...grants, authorizationServices } }),
    ],
  };
};
const reasons = (model: RealmModel) => [
  ...new Set(exploreGoals(model, { goals: [{ kind: 'token' }] }).flatMap(({ cannotTell }) => cannotTell)),
];

test('tokens with permissions leave open what a scope takes that the client has by default', () => {
  expect(reasons(api(['acr', 'payments'], true))).toEqual([expect.stringContaining('UMA grant) at api')]);
});

test('tokens with permissions give nothing where the client has Keycloak’s own scopes alone', () => {
  expect(reasons(api(['acr', 'service_account'], true))).toEqual([]);
});

test('a client without Authorization Services gives none', () => {
  expect(reasons(api(['acr', 'payments'], false))).toEqual([]);
});

test.each([
  [true, [expect.stringContaining('doNotStoreUsers')]],
  [false, []],
])('users of an identity provider that are not stored: %s', (transientUsers, expected) => {
  const provider = { alias: 'partner', enabled: true, transientUsers };
  expect(reasons(realm(stepUpFlow(), { identityProviders: [provider] }))).toEqual(expected);
});

test.each([
  [true, [expect.stringContaining('preview feature token-exchange')]],
  [undefined, []],
])('the token exchange of a preview feature: %s', (legacyTokenExchange, expected) => {
  expect(reasons({ ...realm(stepUpFlow()), legacyTokenExchange })).toEqual(expected);
});

test('both are read from an export', () => {
  const { clients, identityProviders } = readRealmRepresentation(
    {
      realm: 'test',
      clients: [{ clientId: 'api', authorizationServicesEnabled: true }],
      identityProviders: [{ alias: 'partner', config: { doNotStoreUsers: 'true' } }],
    },
    'export',
  );
  expect(clients.find(({ clientId }) => clientId === 'api')?.grants.authorizationServices).toBe(true);
  expect(identityProviders[0]?.transientUsers).toBe(true);
});
