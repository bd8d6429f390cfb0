import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OLDEST_TERRAFORM, PROVIDER_SOURCE, PROVIDER_VERSION } from './pinned';

/** The schema could not be had; the message is one line for whoever asked for it. */
export class SchemaUnavailable extends Error {
  override readonly name = 'SchemaUnavailable';
}

/**
 * Takes the schema anew from the provider, which `terraform init` must be able to reach, without descriptions: they are three
 * quarters of its size and the bindings don't need them.
 *
 * @param target the file that gets it, in one step: on an error it stays as it is
 * @param env the environment of Terraform
 * @throws SchemaUnavailable
 */
export function takeSchema(target: string, env: NodeJS.ProcessEnv = process.env): void {
  const directory = mkdtempSync(join(tmpdir(), 'keycloak-schema-'));
  const draft = `${target}.${process.pid}`;
  try {
    const required = { keycloak: { source: PROVIDER_SOURCE, version: PROVIDER_VERSION } };
    writeFileSync(join(directory, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: required } }));
    terraform(directory, env, 'init', '-backend=false', '-input=false', '-no-color');
    const answer = JSON.parse(terraform(directory, env, 'providers', 'schema', '-json'), withoutDescriptions);
    const [provider] = Object.values<{ resource_schemas?: object }>(answer.provider_schemas ?? {});
    if (!provider?.resource_schemas) throw new SchemaUnavailable('Terraform names no resource type of the provider');
    writeFileSync(draft, JSON.stringify(answer));
    renameSync(draft, target);
  } finally {
    rmSync(draft, { force: true });
    rmSync(directory, { recursive: true, force: true });
  }
}

function terraform(directory: string, env: NodeJS.ProcessEnv, ...args: string[]): string {
  try {
    return execFileSync(env.TERRAFORM_BINARY_NAME || 'terraform', args, {
      cwd: directory,
      encoding: 'utf8',
      env: ownEnvironment(env),
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') {
      throw new SchemaUnavailable(
        `No Terraform on PATH or at TERRAFORM_BINARY_NAME: install Terraform ${OLDEST_TERRAFORM.join('.')} or later`,
      );
    }
    const cause = /Error: .*/.exec(stderr ?? '')?.[0] ?? `terraform ${args[0]} failed`;
    throw new SchemaUnavailable(
      `${cause}: ${PROVIDER_SOURCE} ${PROVIDER_VERSION} must be within reach of terraform init`,
    );
  }
}

/** A provider may call optional what the environment has already: the schema must not depend on who takes it. */
function ownEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(KEYCLOAK_|TF_DATA_DIR$)/.test(name));
  return { ...Object.fromEntries(kept), CHECKPOINT_DISABLE: '1' };
}

/** An attribute may itself be called "description": only the texts go, and what says how they are written. */
function withoutDescriptions(key: string, value: unknown): unknown {
  return (key === 'description' && typeof value === 'string') || key === 'description_kind' ? undefined : value;
}
