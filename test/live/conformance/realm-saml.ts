import { REDIRECT_URI } from '../../support/imported-realm';
import { classOf, type SamlClientSettings } from './case';

/** A SAML client that signs nothing, as Keycloak imports it. */
export function samlClient(clientId: string, { minimum, begun }: SamlClientSettings, realmHasClasses: boolean) {
  return {
    clientId,
    protocol: 'saml',
    redirectUris: [REDIRECT_URI],
    attributes: {
      'saml.client.signature': 'false',
      'saml.force.post.binding': 'false',
      'saml.server.signature': 'false',
      'saml.assertion.signature': 'false',
      saml_assertion_consumer_url_redirect: REDIRECT_URI,
      ...(begun && { saml_idp_initiated_sso_url_name: clientId }),
      // One that no map has can't be saved.
      ...(minimum && realmHasClasses && { 'minimum.acr.value': classOf('gold') }),
    },
  };
}
