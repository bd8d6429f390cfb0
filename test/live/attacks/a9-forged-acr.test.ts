import type ProtocolMapperRepresentation from '@keycloak/keycloak-admin-client/lib/defs/protocolMapperRepresentation';
import { StepUpFlow } from '../../../lib';
import type { TestUser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { answersOf, withSite } from '../support/site';
import { Visitor } from '../support/visitor';

/** A mapper that writes a claim of Keycloak's own. */
function mapper(claim: string, protocolMapper: string, config: Record<string, string>): ProtocolMapperRepresentation {
  return {
    name: `forged-${claim}`,
    protocol: 'openid-connect',
    protocolMapper,
    config: { 'claim.name': claim, 'access.token.claim': 'true', 'id.token.claim': 'true', ...config },
  };
}

const FIXED = mapper('acr', 'oidc-hardcoded-claim-mapper', { 'claim.value': 'gold', 'jsonType.label': 'String' });
const BY_ATTRIBUTE = mapper('acr', 'oidc-usermodel-attribute-mapper', {
  'user.attribute': 'level',
  'jsonType.label': 'String',
});
const SUBJECT: ProtocolMapperRepresentation = {
  name: 'sub',
  protocol: 'openid-connect',
  protocolMapper: 'oidc-sub-mapper',
  config: { 'access.token.claim': 'true' },
};
const FAR_AWAY = 4_102_444_800;
const STAMPED = mapper('auth_time', 'oidc-hardcoded-claim-mapper', {
  'claim.value': String(FAR_AWAY),
  'jsonType.label': 'long',
});

describeWithKeycloak('Attack A9: a mapper that writes the claim acr', () => {
  const site = withSite(({ stack, realm, client }) => {
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    client('plain');
  });

  beforeAll(async () => {
    const { admin } = await testKeycloak();
    // Without Keycloak's own mappers, which are in the client scopes acr and basic: which of two mappers of one claim comes last depends on
    // their random ids, and the attacker's luck is not the matter here.
    for (const [clientId, one] of Object.entries({ fixed: FIXED, attribute: BY_ATTRIBUTE, stamped: STAMPED })) {
      await admin.clients.create({
        realm: site.realm,
        clientId,
        publicClient: true,
        redirectUris: [REDIRECT_URI],
        defaultClientScopes: ['profile'],
        protocolMappers: [one, SUBJECT],
      });
    }
  });

  /** The claims after a password. */
  const claims = async (clientId: string, user: TestUser) => {
    const login = await site.signIn(clientId, answersOf(user));
    expect(login).toMatchObject({ outcome: 'granted', asked: ['username', 'password'] });
    return login.claims;
  };

  test('a client as the constructs make it says the level that was proved', async () => {
    expect(await claims('plain', await site.user())).toMatchObject({ acr: 'silver' });
  });

  test('a fixed value on the client says gold for a password', async () => {
    expect(await claims('fixed', await site.user())).toMatchObject({ acr: 'gold' });
  });

  test('a user attribute says what a password can write into it, where the profile lets users', async () => {
    const { admin } = await testKeycloak();
    const { realm } = site;
    const profile = await admin.users.getProfile({ realm });
    await admin.users.updateProfile({ realm, ...profile, unmanagedAttributePolicy: 'ENABLED' as never });
    const user = await site.user();
    const { username, password } = user;
    const visitor = await new Visitor(site).login('plain', { kc_action: 'UPDATE_PROFILE' });
    await visitor.fill({ username, password });
    await visitor.fill({ level: 'gold' });
    expect(visitor.hasCode).toBe(true);
    expect(await claims('attribute', user)).toMatchObject({ acr: 'gold' });
  });

  test('a fixed auth_time makes any login a fresh one', async () => {
    expect(await claims('stamped', await site.user())).toMatchObject({ auth_time: FAR_AWAY });
  });
});
