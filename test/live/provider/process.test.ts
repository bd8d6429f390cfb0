import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { generate } from 'selfsigned';
import { packageProvider } from '../../../sandbox/provider/package';
import { run } from '../../../sandbox/run';
import { withRealm } from '../support/keycloak';
import { describeWithTerraform, withProvider } from './terraform';

const LAUNCHER = 'terraform-provider-keycloak_v5.9.0';
const MAGIC_COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

describeWithTerraform('The process of the offline provider', () => {
  const workspaceOf = withProvider();
  const realm = withRealm({}, 'provider');
  let directory: string;
  let launcher: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "step-up's provider-"));
    const mirror = join(dirname(await packageProvider(directory)), 'mirror');
    const { stdout } = await run('find', [mirror, '-name', LAUNCHER]);
    launcher = stdout.trim();
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** Starts the provider as Terraform does, up to its handshake. */
  const start = async (): Promise<{ child: ChildProcess; handshake: string }> => {
    const { cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
    });
    const env = { ...process.env, TF_PLUGIN_MAGIC_COOKIE: MAGIC_COOKIE, PLUGIN_CLIENT_CERT: cert };
    const child = spawn(launcher, [], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = await once(child.stdout, 'data');
    return { child, handshake: String(line) };
  };

  it('offers protocol 5 on a loopback port with a certificate of its own', async () => {
    const first = await start();
    const second = await start();
    first.child.kill('SIGTERM');
    second.child.kill('SIGTERM');

    expect(first.handshake).toMatch(/^1\|5\|tcp\|127\.0\.0\.1:\d+\|grpc\|[A-Za-z0-9+/]+\n$/);
    expect(second.handshake.split('|')[5]).not.toBe(first.handshake.split('|')[5]);
  });

  it('ends on SIGTERM and not on SIGINT, which Terraform gets too', async () => {
    const { child } = await start();
    const end = once(child, 'exit');
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(child.exitCode).toBeNull();

    child.kill('SIGTERM');

    expect(await end).toEqual([0, null]);
  });

  it('says what it is when it is started by hand', async () => {
    const { code, stderr } = await run(launcher, []);

    expect(code).toBe(1);
    expect(stderr).toContain('This is a Terraform provider: Terraform starts it');
  });

  it('says through Terraform that Node is missing', async () => {
    const bare = await mkdtemp(join(tmpdir(), 'step-up-no-node-'));
    const { stdout: terraform } = await run('sh', ['-c', 'command -v terraform']);
    await symlink(terraform.trim(), join(bare, 'terraform'));
    await symlink('/bin/sh', join(bare, 'sh'));
    const workspace = await workspaceOf();
    await workspace.configure({ keycloak_authentication_flow: { flow: { realm_id: realm, alias: 'x' } } });

    const { stderr } = await run(join(bare, 'terraform'), ['plan', '-no-color', '-input=false'], {
      cwd: workspace.directory,
      env: { PATH: bare, TF_CLI_CONFIG_FILE: join(dirname(workspace.directory), 'provider', 'terraform.rc') },
    });

    await rm(bare, { recursive: true });
    expect(stderr.replace(/\s+/g, ' ')).toContain('The offline Keycloak provider needs Node.js 20.19 or newer');
  });

  it('keeps a lock file valid when the provider is built again', async () => {
    const workspace = await workspaceOf();
    const lock = await readFile(join(workspace.directory, '.terraform.lock.hcl'), 'utf8');
    await packageProvider(join(dirname(workspace.directory), 'provider'));

    expect(await workspace.terraform('init', '-input=false')).toMatchObject({ ok: true, errors: '' });
    expect(await readFile(join(workspace.directory, '.terraform.lock.hcl'), 'utf8')).toBe(lock);
  });
});
