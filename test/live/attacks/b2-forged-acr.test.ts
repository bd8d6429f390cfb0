import type ProtocolMapperRepresentation from '@keycloak/keycloak-admin-client/lib/defs/protocolMapperRepresentation';
import { soundRealm } from '../../checks/support/realms';
import { REDIRECT_URI, PASSWORD as RIGHT } from '../../support/imported-realm';
import { describeWithKeycloak } from '../support/keycloak';
import { Visitor } from '../support/visitor';
import { acr, bypassed, type Preparation, withAnybodysRealm } from './anybodys-realm';

const mapper = (protocolMapper: string, config: Record<string, string>): ProtocolMapperRepresentation => ({
  name: 'forged',
  protocol: 'openid-connect',
  protocolMapper,
  config: {
    'claim.name': 'acr',
    'jsonType.label': 'String',
    'access.token.claim': 'true',
    'id.token.claim': 'true',
    ...config,
  },
});
const FIXED = mapper('oidc-hardcoded-claim-mapper', { 'claim.value': 'gold' });
const BY_ATTRIBUTE = mapper('oidc-usermodel-attribute-mapper', { 'user.attribute': 'level' });

/**
 * The client `forged`, whose tokens have no acr but by these mappers: of two that write one claim, the last of their random ids wins, and
 * the attacker's luck is not the matter here.
 */
const forgedClient =
  (protocolMappers: ProtocolMapperRepresentation[], scopes: readonly string[] = []): Preparation =>
  async (admin, realm) => {
    await admin.clients.create({
      realm,
      clientId: 'forged',
      publicClient: true,
      redirectUris: [REDIRECT_URI],
      defaultClientScopes: ['profile', ...scopes],
      protocolMappers,
    });
  };

const byScope: Preparation = async (admin, realm) => {
  await admin.clientScopes.create({
    realm,
    name: 'claims',
    protocol: 'openid-connect',
    protocolMappers: [FIXED],
  });
  await forgedClient([], ['claims'])(admin, realm);
};

describeWithKeycloak('B2: a mapper that writes the claim acr', () => {
  describe.each([
    ['of the client', forgedClient([FIXED])],
    ['of a client scope', byScope],
  ])('with a fixed value, %s', (_, prepare) => {
    const place = withAnybodysRealm(soundRealm(), prepare);

    test('says gold for a password', async () => {
      expect(await (await place.attacker()).login({ client: 'forged' })).toBe('username password → gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'forged')).toEqual(['password']);
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password otp']);
      expect(await place.errors()).toEqual([bypassed('acr "gold"', 'password')]);
    });
  });

  describe('with the value of an attribute that users may edit', () => {
    const place = withAnybodysRealm(soundRealm(), forgedClient([BY_ATTRIBUTE]));

    test('says gold, once a password has written it', async () => {
      const attacker = await place.attacker();
      expect(await attacker.login({ client: 'forged' })).toBe('username password → no acr');
      const visitor = await new Visitor(place).login('app', { kc_action: 'UPDATE_PROFILE' });
      await visitor.fill({ username: 'bob', password: RIGHT });
      await visitor.fill({ level: 'gold' });
      expect(visitor.hasCode).toBe(true);
      expect(await attacker.login({ client: 'forged' })).toBe('username password → gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'forged')).toEqual(['password']);
      expect(await place.errors()).toEqual([bypassed('acr "gold"', 'password')]);
    });
  });

  describe('with the value of an attribute that only administrators edit', () => {
    const place = withAnybodysRealm(soundRealm(), async (admin, realm) => {
      await forgedClient([BY_ATTRIBUTE])(admin, realm);
      const profile = await admin.users.getProfile({ realm });
      await admin.users.updateProfile({ realm, ...profile, unmanagedAttributePolicy: 'ADMIN_EDIT' as never });
      const [alice] = await admin.users.find({ realm, username: 'alice' });
      await admin.users.update({ realm, id: alice?.id as string }, { ...alice, attributes: { level: ['gold'] } });
    });

    test('is had by those who have it alone', async () => {
      const attacker = await place.attacker();
      const visitor = await new Visitor(place).login('app', { kc_action: 'UPDATE_PROFILE' });
      await visitor.fill({ username: 'bob', password: RIGHT });
      await visitor.fill({ level: 'gold' });
      expect(await attacker.login({ client: 'forged' })).toBe('username password → no acr');
      expect(await attacker.login({ client: 'forged', as: 'alice' })).toBe('username password → gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'forged')).toEqual([
        'password, if not attribute:level=silver, if attribute:level=gold',
      ]);
      expect(await place.errors()).toEqual([
        expect.stringContaining('{password} (not attribute:level=silver, attribute:level=gold)'),
      ]);
    });
  });

  describe('with the value that the request has', () => {
    const place = withAnybodysRealm(soundRealm(), forgedClient([mapper('oidc-claims-param-value-idtoken-mapper', {})]));

    test('says gold for a password', async () => {
      const claims = { id_token: { acr: { essential: true, value: 'gold', values: ['silver'] } } };
      expect(await (await place.attacker()).login({ client: 'forged', claims })).toBe('username password → gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'forged')).toEqual(['password request']);
      expect(await place.errors()).toEqual([bypassed('acr "gold"', 'password, request')]);
    });
  });

  describe('of the level that was proved', () => {
    const place = withAnybodysRealm(soundRealm(), forgedClient([mapper('oidc-acr-mapper', {})]));

    test('says no more', async () => {
      expect(await (await place.attacker()).login({ client: 'forged' })).toBe('username password → silver');
    });

    test('is explained, and nothing is reported', async () => {
      expect(await place.explained(acr('gold'), 'forged')).toEqual(['password otp']);
      expect(await place.errors()).toEqual([]);
    });
  });
});
