import { describeWithKeycloak, testKeycloak, withRealm } from './support/keycloak';

describeWithKeycloak('the shared Keycloak of the live tests', () => {
  const realm = withRealm({ displayName: 'Shared' });

  test('holds the realm of a test file under its own name', async () => {
    const { admin } = await testKeycloak();
    expect((await admin.realms.findOne({ realm }))?.displayName).toBe('Shared');
  });

  test('lets the service account read the realm master', async () => {
    const { admin } = await testKeycloak();
    expect((await admin.realms.find()).map((each) => each.realm)).toContain('master');
  });
});
