import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun } from '../../../sandbox/cannot-run';
import { installProvider } from '../../../sandbox/provider/install';
import { packageProvider } from '../../../sandbox/provider/package';

const hasTerraform = spawnSync('terraform', ['version'], { stdio: 'ignore' }).status === 0;
const describeWithTerraform = (title: string, tests: () => void) =>
  hasTerraform ? describe(title, tests) : describe.skip(`${title} [Terraform is not installed]`, tests);

describeWithTerraform('The choice of the Keycloak provider', () => {
  const environment = { ...process.env };
  let root: string;
  let directory: string;
  let lines: string[];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'step-up-install-'));
    directory = join(root, 'provider');
    lines = [];
    delete process.env.STEP_UP_PROVIDER;
  });
  afterEach(async () => {
    process.env = { ...environment };
    await rm(root, { recursive: true, force: true });
  });

  const install = () => installProvider({ directory, log: (line) => lines.push(line) });

  /** Makes Terraform read this CLI configuration, as a user's own would be. */
  const useCliConfiguration = async (text: string) => {
    process.env.TF_CLI_CONFIG_FILE = join(root, 'user.rc');
    await writeFile(process.env.TF_CLI_CONFIG_FILE, text);
  };

  const useMirror = (path: string) =>
    useCliConfiguration(`provider_installation {\n filesystem_mirror {\n path = ${JSON.stringify(path)}\n }\n}\n`);

  it('falls on the offline one where the official one cannot be had, and says so in one line', async () => {
    await mkdir(join(root, 'empty'));
    await useMirror(join(root, 'empty'));

    expect(await install()).toEqual({ kind: 'offline', env: { TF_CLI_CONFIG_FILE: join(directory, 'terraform.rc') } });
    expect(lines).toEqual([
      'Using the offline Keycloak provider (the official one cannot be had here): it is for the sandbox and tests only.',
    ]);
  });

  it("takes the official one from a mirror in the user's own CLI configuration", async () => {
    const configuration = await packageProvider(join(root, 'official'));
    await useMirror(join(configuration, '..', 'mirror'));

    expect(await install()).toEqual({ kind: 'official', env: {} });
    expect(lines).toEqual([]);
    await expect(readdir(directory)).rejects.toThrow('ENOENT');
  });

  it('does not wait long for a registry that is silent', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await useCliConfiguration(
      `host "registry.terraform.io" {\n services = { "providers.v1" = "http://127.0.0.1:${port}/" }\n}\n`,
    );
    const start = Date.now();

    expect((await install()).kind).toBe('offline');
    expect(Date.now() - start).toBeLessThan(15_000);
    silent.close();
  });

  it.each(['official', 'offline'] as const)('is %s where STEP_UP_PROVIDER says so', async (kind) => {
    process.env.STEP_UP_PROVIDER = kind;

    expect((await install()).kind).toBe(kind);
    expect(lines).toHaveLength(kind === 'offline' ? 1 : 0);
  });

  it('is refused where STEP_UP_PROVIDER says something else', async () => {
    process.env.STEP_UP_PROVIDER = 'none';

    const refused = install();
    await expect(refused).rejects.toBeInstanceOf(CannotRun);
    await expect(refused).rejects.toThrow('STEP_UP_PROVIDER is "none": write official or offline, or leave it unset');
  });

  it('asks the Terraform that TERRAFORM_BINARY_NAME names', async () => {
    process.env.TERRAFORM_BINARY_NAME = join(root, 'own-terraform');
    await writeFile(process.env.TERRAFORM_BINARY_NAME, '#!/bin/sh\nexit 0\n', { mode: 0o755 });

    expect(await install()).toEqual({ kind: 'official', env: {} });
  });

  it('needs Terraform, and says so', async () => {
    await mkdir(join(root, 'bin'));
    process.env.PATH = join(root, 'bin');

    const refused = install();
    await expect(refused).rejects.toBeInstanceOf(CannotRun);
    await expect(refused).rejects.toThrow(/^No Terraform on PATH: install Terraform 1\.5 or later/);
  });
});
