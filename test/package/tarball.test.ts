import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { RULES } from '../../checks';
import { soundRealm } from '../checks/support/realms';
import { realmRepresentation } from '../checks/support/representation';
import { ESM_API, INFRASTRUCTURE, TYPED_API, TYPED_INFRASTRUCTURE } from './programs';

const PROJECT = resolve(__dirname, '../..');
const TSC = require.resolve('typescript/bin/tsc');
const PEERS = ['cdktf', 'constructs'];

/** A folder of a user's, with the package as npm unpacks it. */
interface Consumer {
  readonly folder: string;
  readonly home: string;
  write(name: string, content: unknown): string;
  node(...args: string[]): { exitCode: number | null; stdout: string; stderr: string };
}

describe('The packed package', () => {
  const root = mkdtempSync(join(tmpdir(), 'step-up-package-'));
  const home = join(root, 'unpacked');
  let dependencies: string[];

  beforeAll(() => {
    // What is in dist may be older than the sources.
    execFileSync(process.execPath, [TSC, '-p', 'tsconfig.build.json'], { cwd: PROJECT, stdio: 'inherit' });
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', root], {
      cwd: PROJECT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ filename }] = JSON.parse(packed);
    mkdirSync(home);
    execFileSync('tar', ['xzf', join(root, filename), '--strip-components=1', '-C', home]);
    const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    dependencies = Object.keys(manifest.dependencies).filter((name) => !manifest.bundleDependencies.includes(name));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** @param packages what is installed beside the package; nothing else can be found from there */
  function consumer(...packages: string[]): Consumer {
    const folder = mkdtempSync(join(root, 'consumer-'));
    const modules = join(folder, 'node_modules');
    cpSync(home, join(modules, 'keycloak-step-up'), { recursive: true });
    for (const name of packages) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(PROJECT, 'node_modules', name), join(modules, name), 'dir');
    }
    return {
      folder,
      home: join(modules, 'keycloak-step-up'),
      write: (name, content) => {
        const path = join(folder, name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
        return path;
      },
      node: (...args) => {
        const { status, stdout, stderr } = spawnSync(process.execPath, args, {
          cwd: folder,
          encoding: 'utf8',
          env: { PATH: process.env.PATH, NO_COLOR: '1' },
        });
        return { exitCode: status, stdout, stderr };
      },
    };
  }

  test('works with its dependencies and peers alone, bindings included', () => {
    const { write, node } = consumer(...dependencies, ...PEERS);
    write('program.cjs', INFRASTRUCTURE);
    const { stdout, stderr } = node('program.cjs');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      types: [
        'keycloak_authentication_bindings',
        'keycloak_authentication_execution',
        'keycloak_authentication_execution_config',
        'keycloak_authentication_flow',
        'keycloak_authentication_subflow',
        'keycloak_realm',
        'keycloak_realm_client_policy_profile',
        'keycloak_realm_client_policy_profile_policy',
        'keycloak_required_action',
        'terraform_data',
      ],
      raw: 'keycloak_group',
    });
  });

  test('serves resource servers, the model and the checks without cdktf and constructs', () => {
    const { write, node } = consumer(...dependencies);
    write('program.mjs', ESM_API);
    const { stdout, stderr } = node('program.mjs');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ status: 401, inside: true, realm: 'acme', rules: RULES.length, moved: [] });
  });

  test('serves resource servers with jose and ipaddr.js alone', () => {
    const { write, node } = consumer('jose', 'ipaddr.js');
    write('program.cjs', `console.log(typeof require('keycloak-step-up/resource-server').protect)`);
    expect(node('program.cjs')).toEqual({ exitCode: 0, stdout: 'function\n', stderr: '' });
  });

  test('names the peer that the constructs lack', () => {
    const { write, node } = consumer(...dependencies);
    write('program.cjs', `require('keycloak-step-up')`);
    const { exitCode, stderr } = node('program.cjs');
    expect(stderr).toMatch(/Error: Cannot find module '(cdktf|constructs)'/);
    expect(exitCode).toBe(1);
  });

  test('makes npm install neither peer for those who need none', () => {
    for (const manifest of ['package.json', 'node_modules/@cdktf/provider-keycloak/package.json']) {
      const { peerDependencies, peerDependenciesMeta } = JSON.parse(readFileSync(join(home, manifest), 'utf8'));
      expect(Object.keys(peerDependencies)).toEqual(PEERS);
      expect(peerDependenciesMeta).toEqual({ cdktf: { optional: true }, constructs: { optional: true } });
    }
  });

  test('has types that strict programs compile with, CommonJS and ES modules alike', () => {
    const { folder, write } = consumer(...dependencies, ...PEERS, '@types/node');
    for (const extension of ['cts', 'mts']) {
      write(`api.${extension}`, TYPED_API);
      write(`infrastructure.${extension}`, TYPED_INFRASTRUCTURE);
    }
    write('tsconfig.json', {
      compilerOptions: {
        module: 'Node16',
        target: 'ES2022',
        strict: true,
        skipLibCheck: false,
        noEmit: true,
        types: ['node'],
      },
    });
    const { status, stdout } = spawnSync(process.execPath, [TSC, '-p', folder, '--listFiles'], { encoding: 'utf8' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => !existsSync(line))).toEqual([]);
    expect(lines.filter((line) => /consumer-\w+\/\w+\.[cm]ts$/.test(line))).toHaveLength(4);
    expect(status).toBe(0);
  });

  describe('has the command step-up, which', () => {
    let user: Consumer;
    let command: string;

    beforeAll(() => {
      user = consumer(...dependencies);
      command = join(user.home, JSON.parse(readFileSync(join(user.home, 'package.json'), 'utf8')).bin['step-up']);
    });

    test('explains itself', () => {
      const { exitCode, stdout, stderr } = user.node(command, '--help');
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^Usage: step-up /);
      expect(exitCode).toBe(0);
    });

    test('checks a realm export', () => {
      const weak = soundRealm({ acrLoaMap: { levels: [], broken: '{' } });
      const bad = user.write('weak.json', realmRepresentation('acme', weak));
      const good = user.write('sound.json', realmRepresentation('acme', soundRealm()));
      expect(user.node(command, 'check', bad)).toMatchObject({
        exitCode: 1,
        stdout: expect.stringContaining('acr-map-broken (SU303), realm'),
        stderr: '',
      });
      expect(user.node(command, 'check', good)).toMatchObject({ exitCode: 0, stderr: '' });
    });

    test('checks HCL', () => {
      user.write('hcl/main.tf', 'resource "keycloak_realm" "acme" {\n  realm = "acme"\n}\n');
      const { stdout, stderr } = user.node(command, 'check', 'hcl');
      expect(stderr).toBe('');
      expect(stdout).toContain('Realm acme:');
    });
  });

  test('has the page of every rule, and the schema of the model', () => {
    const missing = RULES.map(({ id }) => `docs/checks/${id}.md`).filter((page) => !existsSync(join(home, page)));
    expect(missing).toEqual([]);
    expect(existsSync(join(home, 'model/realm-model.schema.json'))).toBe(true);
  });
});
