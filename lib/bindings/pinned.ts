import { join } from 'node:path';

/** Source of the provider, in Terraform's registry. */
export const PROVIDER_SOURCE = 'keycloak/keycloak';

/** Version whose schema is pinned. */
export const PROVIDER_VERSION = '5.9.0';

/** Versions that the synthesized stacks accept. */
export const PROVIDER_CONSTRAINT = '~> 5.9';

/** The first Terraform, as [major, minor], that the synthesized stacks are for. */
export const OLDEST_TERRAFORM = [1, 5] as const;

/** The pinned schema: `terraform providers schema -json`, without descriptions. */
export const PINNED_SCHEMA = join(__dirname, 'schema', `keycloak-${PROVIDER_VERSION}.json`);
