export { readRealmRepresentation } from './keycloak/read';
export type { RealmRepresentation } from './keycloak/representation';
export {
  type ConfigurationOptions,
  type ModuleSource,
  type Modules,
  readTerraformConfiguration,
  readTerraformPlan,
  readTerraformState,
  type TerraformConfiguration,
  type TerraformPlan,
  type TerraformState,
} from './terraform';
export { UnreadableSource } from './unreadable';
