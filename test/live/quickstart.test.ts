import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeployResult, deploy } from '../../sandbox/deploy';
import { type InstalledProvider, installProvider } from '../../sandbox/provider/install';
import { type Row, runScenarios } from '../../sandbox/quickstart/run-scenarios';
import { SCENARIOS } from '../../sandbox/quickstart/scenarios';
import { dev } from '../../stacks/dev';
import { describeWithKeycloak, testKeycloak, uniqueRealmName, withRealmName } from './support/keycloak';

describeWithKeycloak('the stack dev, deployed by cdktf', () => {
  const realm = withRealmName('quickstart');
  let directory: string;
  let apply: () => Promise<DeployResult>;
  let first: DeployResult;
  let rows: Map<string, Row>;
  let secret: string;
  let provider: InstalledProvider;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'step-up-test-'));
    const keycloak = await testKeycloak();
    secret = keycloak.clientSecret;
    provider = await installProvider({ directory: join(directory, 'provider'), log: () => {} });
    apply = () => deploy({ keycloak, provider, directory: join(directory, 'out'), realmName: realm });
    first = await apply();
    const stage = {
      url: keycloak.url,
      realm,
      clientId: String(first.outputs.client_id),
      redirectUri: dev.shopRedirectUris[0] as string,
      goldMaxAgeSeconds: dev.goldMaxAge.toSeconds(),
      admin: keycloak.admin,
    };
    rows = new Map((await runScenarios(stage, SCENARIOS)).map((row) => [row.scenario.title, row]));
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('creates resources and names its realm and client', () => {
    expect(first).toMatchObject({ changed: true, updated: 0, destroyed: 0, outputs: { realm_id: realm } });
    expect(first.added).toBeGreaterThan(0);
  });

  test.each(SCENARIOS)('$title', ({ title, expected }) => {
    const { observed, result, asExpected } = rows.get(title) as Row;
    expect(observed).toEqual(expected);
    expect(asExpected).toBe(true);
    expect(Boolean(result.tokens)).toBe(expected.outcome === 'granted');
  });

  test('shows no changes when it is deployed again after the logins', async () => {
    expect(await apply()).toMatchObject({ changes: [], changed: false, added: 0, updated: 0, destroyed: 0 });
  });

  test("is refused with the provider's words when the service account is", async () => {
    const keycloak = { ...(await testKeycloak()), clientSecret: 'another one' };
    const out = join(directory, 'refused');
    const refused = deploy({ keycloak, provider, directory: out, realmName: uniqueRealmName('refused') });
    await expect(refused).rejects.toThrow(/^cdktf deploy dev failed: Error: .*unauthorized_client/);
  });

  test('leaves the secret of the service account in no file', async () => {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.some((file) => file.endsWith('.tfstate'))).toBe(true);
    const holders: string[] = [];
    for (const file of files) if ((await readFile(file)).includes(secret)) holders.push(file);
    expect(holders).toEqual([]);
  });
});
