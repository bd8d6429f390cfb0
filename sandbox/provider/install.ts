import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROVIDER_SOURCE, PROVIDER_VERSION } from '../../lib/bindings/pinned';
import { CannotRun } from '../cannot-run';
import { run } from '../run';
import { noTerraform, terraformCommand } from '../terraform';
import { packageProvider } from './package';

/** Seconds that the registry may take to answer a request, and that the provider's download may take. */
const REGISTRY_SECONDS = 4;
const DOWNLOAD_SECONDS = 60;

export interface InstallOptions {
  /** Where the offline provider is put, should it be needed. Made if it is not there. */
  directory: string;
  /** Gets the one line that says that the offline provider is in use. */
  log: (line: string) => void;
}

export interface InstalledProvider {
  kind: 'official' | 'offline';
  /** Variables that Terraform's processes need in order to find the provider. */
  env: Record<string, string>;
}

/**
 * The provider that STEP_UP_PROVIDER asks for.
 *
 * @returns undefined if it asks for none, and the official one is to be used if it can be had
 * @throws CannotRun if it has another value
 */
export function chosenProvider(env: NodeJS.ProcessEnv = process.env): InstalledProvider['kind'] | undefined {
  const value = env.STEP_UP_PROVIDER;
  if (!value) return undefined;
  if (value === 'official' || value === 'offline') return value;
  throw new CannotRun(`STEP_UP_PROVIDER is "${value}": write official or offline, or leave it unset`);
}

/**
 * Makes keycloak/keycloak 5.9.0 available to `terraform init`: the official provider where it can be had (from the registry
 * or from what the user's own CLI configuration names), else the offline one, built into `directory`. The latter is for the
 * sandbox and tests only. `STEP_UP_PROVIDER=official` or `offline` decides without a look at the registry.
 *
 * @throws CannotRun where Terraform is not installed or `STEP_UP_PROVIDER` has another value.
 */
export async function installProvider({ directory, log }: InstallOptions): Promise<InstalledProvider> {
  const chosen = chosenProvider();
  if (chosen === 'official' || (!chosen && (await isOfficialAvailable()))) return { kind: 'official', env: {} };
  const configuration = await packageProvider(directory);
  const why = chosen ? 'STEP_UP_PROVIDER asks for it' : 'the official one cannot be had here';
  log(`Using the offline Keycloak provider (${why}): it is for the sandbox and tests only.`);
  return { kind: 'offline', env: { TF_CLI_CONFIG_FILE: configuration } };
}

/** Asks Terraform itself, so that a mirror or a proxy that the user has set up counts. */
async function isOfficialAvailable(): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'step-up-provider-'));
  const { TF_DATA_DIR: _, ...environment } = process.env;
  const needed = { keycloak: { source: PROVIDER_SOURCE, version: PROVIDER_VERSION } };
  try {
    await writeFile(join(directory, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: needed } }));
    const { failure } = await run(terraformCommand(), ['init', '-backend=false', '-input=false', '-no-color'], {
      cwd: directory,
      timeoutMs: 1000 * DOWNLOAD_SECONDS,
      env: {
        ...environment,
        CHECKPOINT_DISABLE: '1',
        TF_REGISTRY_CLIENT_TIMEOUT: String(REGISTRY_SECONDS),
        TF_REGISTRY_DISCOVERY_RETRY: '0',
      },
    });
    if (failure?.includes('ENOENT')) throw noTerraform(process.env);
    return failure === undefined;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
