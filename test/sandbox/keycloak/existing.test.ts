import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { missingForKeycloak, startKeycloak } from '../../../sandbox/keycloak';

describe('a server at KEYCLOAK_URL', () => {
  const credentials = { KEYCLOAK_CLIENT_ID: 'terraform', KEYCLOAK_CLIENT_SECRET: 'not used here' };

  test('needs no Java', async () => {
    expect(await missingForKeycloak({ KEYCLOAK_URL: 'http://localhost:8080', PATH: '' })).toBeUndefined();
  });

  test.each(['localhost:8080', 'ldap://localhost', 'keycloak'])('is refused when it is %s', async (url) => {
    await expect(startKeycloak({ env: { KEYCLOAK_URL: url, ...credentials } })).rejects.toThrow(
      `KEYCLOAK_URL is ${url}: give the base URL of a Keycloak, for example http://localhost:8080`,
    );
  });

  test.each(['http://admin:hunter2@localhost:8080', 'http://hunter2@localhost:8080', 'ftp://admin:hunter2@localhost'])(
    'is refused with user info, which is not shown: %s',
    async (url) => {
      const error = await startKeycloak({ env: { KEYCLOAK_URL: url, ...credentials } }).catch(
        (reason: Error) => reason,
      );
      expect(String(error)).toMatch(/KEYCLOAK_URL (has a user name or password in it|is ftp:\/\/…@localhost)/);
      expect(String(error)).not.toContain('hunter2');
    },
  );

  test.each(['KEYCLOAK_CLIENT_ID', 'KEYCLOAK_CLIENT_SECRET'])('is refused without %s', async (name) => {
    const env = { KEYCLOAK_URL: 'http://localhost:8080', ...credentials, [name]: '' };
    await expect(startKeycloak({ env })).rejects.toThrow(
      /^KEYCLOAK_URL is set without KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET: set both/,
    );
  });

  test('is reported when nothing answers there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.close();
    await once(server, 'close');
    await expect(startKeycloak({ env: { KEYCLOAK_URL: `${url}/`, ...credentials } })).rejects.toThrow(
      `No server answers at KEYCLOAK_URL ${url} (ECONNREFUSED): start it, or unset KEYCLOAK_URL`,
    );
  });

  test('is reported when something else answers there', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(startKeycloak({ env: { KEYCLOAK_URL: url, ...credentials } })).rejects.toThrow(
      `KEYCLOAK_URL ${url} answers, but not as a Keycloak (status 404): give its base URL, with its path if it has one`,
    );
    server.close();
  });
});
