import { parseJavaBoolean } from '../../keycloak/java';
import { type IdentityProvider, isUnknown, type Known, type UnknownPart } from '../../realm-model';
import { flag, map, text } from './attributes';
import type { Resource } from './resources';

/** What the provider gives a resource of its own kind that names no provider and no alias. */
const KINDS: Readonly<Record<string, string>> = {
  keycloak_oidc_identity_provider: 'oidc',
  keycloak_saml_identity_provider: 'saml',
  keycloak_oidc_google_identity_provider: 'google',
  keycloak_oidc_facebook_identity_provider: 'facebook',
  keycloak_oidc_github_identity_provider: 'github',
  keycloak_oidc_microsoft_identity_provider: 'microsoft',
  keycloak_oidc_openshift_v4_identity_provider: 'openshift-v4',
  keycloak_kubernetes_identity_provider: 'kubernetes',
  keycloak_spiffe_identity_provider: 'spiffe',
};

/** What the provider writes where a resource names no flow. */
const DEFAULT_FIRST_LOGIN = 'first broker login';
const JWT_GRANT = 'jwtAuthorizationGrantEnabled';

export function identityProvidersOf(resources: readonly Resource[], unknowns: UnknownPart[]): IdentityProvider[] {
  const found = resources.filter(({ type, managed }) => managed && /_identity_provider$/.test(type));
  return found.map((resource) => {
    const kind = KINDS[resource.type];
    const provider = text(resource, 'provider_id') || kind;
    const alias = text(resource, 'alias') || kind || resource.address;
    if (isUnknown(alias)) unknowns.push({ address: resource.address, unknown: alias.unknown });
    const first = text(resource, 'first_broker_login_flow_alias') ?? DEFAULT_FIRST_LOGIN;
    const post = text(resource, 'post_broker_login_flow_alias');
    return {
      // One of which the name isn't known is a way in nevertheless.
      alias: isUnknown(alias) ? resource.address : alias,
      address: resource.address,
      enabled: flag(resource, 'enabled', true),
      ...(provider !== undefined && { provider }),
      ...(first !== '' && { firstLoginFlow: first }),
      ...(post !== undefined && post !== '' && { postLoginFlow: post }),
      trustEmail: flag(resource, 'trust_email', false),
      linkOnly: flag(resource, 'link_only', false),
      ...transientUsersOf(resource),
      jwtAuthorization: jwtGrantOf(resource, provider),
    };
  });
}

function transientUsersOf(resource: Resource): Pick<IdentityProvider, 'transientUsers'> {
  const value = extraConfig(resource, 'doNotStoreUsers');
  if (isUnknown(value)) return { transientUsers: value };
  return parseJavaBoolean(value) ? { transientUsers: true } : {};
}

function extraConfig(resource: Resource, key: string): Known<string> | undefined {
  const extra = map(resource.values.extra_config, `extra_config of ${resource.address}`);
  return isUnknown(extra) ? extra : extra[key];
}

function jwtGrantOf(resource: Resource, provider: Known<string> | undefined): Known<boolean> {
  if (provider === 'jwt-authorization-grant') return true;
  const value = extraConfig(resource, JWT_GRANT);
  return isUnknown(value) ? value : parseJavaBoolean(value);
}
