import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PROJECT = resolve(__dirname, '../..');

/** A user's program: CommonJS, with nothing installed but the package and its peers. */
const PROGRAM = `
const { App, TerraformStack } = require('cdktf');
const { AssuranceLevel, Factor, KeycloakProvider, StepUpFlow, StepUpRealm } = require('keycloak-step-up');
const app = new App({ outdir: 'out' });
const stack = new TerraformStack(app, 'mine');
new KeycloakProvider(stack, 'keycloak', { url: 'https://keycloak.example.com' });
const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [silver] });
realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
app.synth();
const { resource } = require('./out/stacks/mine/cdk.tf.json');
const { bindings } = require('keycloak-step-up');
console.log(JSON.stringify({ types: Object.keys(resource).sort(), raw: bindings.group.Group.tfResourceType }));
`;

describe('The packed package', () => {
  const directory = mkdtempSync(join(tmpdir(), 'step-up-package-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('works with its peers alone, bindings included', () => {
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', directory], {
      cwd: PROJECT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ filename }] = JSON.parse(packed);
    const modules = join(directory, 'node_modules');
    mkdirSync(join(modules, 'keycloak-step-up'), { recursive: true });
    execFileSync('tar', [
      'xzf',
      join(directory, filename),
      '--strip-components=1',
      '-C',
      join(modules, 'keycloak-step-up'),
    ]);
    for (const peer of ['cdktf', 'constructs', 'ipaddr.js', 'jose'])
      symlinkSync(join(PROJECT, 'node_modules', peer), join(modules, peer), 'dir');
    writeFileSync(join(directory, 'program.cjs'), PROGRAM);

    const printed = execFileSync(process.execPath, ['--preserve-symlinks', 'program.cjs'], {
      cwd: directory,
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
    expect(JSON.parse(printed)).toEqual({
      types: [
        'keycloak_authentication_bindings',
        'keycloak_authentication_execution',
        'keycloak_authentication_execution_config',
        'keycloak_authentication_flow',
        'keycloak_authentication_subflow',
        'keycloak_realm',
        'keycloak_realm_client_policy_profile',
        'keycloak_realm_client_policy_profile_policy',
      ],
      raw: 'keycloak_group',
    });
  });
});
