import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { type RunResult, run } from '../../sandbox/run';
import { type BareMachine, bareMachine, javaOfVersion } from './keycloak/machine';

/** Its search for the provider takes a minute and shows in a line: nothing that is missing may wait for it. */
const TERRAFORM = { terraform: 'case "$1" in version) echo "Terraform v1.5.7" ;; *) /bin/sleep 60 ;; esac' };
const JAVA = { java: javaOfVersion('17.0.15') };
const MAVEN = { mvn: 'exit 0' };

describe('npm run quickstart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'step-up-quickstart-'));
  const program = join(folder, 'quickstart.cjs');
  let machine: BareMachine;

  /** One file starts in a third of the time that the sources take; the last test starts those. */
  beforeAll(() =>
    build({
      entryPoints: [resolve(__dirname, '../../sandbox/quickstart.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      logLevel: 'error',
    }),
  );
  afterEach(() => machine.remove());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const quickstart = (commands: Record<string, string>, env: NodeJS.ProcessEnv = {}): Promise<RunResult> => {
    machine = bareMachine(commands);
    return run(process.execPath, [program], { env: { ...machine.env, ...env } });
  };

  test.each<[string, Record<string, string>, NodeJS.ProcessEnv, RegExp]>([
    ['without Terraform', {}, {}, /^No Terraform on PATH: install Terraform 1\.5 or later/],
    [
      'with a Terraform that is too old',
      { terraform: 'echo "Terraform v1.4.7"' },
      {},
      /^Terraform 1\.4\.7 is too old: install Terraform 1\.5 or later/,
    ],
    ['without Java', TERRAFORM, {}, /^No Java on PATH: install a JDK 17 or later .* or set KEYCLOAK_URL/],
    [
      'with a Java that is too old',
      { ...TERRAFORM, java: javaOfVersion('11.0.2') },
      {},
      /^Java 11 on PATH is too old for Keycloak: install a JDK 17 or later/,
    ],
    ['without Maven', { ...TERRAFORM, ...JAVA }, {}, /^No Maven on PATH to download Keycloak with: install it/],
    [
      'with a STEP_UP_PROVIDER that there is not',
      { ...TERRAFORM, ...JAVA, ...MAVEN },
      { STEP_UP_PROVIDER: 'none' },
      /^STEP_UP_PROVIDER is "none": write official or offline, or leave it unset$/,
    ],
    [
      'with a port that is none',
      { ...TERRAFORM, ...JAVA, ...MAVEN },
      { STEP_UP_KEYCLOAK_PORT: 'http' },
      /^STEP_UP_KEYCLOAK_PORT is http: give a port between 1024 and 65535/,
    ],
    [
      'with a KEYCLOAK_URL that is none',
      TERRAFORM,
      { KEYCLOAK_URL: 'keycloak' },
      /^KEYCLOAK_URL is keycloak: give the base URL of a Keycloak/,
    ],
  ])('says in one line what to do, and exits with 2, %s', async (_, commands, env, line) => {
    const { code, stdout, stderr } = await quickstart(commands, env);
    expect(stderr).toMatch(line);
    expect(stderr).not.toContain('\n');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('says so in one line, and exits with 2, when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await quickstart(
      { ...TERRAFORM, ...JAVA, ...MAVEN },
      { STEP_UP_KEYCLOAK_PORT: String(port) },
    );
    other.close();
    expect(stderr).toBe(
      `Port ${port} (STEP_UP_KEYCLOAK_PORT) is taken: stop what listens there, or unset the variable for a free port`,
    );
    expect(code).toBe(2);
  });

  test('does so before the search for the provider when nothing answers at KEYCLOAK_URL', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    other.close();
    await once(other, 'close');
    const { code, stderr } = await quickstart(TERRAFORM, {
      KEYCLOAK_URL: url,
      KEYCLOAK_CLIENT_ID: 'none',
      KEYCLOAK_CLIENT_SECRET: 'none',
    });
    expect(stderr.split('\n').at(-1)).toBe(
      `No server answers at KEYCLOAK_URL ${url} (ECONNREFUSED): start it, or unset KEYCLOAK_URL`,
    );
    expect(stderr).not.toContain('Finding the Keycloak provider');
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(2);
  });

  test('does so by the name that the README gives', async () => {
    const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
    machine = bareMachine({
      node: `exec '${process.execPath}' "$@"`,
      npm: `exec '${process.execPath}' '${npm}' "$@"`,
      sh: 'exec /bin/sh "$@"',
    });
    const { code, stderr } = await run(join(machine.env.PATH as string, 'npm'), ['run', 'quickstart'], {
      env: machine.env,
    });
    expect(stderr).toMatch(/^No Terraform on PATH: install Terraform 1\.5 or later [^\n]*$/);
    expect(code).toBe(2);
  });
});
