import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isVersion } from '../model/keycloak/versions';
import { CannotRun } from './cannot-run';
import { deployFailure } from './deploy-failure';
import type { KeycloakServer } from './keycloak';
import { run } from './run';

const ROOT = join(__dirname, '..');

/** What Terraform prints if its plan is empty, in every version since 1.0. */
const NO_CHANGES = 'No changes. Your infrastructure matches the configuration.';

/** Everything that a deploy of a stack to a Keycloak of the sandbox needs. */
export interface DeployOptions {
  /** Where the stack is applied. Its credentials reach Terraform by environment variables alone. */
  readonly keycloak: Pick<KeycloakServer, 'url' | 'clientId' | 'clientSecret'> &
    Partial<Pick<KeycloakServer, 'version'>>;
  /** The provider to use, from `installProvider`. */
  readonly provider: { readonly kind: 'official' | 'offline'; readonly env: Readonly<Record<string, string>> };
  /**
   * Takes the synthesized configuration and Terraform's state, so that the user's own `cdktf.out` is left alone. A second
   * deploy of the same folder starts from the state of the first.
   */
  readonly directory: string;
  /** Name of the stack. @default 'dev' */
  readonly stack?: string;
  /** Name of the realm (Terraform variable `realm_name`). @default the stack's own */
  readonly realmName?: string;
  /** Gets what Terraform does, condensed to one short text at a time. */
  readonly log?: (detail: string) => void;
}

/** What a deploy did. */
export interface DeployResult {
  /** Whether Terraform found anything to add, change or destroy, an output included. */
  readonly changed: boolean;
  /** Numbers of resources, as Terraform counts them. */
  readonly added: number;
  readonly updated: number;
  readonly destroyed: number;
  /** What Terraform said it would do, a line for each resource. */
  readonly changes: readonly string[];
  /** The stack's outputs that aren't sensitive. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Runs the project's own `cdktf deploy <stack> --auto-approve`, as a user would.
 *
 * @throws CannotRun with Terraform's error if the deploy fails
 */
export async function deploy(options: DeployOptions): Promise<DeployResult> {
  const { directory, stack = 'dev', log = () => {} } = options;
  await mkdir(directory, { recursive: true });
  const outputsFile = join(directory, 'outputs.json');
  const cdktf = await run(
    process.execPath,
    [
      require.resolve('cdktf-cli/bundle/bin/cdktf'),
      ...['deploy', stack, '--auto-approve', '--no-color', '--skip-provider-lock'],
      ...['--output', join(directory, 'cdktf.out'), '--outputs-file', outputsFile],
    ],
    {
      cwd: ROOT,
      env: deployEnvironment(options),
      onLine: (line) => {
        const detail = condensed(line);
        if (detail) log(detail);
      },
    },
  );
  const output = plain(`${cdktf.stdout}\n${cdktf.stderr}`);
  if (cdktf.failure) throw new CannotRun(`cdktf deploy ${stack} failed: ${deployFailure(output) ?? cdktf.failure}`);
  const done = /Resources: (\d+) added, (\d+) changed, (\d+) destroyed/.exec(output);
  if (!done) throw new CannotRun(`cdktf deploy ${stack} did not say what it did`);
  const [added, updated, destroyed] = done.slice(1).map(Number) as [number, number, number];
  const outputs = JSON.parse(await readFile(outputsFile, 'utf8'))[stack] ?? {};
  const changes = output.match(/(?<=# )keycloak_\S+ .*(will|must) be .*/g) ?? [];
  return { changed: !output.includes(NO_CHANGES), changes, added, updated, destroyed, outputs };
}

function deployEnvironment({ keycloak, provider, realmName }: DeployOptions): NodeJS.ProcessEnv {
  // Variables, workspaces and folders of the user's own Terraform work must not leak into the sandbox, nor out of it.
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(TF_(?!CLI_CONFIG_FILE$)|CDKTF_|FORCE_COLOR$)/.test(name),
  );
  return {
    ...Object.fromEntries(own),
    CI: '1',
    CHECKPOINT_DISABLE: '1',
    NO_COLOR: '1',
    TF_IN_AUTOMATION: '1',
    // Making a realm takes long on a busy machine.
    KEYCLOAK_CLIENT_TIMEOUT: '90',
    ...provider.env,
    // In Terraform's shared plugin cache the offline provider would pass for the official one in other projects.
    ...(provider.kind === 'offline' && { CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1', STEP_UP_SANDBOX_URL: keycloak.url }),
    ...(isVersion(keycloak.version) && { KEYCLOAK_VERSION: keycloak.version }),
    TF_VAR_keycloak_url: keycloak.url,
    TF_VAR_keycloak_client_id: keycloak.clientId,
    TF_VAR_keycloak_client_secret: keycloak.clientSecret,
    ...(realmName !== undefined && { TF_VAR_realm_name: realmName }),
  };
}

/** Terminal control sequences, and what cdktf puts before each line of a stack. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
  return text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '');
}

function condensed(line: string): string | undefined {
  const text = plain(line).trim();
  if (/Synthesizing/.test(text)) return 'synthesizing';
  if (/Initializing (the backend|provider plugins)/.test(text)) return 'terraform init';
  if (/Plan: /.test(text)) return /Plan: [^.]*/.exec(text)?.[0];
  const resource = /(keycloak_\w+)\.\S+.*: (Creating|Modifying|Destroying)\.\.\./.exec(text);
  return resource ? `${resource[2]?.toLowerCase()} ${resource[1]}` : undefined;
}
