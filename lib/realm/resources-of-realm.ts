import { TerraformResource, TerraformStack } from 'cdktf';
import { contentOf } from '../support/content';
import { resolved } from '../support/resolved';
import type { StepUpRealm } from './step-up-realm';

export interface ResourceOfRealm {
  /** The construct's path. */
  readonly path: string;
  /** As {@link contentOf} has it. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** The resources of a type that the realm's stack makes in the realm, whoever made them. */
export function resourcesOfRealm(realm: StepUpRealm, type: RegExp): ResourceOfRealm[] {
  const names = [realm.realmId, realm.resource.id, realm.resource.realm, realm.resource.realmInput];
  const own = names.map((name) => resolved(realm, name));
  return TerraformStack.of(realm)
    .node.findAll()
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node))
    .filter(({ terraformResourceType }) => type.test(terraformResourceType))
    .map((resource) => ({ path: resource.node.path, content: contentOf(resource) }))
    .filter(({ content }) => own.includes(content.realm_id ?? content.realm));
}
