import { TerraformResource, TerraformStack } from 'cdktf';
import type { StepUpRealm } from '../realm/step-up-realm';
import { describe } from '../support/configuration-error';
import { resolved } from '../support/resolved';

/** What every resource of an identity provider has in its Terraform JSON. */
interface IdentityProvider {
  readonly realm?: unknown;
  readonly post_broker_login_flow_alias?: unknown;
}

/** Messages on the realm's identity providers in the stack whose logins nothing asks for a level. */
export function unguardedBrokers(realm: StepUpRealm): string[] {
  const own = [realm.realmId, realm.resource.realm, realm.resource.realmInput].map((name) => resolved(realm, name));
  return TerraformStack.of(realm)
    .node.findAll()
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node))
    .filter(({ terraformResourceType }) => /^keycloak_\w+_identity_provider$/.test(terraformResourceType))
    .filter((resource) => {
      const [content] = Object.values(resource.toTerraform().resource[resource.terraformResourceType]);
      const provider = resolved(resource, content) as IdentityProvider;
      return own.includes(provider.realm) && !provider.post_broker_login_flow_alias;
    })
    .map(({ node }) =>
      describe({
        value: `identity provider ${node.path} without postBrokerLoginFlowAlias`,
        why: 'a brokered login passes all that the browser flow asks for: it gets every scope, and the lowest level whatever is asked for',
        instead: 'Make a PostBrokerFlow like the browser flow and give its alias to the identity provider',
      }),
    );
}
