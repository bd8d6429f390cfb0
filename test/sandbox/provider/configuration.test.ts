import { toConnection } from '../../../sandbox/provider/engine/configuration';

const secret = { client_id: 'terraform', client_secret: 's' };

describe('The provider block', () => {
  it.each([
    'http://127.0.0.1:8080',
    'http://localhost',
    'http://127.1.2.3',
    'http://[::1]:8080/',
    'http://kc.localhost:1',
  ])('may name a server on this machine: %s', (url) => {
    expect(toConnection({ url, ...secret }, {}).baseUrl).toBe(url.replace(/\/$/, ''));
  });

  it.each([
    'https://sso.example.com',
    'http://10.0.0.1:8080',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1@sso.example.com',
    'http://0.0.0.0:8080',
  ])('may name no other server: %s', (url) => {
    expect(() => toConnection({ url, ...secret }, {})).toThrow('for the sandbox and tests only');
    expect(() => toConnection({ url, ...secret }, { STEP_UP_SANDBOX_URL: 'https://other.example.com' })).toThrow(
      'for the sandbox and tests only',
    );
  });

  it('may name the server that the user gave to the sandbox', () => {
    const environment = { STEP_UP_SANDBOX_URL: 'https://kc.example.com/' };

    expect(toConnection({ url: 'https://kc.example.com', ...secret }, environment).baseUrl).toBe(
      'https://kc.example.com',
    );
  });

  it('is completed from the environment, as with the official provider', () => {
    const environment = {
      KEYCLOAK_URL: 'http://localhost:8080',
      KEYCLOAK_BASE_PATH: '/auth',
      KEYCLOAK_REALM: 'admins',
      KEYCLOAK_CLIENT_ID: 'admin-cli',
      KEYCLOAK_USER: 'admin',
      KEYCLOAK_PASSWORD: 'pw',
      KEYCLOAK_CLIENT_TIMEOUT: '30',
    };

    expect(toConnection({}, environment)).toEqual({
      baseUrl: 'http://localhost:8080/auth',
      realm: 'admins',
      timeout: 30_000,
      credentials: { grantType: 'password', clientId: 'admin-cli', username: 'admin', password: 'pw' },
      headers: {},
    });
    expect(
      toConnection({ realm: 'other', ...secret }, { KEYCLOAK_URL: 'http://localhost', KEYCLOAK_REALM: 'x' }),
    ).toMatchObject({
      realm: 'other',
      credentials: { grantType: 'client_credentials', clientId: 'terraform', clientSecret: 's' },
    });
  });

  it.each([
    [{}, 'url is missing'],
    [{ url: 'localhost' }, 'which is no URL'],
    [{ url: 'http://localhost' }, 'no credentials'],
    [{ url: 'http://localhost', client_secret: 's' }, 'client_id is missing'],
    [{ url: 'http://localhost', ...secret, tls_insecure_skip_verify: true }, 'does not offer tls_insecure_skip_verify'],
    [{ url: 'http://localhost', client_id: 'a', jwt_token: 'x' }, 'does not offer jwt_token'],
  ])('%j is refused', (config, message) => {
    expect(() => toConnection(config, {})).toThrow(message);
  });
});
