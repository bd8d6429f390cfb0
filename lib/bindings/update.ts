import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PINNED_SCHEMA, PROVIDER_SOURCE, PROVIDER_VERSION } from './pinned';

/**
 * Takes the pinned schema anew from the provider, which `terraform init` must be able to reach, without descriptions:
 * they are three quarters of its size and the bindings don't need them.
 */
function update(): void {
  const directory = mkdtempSync(join(tmpdir(), 'keycloak-schema-'));
  try {
    const required = { keycloak: { source: PROVIDER_SOURCE, version: PROVIDER_VERSION } };
    writeFileSync(join(directory, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: required } }));
    terraform(directory, 'init', '-input=false', '-no-color');
    const schema = terraform(directory, 'providers', 'schema', '-json');
    writeFileSync(PINNED_SCHEMA, JSON.stringify(JSON.parse(schema, withoutDescriptions)));
    console.log(`schema of ${PROVIDER_SOURCE} ${PROVIDER_VERSION} written; now run: npm run bindings`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function terraform(directory: string, ...args: string[]): string {
  return execFileSync('terraform', args, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** An attribute may itself be called "description": only the texts go, and what says how they are written. */
function withoutDescriptions(key: string, value: unknown): unknown {
  return (key === 'description' && typeof value === 'string') || key === 'description_kind' ? undefined : value;
}

try {
  update();
} catch (error) {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  console.error(
    missing
      ? 'Terraform is not on the PATH: install Terraform 1.5 or later'
      : `The schema could not be had: ${PROVIDER_SOURCE} ${PROVIDER_VERSION} must be within reach of terraform init`,
  );
  process.exitCode = 2;
}
