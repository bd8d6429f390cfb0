import { decodeJwt } from 'jose';
import { type ProtocolMapper, type RealmModel, type SimulatedUser, simulate } from '../../../model';
import { client, realm, stepUpFlow } from '../../model/support/realm';
import { PASSWORD } from '../../support/imported-realm';
import { importRealm } from '../checks/import-realm';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';

const BOTH = { 'access.token.claim': 'true', 'id.token.claim': 'true' };
const ACCESS = { 'access.token.claim': 'true', 'id.token.claim': 'false' };
const LEVEL = ['gold'];
const BOB: SimulatedUser = { credentials: ['password', 'otp'], attributes: { level: LEVEL } };
/** Clients that are made alike: enough for both orders of two mappers to come about. */
const ALIKE = 32;

const mapper = (id: string, config: Record<string, string>, tokens: Record<string, string> = BOTH): ProtocolMapper => ({
  name: id,
  mapper: id,
  config: { ...tokens, ...config },
});
const hardcoded = (config: Record<string, string> = {}, tokens = BOTH) =>
  mapper('oidc-hardcoded-claim-mapper', { 'claim.name': 'acr', 'claim.value': 'gold', ...config }, tokens);
const attribute = mapper('oidc-usermodel-attribute-mapper', { 'claim.name': 'acr', 'user.attribute': 'level' });

const withoutAcr = { defaultScopes: ['basic'] };

/** Clients, and what the acr of the access and of the ID token is; for two values either. */
const CASES: readonly (readonly [string, Parameters<typeof client>[1], readonly (string | undefined)[]])[] = [
  ['plain', {}, ['silver']],
  ['hardcoded alone', { ...withoutAcr, mappers: [hardcoded()] }, ['gold']],
  ['backslash', { ...withoutAcr, mappers: [hardcoded({ 'claim.name': '\\acr' })] }, ['gold']],
  ['nested', { ...withoutAcr, mappers: [hardcoded({ 'claim.name': 'acr.name' })] }, [undefined]],
  ['number', { ...withoutAcr, mappers: [hardcoded({ 'claim.value': '2', 'jsonType.label': 'int' })] }, ['2']],
  ['no number', { ...withoutAcr, mappers: [hardcoded({ 'jsonType.label': 'int' })] }, [undefined]],
  ['boolean', { ...withoutAcr, mappers: [hardcoded({ 'jsonType.label': 'boolean' })] }, ['false']],
  [
    'JSON',
    { ...withoutAcr, mappers: [hardcoded({ 'claim.value': '{"a": 1}', 'jsonType.label': 'JSON' })] },
    ['{"a":1}'],
  ],
  ['access token', { ...withoutAcr, mappers: [hardcoded({}, ACCESS)] }, ['gold', undefined]],
  ['attribute', { ...withoutAcr, mappers: [attribute] }, ['gold']],
  ['lightweight', { attributes: { 'client.use.lightweight.access.token.enabled': 'true' } }, ['silver', undefined]],
];

const GRANTS = {
  authorizationCode: true,
  implicit: false,
  password: true,
  device: false,
  ciba: false,
  tokenExchange: false,
};

const MODEL: RealmModel = realm(stepUpFlow(), {
  clients: [
    ...CASES.map(([clientId, more]) => client(clientId, { grants: GRANTS, ...more })),
    ...Array.from({ length: ALIKE }, (_, index) =>
      client(`alike ${index}`, { grants: GRANTS, mappers: [hardcoded()] }),
    ),
  ],
});

describeWithKeycloak('Move: mappers that write the acr', () => {
  const name = withRealmName('moves');
  let tokenEndpoint: string;

  beforeAll(async () => {
    const { admin, url } = await testKeycloak();
    tokenEndpoint = `${url}/realms/${name}/protocol/openid-connect/token`;
    await importRealm(admin, name, MODEL, { attributes: { level: LEVEL } });
    for (const { clientId, mappers, attributes } of MODEL.clients) {
      const [found] = await admin.clients.find({ realm: name, clientId });
      const id = found?.id as string;
      for (const { mapper: protocolMapper, config, ...rest } of mappers) {
        await admin.clients.addProtocolMapper(
          { realm: name, id },
          { ...rest, protocol: 'openid-connect', protocolMapper, config },
        );
      }
      if (Object.keys(attributes).length === 0) continue;
      const all = { ...found?.attributes, ...attributes };
      await admin.clients.update({ realm: name, id }, { ...found, attributes: all });
    }
  });

  /** The acr of the access and of the ID token, by a password grant. */
  const live = async (clientId: string): Promise<(string | undefined)[]> => {
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password',
        client_id: clientId,
        username: 'alice',
        password: PASSWORD,
        scope: 'openid',
      }),
    });
    const { access_token: access, id_token: id } = (await response.json()) as Record<string, string>;
    return [access, id].map((token) => decodeJwt<{ acr?: string }>(token ?? '').acr);
  };

  const simulated = (clientId: string): readonly (string | undefined)[] => {
    const alice = { ...BOB, credentials: ['password'] } as const;
    const { outcome } = simulate(MODEL, { clientId, grant: 'password' }, alice);
    if (outcome.kind !== 'granted') throw new Error(JSON.stringify(outcome));
    return outcome.acrs ?? [outcome.acr];
  };

  test.each(CASES)('%s', async (clientId, _client, expected) => {
    expect(simulated(clientId)).toEqual(expected);
    const seen = await live(clientId);
    expect(new Set(seen)).toEqual(new Set(expected));
  });

  test("a client's hardcoded acr and that of the level: either comes last", async () => {
    const clients = MODEL.clients.filter(({ clientId }) => clientId.startsWith('alike'));
    const seen = new Set<string | undefined>();
    for (const { clientId } of clients) {
      expect(simulated(clientId)).toEqual(['gold', 'silver']);
      for (const acr of await live(clientId)) seen.add(acr);
    }
    expect(seen).toEqual(new Set(['gold', 'silver']));
  });
});
