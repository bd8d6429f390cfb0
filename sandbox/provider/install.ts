import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run';
import { PROVIDER_SOURCE, PROVIDER_VERSION, packageProvider } from './package';

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
 * Makes keycloak/keycloak 5.9.0 available to `terraform init`: the official provider where it can be had (from the registry
 * or from what the user's own CLI configuration names), else the offline one, built into `directory`. The latter is for the
 * sandbox and tests only. `STEP_UP_PROVIDER=official` or `offline` decides without a look at the registry.
 *
 * @throws Error where Terraform is not installed or `STEP_UP_PROVIDER` has another value.
 */
export async function installProvider({ directory, log }: InstallOptions): Promise<InstalledProvider> {
  const wanted = process.env.STEP_UP_PROVIDER ?? '';
  if (!['', 'official', 'offline'].includes(wanted)) {
    throw new Error(`STEP_UP_PROVIDER is "${wanted}": write official or offline, or leave it unset`);
  }
  if (wanted === 'official' || (wanted === '' && (await isOfficialAvailable()))) return { kind: 'official', env: {} };
  const configuration = await packageProvider(directory);
  const why = wanted === 'offline' ? 'STEP_UP_PROVIDER asks for it' : 'the official one cannot be had here';
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
    const { failure } = await run('terraform', ['init', '-backend=false', '-input=false', '-no-color'], {
      cwd: directory,
      timeoutMs: 1000 * DOWNLOAD_SECONDS,
      env: {
        ...environment,
        TF_REGISTRY_CLIENT_TIMEOUT: String(REGISTRY_SECONDS),
        TF_REGISTRY_DISCOVERY_RETRY: '0',
      },
    });
    if (failure?.includes('ENOENT')) {
      throw new Error('Terraform is not installed: install Terraform 1.5 or newer and put it on the PATH');
    }
    return failure === undefined;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
