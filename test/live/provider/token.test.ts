import { AdminApi } from '../../../sandbox/provider/engine/api';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';

/** Seconds that a token of the test's client is valid: the shortest that is not taken for expired at once. */
const LIFESPAN = 7;

describeWithKeycloak("The offline provider's login", () => {
  const clientId = `short-lived-${process.pid}`;
  let id: string;

  beforeAll(async () => {
    const { admin } = await testKeycloak();
    const created = await admin.clients.create({
      realm: 'master',
      clientId,
      secret: 'short',
      serviceAccountsEnabled: true,
      attributes: { 'access.token.lifespan': String(LIFESPAN) },
    });
    id = created.id;
    const { id: user } = await admin.clients.getServiceAccountUser({ realm: 'master', id });
    const role = await admin.roles.findOneByName({ realm: 'master', name: 'admin' });
    const roles = [{ id: String(role?.id), name: 'admin' }];
    await admin.users.addRealmRoleMappings({ realm: 'master', id: String(user), roles });
  });
  afterAll(async () => {
    const { admin } = await testKeycloak();
    await admin.clients.del({ realm: 'master', id });
  });

  const connect = async () => {
    const { url } = await testKeycloak();
    const credentials = { grantType: 'client_credentials' as const, clientId, clientSecret: 'short' };
    return new AdminApi({ baseUrl: url, realm: 'master', timeout: 15_000, credentials, headers: {} });
  };

  it('is renewed when its token ends in the middle of an apply', async () => {
    const api = await connect();
    const logins = jest.spyOn(globalThis, 'fetch');
    const tokenCalls = () => logins.mock.calls.filter(([url]) => String(url).endsWith('/token')).length;

    await Promise.all([api.get('/admin/realms/{realm}', { realm: 'master' }), api.login()]);
    expect(tokenCalls()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1000 * LIFESPAN));
    const calls = Array.from({ length: 5 }, () => api.get('/admin/realms/{realm}', { realm: 'master' }));

    expect((await Promise.all(calls)).map(({ realm }) => realm)).toEqual(Array(5).fill('master'));
    expect(tokenCalls()).toBe(2);
    logins.mockRestore();
  });

  it('is renewed after a realm was created, in which the old token has no rights', async () => {
    const api = await connect();
    const realm = `provider-rights-${process.pid}`;
    await api.login();

    await api.post('/admin/realms', {}, { realm });

    expect(await api.get('/admin/realms/{realm}/authentication/flows', { realm })).not.toEqual([]);
    await api.delete('/admin/realms/{realm}', { realm });
  });
});
