import { soundRealm, withEnrolment } from '../../checks/support/realms';
import { stepUpProcess } from '../../cli/step-up';
import { importRealm } from '../checks/import-realm';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';

describeWithKeycloak('the command step-up on a live realm', () => {
  const sound = withRealmName('cli');
  const open = withRealmName('cli');

  beforeAll(async () => {
    const { admin } = await testKeycloak();
    await importRealm(admin, sound, soundRealm());
    await importRealm(admin, open, withEnrolment(soundRealm()));
  });

  const onRealm = async (command: string, realm: string, ...args: string[]) => {
    const { url, clientId, clientSecret } = await testKeycloak();
    const env = { KEYCLOAK_CLIENT_ID: clientId, KEYCLOAK_CLIENT_SECRET: clientSecret };
    return stepUpProcess([command, `${url}/realms/${realm}`, ...args], { env });
  };

  test('check: finds nothing in a sound one, and knows the version that runs', async () => {
    const { exitCode, stdout } = await onRealm('check', sound);
    expect(stdout).toMatch(/Keycloak 26\.\d+\.\d+ has CVE-2026-97176/);
    expect(stdout).toMatch(/0 errors/);
    expect(exitCode).toBe(0);
  });

  test('check: finds the enrolment by which a password reaches gold', async () => {
    const { exitCode, stdout } = await onRealm('check', open);
    expect(stdout).toContain('enrolment-by-action');
    expect(exitCode).toBe(1);
  });

  test('explain: both proofs, and no other way without a session', async () => {
    const { exitCode, stdout } = await onRealm('explain', sound, '--client', 'app', '--acr', 'gold', '--json');
    const [{ levels }] = JSON.parse(stdout);
    const ways = levels[0].ways.map(({ proofs }: { proofs: string[] }) => proofs.join(' '));
    expect(ways.filter((way: string) => !way.includes('session'))).toEqual(['password otp']);
    expect(exitCode).toBe(0);
  });

  test('exits with 2 where there is no such realm', async () => {
    const { exitCode, stderr } = await onRealm('check', 'nowhere');
    expect(stderr).toMatch(/^step-up: http.*nowhere: /);
    expect(exitCode).toBe(2);
  });
});
