import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageProvider } from '../../../sandbox/provider/package';
import { run } from '../../../sandbox/run';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';

type Attributes = Record<string, unknown>;

/** Terraform's JSON configuration of resources: type, then name, then arguments. */
export type Resources = Record<string, Record<string, Attributes>>;

export interface Outcome {
  ok: boolean;
  /** Terraform's messages, without the frame around them and in one line. */
  errors: string;
}

export interface PlannedChange {
  actions: string[];
  before: Attributes | null;
  after: Attributes | null;
  unknown: Record<string, unknown>;
  replaceBecauseOf: string[];
}

export interface StateEntry {
  values: Attributes;
  tainted: boolean;
}

/** A Terraform working folder that the offline provider serves. */
export interface Workspace {
  directory: string;
  /** Sets the whole configuration; `more` is merged beside the resources. */
  configure(resources: Resources, more?: object): Promise<void>;
  terraform(...args: string[]): Promise<Outcome & { stdout: string }>;
  /** The resources that an apply would change, by address; fails where Terraform does. */
  plan(...args: string[]): Promise<Record<string, PlannedChange>>;
  apply(...args: string[]): Promise<Outcome>;
  destroy(): Promise<Outcome>;
  /** What Terraform keeps, by address, as `terraform show -json` tells it. */
  state(): Promise<Record<string, StateEntry>>;
}

export interface WorkspaceOptions {
  /** Arguments of the provider block in place of those of the run's Keycloak. */
  provider?: Attributes;
  env?: Record<string, string>;
}

const hasTerraform = spawnSync('terraform', ['version'], { stdio: 'ignore' }).status === 0;

/** `describe` for tests that need the run's Keycloak and Terraform; their title says what is missing. */
export function describeWithTerraform(title: string, tests: () => void): void {
  if (hasTerraform) describeWithKeycloak(title, tests);
  else describe.skip(`${title} [Terraform is not installed]`, tests);
}

/** Builds the offline provider before the tests of this block and makes working folders for it, all removed after them. */
export function withProvider(): (options?: WorkspaceOptions) => Promise<Workspace> {
  let root: string;
  let cliConfiguration: string;
  let count = 0;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'step-up-provider-test-'));
    cliConfiguration = await packageProvider(join(root, 'provider'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  return async ({ provider, env = {} } = {}) => {
    const { url, clientId, clientSecret } = await testKeycloak();
    count += 1;
    const directory = join(root, `workspace-${count}`);
    await mkdir(directory);
    const workspace = createWorkspace(
      directory,
      { url, client_id: clientId, client_secret: clientSecret, ...provider },
      { TF_CLI_CONFIG_FILE: cliConfiguration, STEP_UP_SANDBOX_URL: url, ...env },
    );
    await workspace.configure({});
    const init = await workspace.terraform('init', '-input=false');
    if (!init.ok) throw new Error(init.errors);
    return workspace;
  };
}

function createWorkspace(directory: string, provider: Attributes, env: Record<string, string>): Workspace {
  const terraform = async (...args: string[]) => {
    const { failure, stdout, stderr } = await run('terraform', [...args, '-no-color'], {
      cwd: directory,
      env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', KEYCLOAK_CLIENT_TIMEOUT: '90', ...env },
    });
    const errors = stderr.replace(/[╷│╵]/g, '').replace(/\s+/g, ' ').trim();
    return { ok: failure === undefined, stdout, errors };
  };

  const show = async (...args: string[]) => {
    const { stdout } = await terraform('show', '-json', ...args);
    return JSON.parse(stdout);
  };

  return {
    directory,
    terraform,
    async configure(resources, more = {}) {
      const configuration = {
        terraform: { required_providers: { keycloak: { source: 'keycloak/keycloak', version: '5.9.0' } } },
        provider: { keycloak: provider },
        ...(Object.keys(resources).length > 0 && { resource: resources }),
        ...more,
      };
      await writeFile(join(directory, 'main.tf.json'), JSON.stringify(configuration, null, 2));
    },
    async plan(...args) {
      const { ok, errors } = await terraform('plan', '-input=false', '-out=plan', ...args);
      if (!ok) throw new Error(errors);
      const { resource_changes: changes = [] } = await show('plan');
      return Object.fromEntries(
        changes
          .filter(({ change }: { change: { actions: string[] } }) => change.actions.join() !== 'no-op')
          .map(({ address, change }: { address: string; change: Record<string, never> }) => [
            address,
            {
              actions: change.actions,
              before: change.before,
              after: change.after,
              unknown: change.after_unknown,
              replaceBecauseOf: ((change.replace_paths ?? []) as string[][]).map((path) => path.join('.')),
            },
          ]),
      );
    },
    async apply(...args) {
      const { ok, errors } = await terraform('apply', '-auto-approve', '-input=false', ...args);
      return { ok, errors };
    },
    async destroy() {
      const { ok, errors } = await terraform('destroy', '-auto-approve', '-input=false');
      return { ok, errors };
    },
    async state() {
      const { values } = await show();
      const resources: { address: string; values: Attributes; tainted?: boolean }[] =
        values?.root_module?.resources ?? [];
      return Object.fromEntries(
        resources.map(({ address, values: attributes, tainted = false }) => [address, { values: attributes, tainted }]),
      );
    },
  };
}
