import { resourcesOfRealm } from '../realm/resources-of-realm';
import type { StepUpRealm } from '../realm/step-up-realm';
import { describe } from '../support/configuration-error';

/** Messages on the realm's identity providers in the stack whose logins nothing asks for a level. */
export function unguardedBrokers(realm: StepUpRealm): string[] {
  return resourcesOfRealm(realm, /^keycloak_\w+_identity_provider$/)
    .filter(({ content }) => !content.post_broker_login_flow_alias)
    .map(({ path }) =>
      describe({
        value: `identity provider ${path} without postBrokerLoginFlowAlias`,
        why: 'a brokered login passes all that the browser flow asks for: it gets every scope, and the lowest level whatever is asked for',
        instead: 'Make a PostBrokerFlow like the browser flow and give its alias to the identity provider',
      }),
    );
}
