import { isVersion } from '../../keycloak/versions';
import type { RealmModel } from '../../realm-model';
import { type ConfigurationOptions, readConfiguration, type TerraformConfiguration } from './configuration';
import { readRealms } from './realm';
import { readPlanned, readPrior, readState, type TerraformPlan, type TerraformState } from './show';

export type { ConfigurationOptions, ModuleSource, Modules, TerraformConfiguration } from './configuration';
export { blocks, labelled } from './configuration';
export type { Value } from './expression';
export { evaluateTemplate } from './expression';
export type { TerraformPlan, TerraformState } from './show';

/**
 * The realms of a Terraform configuration in JSON: what cdktf synthesizes (`cdk.tf.json`), or HCL converted to it. Of both
 * provider lines, keycloak/keycloak and mrparkers/keycloak.
 *
 * References are resolved as far as the configuration alone says; input variables by their defaults, unless given.
 */
export function readTerraformConfiguration(
  configuration: TerraformConfiguration,
  options?: ConfigurationOptions,
): RealmModel[] {
  const keycloakVersion = versionIn(configuration);
  return readRealms(readConfiguration(configuration, options), { kind: 'terraform-configuration' }).map((model) =>
    keycloakVersion === undefined ? model : { ...model, keycloakVersion },
  );
}

/** The realms before and after a plan, of what `terraform show -json` prints of it. */
export function readTerraformPlan(plan: TerraformPlan): {
  readonly before: RealmModel[];
  readonly after: RealmModel[];
} {
  return {
    before: readRealms(readPrior(plan), { kind: 'terraform-plan', stage: 'before' }),
    after: readRealms(readPlanned(plan), { kind: 'terraform-plan', stage: 'after' }),
  };
}

/** The realms of a state, of what `terraform show -json` prints of it. */
export function readTerraformState(state: TerraformState): RealmModel[] {
  return readRealms(readState(state), { kind: 'terraform-state' });
}

/** The release that the constructs noted in the comment of the file, or the provider's argument. */
function versionIn(configuration: TerraformConfiguration): string | undefined {
  const { '//': comment, provider } = configuration as Readonly<Record<string, unknown>>;
  const connections = [Object(provider).keycloak].flat();
  const told = [Object(comment).keycloakVersion, ...connections.map((each) => Object(each).keycloak_version)];
  return told.find(isVersion);
}
