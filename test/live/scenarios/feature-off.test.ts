import { withOwnKeycloak } from '../factors/own-keycloak';
import { describeWithKeycloak, testKeycloak, uniqueRealmName } from '../support/keycloak';
import { play } from './scenario';
import { FEATURE_OFF } from './scenarios';

describeWithKeycloak('what Keycloak tests of a server without the feature step-up-authentication', () => {
  withOwnKeycloak(async () => ({
    buildArguments: ['--features-disabled=step-up-authentication,step-up-authentication-saml'],
  }));

  test.each(FEATURE_OFF)('$name', async (scenario) => {
    const { url, admin } = await testKeycloak();
    const realm = uniqueRealmName('scenario');
    const { expected, simulated, live } = await play(url, admin, realm, scenario);
    expect({ simulated, live }).toEqual({ simulated: expected, live: expected });
  });

  test('a new realm has no scope acr', async () => {
    const { admin } = await testKeycloak();
    const realm = uniqueRealmName('scenario');
    await admin.realms.create({ realm, enabled: true });
    const scopes = await admin.clientScopes.find({ realm });
    expect(scopes.map(({ name }) => name)).toContain('basic');
    expect(scopes.map(({ name }) => name)).not.toContain('acr');
  });
});
