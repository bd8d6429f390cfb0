import { OLDEST_TERRAFORM } from '../lib/bindings/pinned';
import { CannotRun } from './cannot-run';
import { run } from './run';

const REMEDY = `install Terraform ${OLDEST_TERRAFORM.join('.')} or later (https://developer.hashicorp.com/terraform/install)`;

/** The Terraform that cdktf takes: TERRAFORM_BINARY_NAME if that is set, else the first on PATH. */
export function terraformCommand(env: NodeJS.ProcessEnv = process.env): string {
  return env.TERRAFORM_BINARY_NAME || 'terraform';
}

/**
 * Requires Terraform, with which everything is deployed.
 *
 * @throws CannotRun if there is none, or one that does not run or is older than {@link OLDEST_TERRAFORM}
 */
export async function requireTerraform(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  // Without it Terraform asks for its newest version, and a network that swallows the question makes that slow.
  const quiet = { ...env, CHECKPOINT_DISABLE: '1' };
  const answer = await run(terraformCommand(env), ['version'], { env: quiet, timeoutMs: 30_000 });
  if (answer.failure?.includes('ENOENT')) throw noTerraform(env);
  const [, version, major, minor] = /v((\d+)\.(\d+)\.\d+)/.exec(answer.stdout) ?? [];
  if (answer.failure || version === undefined) {
    const cause = answer.stderr.split('\n').find((line) => /\w/.test(line)) ?? answer.failure ?? 'it names no version';
    throw new CannotRun(`Terraform ${where(env)} does not run (${cause.trim().slice(0, 200)}): ${REMEDY}`);
  }
  const [oldestMajor, oldestMinor] = OLDEST_TERRAFORM;
  if (Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor)) {
    throw new CannotRun(`Terraform ${version} is too old: ${REMEDY}`);
  }
}

/** What is thrown where there is no Terraform. */
export function noTerraform(env: NodeJS.ProcessEnv): CannotRun {
  return new CannotRun(`No Terraform ${where(env)}: ${REMEDY}`);
}

function where({ TERRAFORM_BINARY_NAME: name }: NodeJS.ProcessEnv): string {
  return name ? `at TERRAFORM_BINARY_NAME (${name})` : 'on PATH';
}
