import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { KeycloakProvider, type ProviderSource } from '../../../lib';
import { type RealmModel, readTerraformConfiguration } from '../../../model';
import { installProvider } from '../../../sandbox/provider/install';
import { run } from '../../../sandbox/run';
import { terraformCommand } from '../../../sandbox/terraform';
import { testKeycloak } from './keycloak';

/** What an apply did, as Terraform counts it. */
export interface Applied {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
}

/** A Terraform working folder of one test file, whose state goes from one apply to the next. */
export interface StackFolder {
  /** Synthesizes the constructs that `build` adds to an empty stack and applies them to the run's Keycloak. */
  apply(build: (stack: TerraformStack) => void): Promise<Applied>;
  /** What Terraform would change now: one line a resource. */
  plan(): Promise<string[]>;
  /** Applies once more what was applied last, with these arguments. */
  again(...args: string[]): Promise<Applied>;
  /** Takes a resource out of the state. */
  forget(address: string): Promise<void>;
  /** Where the configuration is. */
  path(): string;
  /** The realm as the configuration declares it. */
  declared(): Promise<RealmModel>;
}

export interface StackFolderOptions {
  /** Whether the stacks are applied although their validation refuses them. @default false */
  readonly refused?: boolean;
}

/**
 * Makes a folder in which stacks are applied by Terraform, and removes it after the tests of this block.
 *
 * @param source the provider that the stacks are made for. What is made for mrparkers/keycloak is applied by
 * keycloak/keycloak: the old provider is not served offline.
 */
export function withStackFolder(source?: ProviderSource, { refused = false }: StackFolderOptions = {}): StackFolder {
  let directory: string;
  let provider: Record<string, string>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'step-up-stack-'));
    provider = (await installProvider({ directory: join(directory, 'provider'), log: () => {} })).env;
    await mkdir(join(directory, 'stack'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const terraform = async (...args: string[]): Promise<string> => {
    const keycloak = await testKeycloak();
    const { failure, stdout, stderr } = await run(terraformCommand(), [`-chdir=${join(directory, 'stack')}`, ...args], {
      env: {
        ...process.env,
        CHECKPOINT_DISABLE: '1',
        TF_IN_AUTOMATION: '1',
        // Making a realm takes long on a machine that runs other tests beside it.
        KEYCLOAK_CLIENT_TIMEOUT: '90',
        ...provider,
        TF_VAR_url: keycloak.url,
        TF_VAR_client_id: keycloak.clientId,
        TF_VAR_client_secret: keycloak.clientSecret,
      },
    });
    if (failure) throw new Error(`terraform ${args[0]}: ${failure}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
    return stdout;
  };

  const apply = async (...args: string[]): Promise<Applied> => {
    const output = await terraform('apply', '-auto-approve', '-input=false', '-no-color', ...args);
    const counts = /Resources: (\d+) added, (\d+) changed, (\d+) destroyed/.exec(output);
    if (!counts) throw new Error(`terraform apply did not say what it did:\n${output.slice(-2000)}`);
    const [added, changed, destroyed] = counts.slice(1).map(Number) as [number, number, number];
    return { added, changed, destroyed };
  };

  return {
    async apply(build) {
      await writeFile(join(directory, 'stack', 'cdk.tf.json'), synthesized(build, source, !refused));
      await terraform('init', '-input=false', '-no-color');
      return apply();
    },
    again: (...args) => apply(...args),
    async forget(address) {
      await terraform('state', 'rm', address);
    },
    path: () => join(directory, 'stack'),
    async declared() {
      const json = await readFile(join(directory, 'stack', 'cdk.tf.json'), 'utf8');
      const [realm, ...others] = readTerraformConfiguration(JSON.parse(json));
      if (!realm || others.length > 0) throw new Error('The configuration is not of one realm');
      return realm;
    },
    async plan() {
      const output = await terraform('plan', '-input=false', '-no-color');
      return output.match(/(?<=# ).* (will|must) be .*/g) ?? [];
    },
  };
}

function synthesized(build: (stack: TerraformStack) => void, source?: ProviderSource, validated = true): string {
  const stack = new TerraformStack(Testing.app(), 'test');
  const variable = (name: string) => new TerraformVariable(stack, name, { type: 'string', sensitive: true });
  new KeycloakProvider(stack, 'keycloak', {
    source,
    url: variable('url').stringValue,
    clientId: variable('client_id').stringValue,
    clientSecret: variable('client_secret').stringValue,
  });
  build(stack);
  const json: Json = JSON.parse(Testing.synth(stack, validated));
  if (source === 'mrparkers/keycloak') takeByCurrentProvider(json);
  // In lines, because Terraform quotes the line that an error is on.
  return JSON.stringify(json, null, 1);
}

function takeByCurrentProvider(json: Json): void {
  json.terraform.required_providers = { keycloak: { source: 'keycloak/keycloak', version: '~> 5.9' } };
  for (const client of Object.values(json.resource.keycloak_openid_client ?? {})) {
    // The current provider has an attribute for it, with the same default, and refuses it here.
    delete client.extra_config?.['standard.token.exchange.enabled'];
  }
}

/** What of a synthesized stack is looked at here. */
interface Json {
  readonly terraform: { required_providers: unknown };
  readonly resource: Readonly<Record<string, Readonly<Record<string, { extra_config?: Record<string, string> }>>>>;
}
