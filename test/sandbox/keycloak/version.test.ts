import { CannotRun } from '../../../sandbox/cannot-run';
import { startKeycloak } from '../../../sandbox/keycloak';
import { bootstrap } from '../../../sandbox/keycloak/bootstrap';
import { serverEnvironment } from '../../../sandbox/keycloak/server-environment';
import { startWays, versionOf } from '../../../sandbox/keycloak/version';
import { bareMachine, javaOfVersion } from './machine';

describe('The release that is started', () => {
  test('is the pinned one, unless the variable or the caller names another', () => {
    expect(versionOf({ env: {} })).toBe('26.7.4');
    expect(versionOf({ env: { KEYCLOAK_VERSION: '' } })).toBe('26.7.4');
    expect(versionOf({ env: { KEYCLOAK_VERSION: '26.0.8' } })).toBe('26.0.8');
    expect(versionOf({ version: '25.0.6', env: { KEYCLOAK_VERSION: '26.0.8' } })).toBe('25.0.6');
  });

  test.each([
    ['latest', 'KEYCLOAK_VERSION is latest: write a release of Keycloak, for example 26.7.4'],
    ['26', 'KEYCLOAK_VERSION is 26: write a release of Keycloak, for example 26.7.4'],
    ['26.7.4/../../x', 'KEYCLOAK_VERSION is 26.7.4/../../x: write a release of Keycloak, for example 26.7.4'],
    ['23.0.7', 'Keycloak 23.0.7 is too old for the sandbox: write 24.0.0 or later'],
  ])('is refused as %s', async (version, message) => {
    const error = await startKeycloak({ env: { KEYCLOAK_VERSION: version, PATH: '' } }).catch((reason) => reason);
    expect(error).toBeInstanceOf(CannotRun);
    expect(error.message).toBe(message);
  });

  test('is told apart from another one at KEYCLOAK_URL only once that answers', async () => {
    const env = {
      KEYCLOAK_URL: 'http://127.0.0.1:9',
      KEYCLOAK_CLIENT_ID: 'a',
      KEYCLOAK_CLIENT_SECRET: 'b',
      KEYCLOAK_VERSION: '26.0.8',
    };
    await expect(startKeycloak({ env })).rejects.toThrow(/^No server answers at KEYCLOAK_URL/);
  });

  test('that Maven does not have is said to be so, by what Maven says', async () => {
    const machine = bareMachine({
      java: javaOfVersion('17.0.15'),
      mvn: 'test "$1" = -version || { echo "[ERROR] Could not find artifact"; exit 1; }',
    });
    try {
      await expect(startKeycloak({ env: { ...machine.env, KEYCLOAK_VERSION: '26.99.0' } })).rejects.toThrow(
        "Maven can't download org.keycloak:keycloak-quarkus-dist:26.99.0:tar.gz: Could not find artifact",
      );
    } finally {
      machine.remove();
    }
  });
});

describe('How a release is started', () => {
  test.each([
    ['24.0.5', { bootstrapClient: false, managementPort: false, longSpiOptions: false }],
    ['25.0.6', { bootstrapClient: false, managementPort: true, longSpiOptions: false }],
    ['26.0.8', { bootstrapClient: true, managementPort: true, longSpiOptions: false }],
    ['26.7.4', { bootstrapClient: true, managementPort: true, longSpiOptions: true }],
  ])('%s', (version, ways) => {
    expect(startWays(version)).toEqual(ways);
  });

  test('gives it a service account with a secret of its own, or an administrator who makes one', () => {
    const young = bootstrap('26.7.4');
    expect(young.env).toEqual({
      KC_BOOTSTRAP_ADMIN_CLIENT_ID: young.clientId,
      KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: young.clientSecret,
    });
    const old = bootstrap('25.0.6');
    expect(Object.keys(old.env)).toEqual(['KEYCLOAK_ADMIN', 'KEYCLOAK_ADMIN_PASSWORD']);
    expect(Object.values(old.env)).not.toContain(old.clientSecret);
    expect(young.clientSecret).not.toBe(bootstrap('26.7.4').clientSecret);
  });

  test('leaves nothing of the variables of the sandbox in its environment', () => {
    const env = serverEnvironment({ env: { KEYCLOAK_VERSION: '26.0.8', PATH: '/bin' } });
    expect(env).not.toHaveProperty('KEYCLOAK_VERSION');
    expect(env).toHaveProperty(
      'KC_SPI_BRUTE_FORCE_PROTECTOR_DEFAULT_BRUTE_FORCE_DETECTOR_ALLOW_CONCURRENT_REQUESTS',
      'true',
    );
  });
});
