import type { TerraformResource } from 'cdktf';
import { resolved } from './resolved';

/** What a resource will have in Terraform's JSON, overrides included: attributes by their Terraform names, references as texts. */
export function contentOf(resource: TerraformResource): Readonly<Record<string, unknown>> {
  const [content] = Object.values(resource.toTerraform().resource[resource.terraformResourceType]);
  return resolved(resource, content) as Readonly<Record<string, unknown>>;
}
