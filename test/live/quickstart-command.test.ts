import { run } from '../../sandbox/run';
import { describeWithKeycloak, testKeycloak } from './support/keycloak';

function quickstart(arguments_: string[], env: NodeJS.ProcessEnv = process.env) {
  return run(process.execPath, ['--import', 'tsx', 'sandbox/quickstart.ts', ...arguments_], { env });
}

describe('npm run quickstart', () => {
  test('explains itself', async () => {
    const { code, stdout } = await quickstart(['--help']);
    expect(code).toBe(0);
    for (const word of ['--keep', '--json', 'KEYCLOAK_URL', 'Exit codes:']) expect(stdout).toContain(word);
  });

  test('exits with 2 on an option that it lacks', async () => {
    const { code, stderr } = await quickstart(['--forever']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--forever'");
  });
});

describeWithKeycloak('npm run quickstart, on a Keycloak that runs', () => {
  async function environment(): Promise<NodeJS.ProcessEnv> {
    const { url, clientId, clientSecret } = await testKeycloak();
    return { ...process.env, KEYCLOAK_URL: url, KEYCLOAK_CLIENT_ID: clientId, KEYCLOAK_CLIENT_SECRET: clientSecret };
  }

  test('prints a table that is as expected, and leaves neither a realm nor a secret', async () => {
    const env = await environment();
    const { code, stdout, stderr } = await quickstart(['--json'], env);
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      asExpected: true,
      keycloak: { url: env.KEYCLOAK_URL, origin: 'existing' },
      secondDeploy: { changed: false },
    });
    expect(report.rows).toHaveLength(8);
    expect(stdout + stderr).not.toContain(env.KEYCLOAK_CLIENT_SECRET);
    const { admin } = await testKeycloak();
    expect(await admin.realms.findOne({ realm: report.realm })).toBeNull();
  });

  test('exits with 2 when the service account is refused', async () => {
    const env: NodeJS.ProcessEnv = { ...(await environment()), KEYCLOAK_CLIENT_SECRET: 'another one' };
    const { code, stderr } = await quickstart([], env);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `Keycloak at ${env.KEYCLOAK_URL} refuses KEYCLOAK_CLIENT_ID ${env.KEYCLOAK_CLIENT_ID}: check`,
    );
    expect(stderr).not.toContain('    at ');
  });
});
