import type { TerraformStack } from 'cdktf';
import { ConfigurationError } from '../lib';

/** Key of the backends in the context of cdktf.json: `{ "backends": { "prod": { "type": "s3", "config": {...} } } }`. */
const CONTEXT_KEY = 'backends';

interface BackendChoice {
  /** A backend type that Terraform knows, except `local`: `s3`, `gcs`, `azurerm`, `pg`, `http`, ... */
  readonly type: string;
  /**
   * Its settings, without credentials. What is left out comes from `terraform init -backend-config`.
   * @default none
   */
  readonly config?: Readonly<Record<string, unknown>>;
}

/**
 * Keeps the stack's state in the remote backend that the context of cdktf.json chooses for the environment.
 *
 * @throws ConfigurationError if none is chosen, or one that keeps the state on the machine that deploys
 */
export function useRemoteBackend(stack: TerraformStack, environment: string): void {
  const choices: Readonly<Record<string, BackendChoice>> = stack.node.tryGetContext(CONTEXT_KEY) ?? {};
  const choice = choices[environment];
  if (typeof choice?.type !== 'string' || choice.type === 'local') {
    throw new ConfigurationError(stack.node.path, {
      value: `context ${CONTEXT_KEY}.${environment} ${JSON.stringify(choice)}`,
      why: 'the state of a shared realm holds client secrets and must be kept, locked and guarded in one place',
      instead: `Choose a remote backend in cdktf.json, for example "${CONTEXT_KEY}": { "${environment}": { "type": "s3" } }`,
    });
  }
  stack.addOverride('terraform.backend', { [choice.type]: choice.config ?? {} });
}
