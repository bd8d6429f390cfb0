import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { chosenPort } from '../../../sandbox/keycloak/port';

describe('the port that the user chooses', () => {
  test('is any free one when none is chosen', async () => {
    expect(await chosenPort({})).toBeUndefined();
  });

  test.each(['http', '80', '65536', '8080.5'])('is refused when it is %s', async (value) => {
    await expect(chosenPort({ STEP_UP_KEYCLOAK_PORT: value })).rejects.toThrow(
      `STEP_UP_KEYCLOAK_PORT is ${value}: give a port between 1024 and 65535, or unset it for a free one`,
    );
  });

  test('is refused while something listens there, and taken after that', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const env = { STEP_UP_KEYCLOAK_PORT: String(port) };
    await expect(chosenPort(env)).rejects.toThrow(
      `Port ${port} (STEP_UP_KEYCLOAK_PORT) is taken: stop what listens there, or unset the variable for a free port`,
    );
    other.close();
    await once(other, 'close');
    expect(await chosenPort(env)).toBe(port);
  });
});
