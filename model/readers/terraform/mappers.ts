import { isUnknown, type Known, type ProtocolMapper } from '../../realm-model';
import { map, text } from './attributes';
import type { Resource } from './resources';

interface TypedMapper {
  /** Keycloak's id of the mapper. */
  readonly mapper: string;
  /** Keys of Keycloak's config by the attributes that fill them. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Switches that typed mappers share; where one has it, it is on unless it says otherwise. */
const SWITCHES: Readonly<Record<string, string>> = {
  add_to_access_token: 'access.token.claim',
  add_to_id_token: 'id.token.claim',
  add_to_userinfo: 'userinfo.token.claim',
  add_to_token_introspection: 'introspection.token.claim',
};

const CLAIM = { claim_name: 'claim.name', claim_value_type: 'jsonType.label', multivalued: 'multivalued' };
const SAML = {
  saml_attribute_name: 'attribute.name',
  saml_attribute_name_format: 'attribute.nameformat',
  friendly_name: 'friendly.name',
};

/** The provider's resources of one kind of mapper each, of both lines. */
const TYPED: Readonly<Record<string, TypedMapper>> = {
  keycloak_openid_audience_protocol_mapper: {
    mapper: 'oidc-audience-mapper',
    config: {
      included_client_audience: 'included.client.audience',
      included_custom_audience: 'included.custom.audience',
    },
  },
  keycloak_openid_audience_resolve_protocol_mapper: { mapper: 'oidc-audience-resolve-mapper' },
  keycloak_openid_full_name_protocol_mapper: { mapper: 'oidc-full-name-mapper' },
  keycloak_openid_group_membership_protocol_mapper: {
    mapper: 'oidc-group-membership-mapper',
    config: { ...CLAIM, full_path: 'full.path' },
  },
  keycloak_openid_hardcoded_claim_protocol_mapper: {
    mapper: 'oidc-hardcoded-claim-mapper',
    config: { ...CLAIM, claim_value: 'claim.value' },
  },
  keycloak_openid_hardcoded_role_protocol_mapper: { mapper: 'oidc-hardcoded-role-mapper' },
  keycloak_openid_script_protocol_mapper: {
    mapper: 'oidc-script-based-protocol-mapper',
    config: { ...CLAIM, script: 'script' },
  },
  keycloak_openid_sub_protocol_mapper: { mapper: 'oidc-sub-mapper' },
  keycloak_openid_user_attribute_protocol_mapper: {
    mapper: 'oidc-usermodel-attribute-mapper',
    config: { ...CLAIM, user_attribute: 'user.attribute', aggregate_attributes: 'aggregate.attrs' },
  },
  keycloak_openid_user_client_role_protocol_mapper: {
    mapper: 'oidc-usermodel-client-role-mapper',
    config: {
      ...CLAIM,
      client_id_for_role_mappings: 'usermodel.clientRoleMapping.clientId',
      client_role_prefix: 'usermodel.clientRoleMapping.rolePrefix',
    },
  },
  keycloak_openid_user_property_protocol_mapper: {
    mapper: 'oidc-usermodel-property-mapper',
    config: { ...CLAIM, user_property: 'user.attribute' },
  },
  keycloak_openid_user_realm_role_protocol_mapper: {
    mapper: 'oidc-usermodel-realm-role-mapper',
    config: { ...CLAIM, realm_role_prefix: 'usermodel.realmRoleMapping.rolePrefix' },
  },
  keycloak_openid_user_session_note_protocol_mapper: {
    mapper: 'oidc-usersessionmodel-note-mapper',
    config: { ...CLAIM, session_note: 'user.session.note' },
  },
  keycloak_saml_script_protocol_mapper: { mapper: 'saml-javascript-mapper', config: { ...SAML, script: 'Script' } },
  keycloak_saml_user_attribute_protocol_mapper: {
    mapper: 'saml-user-attribute-mapper',
    config: { ...SAML, user_attribute: 'attribute' },
  },
  keycloak_saml_user_property_protocol_mapper: {
    mapper: 'saml-user-property-mapper',
    config: { ...SAML, user_property: 'attribute' },
  },
};

/** Mappers that put nothing but what they are for into tokens, so that no switch is theirs. */
const WITHOUT_SWITCHES = [
  'keycloak_openid_audience_resolve_protocol_mapper',
  'keycloak_openid_hardcoded_role_protocol_mapper',
];

const GENERIC = ['keycloak_generic_protocol_mapper', 'keycloak_generic_client_protocol_mapper'];

/** What of a mapper's config decides about levels, for one of whose config nothing is known. */
const SETTINGS = ['claim.name', 'claim.value', 'user.attribute', 'access.token.claim', 'id.token.claim'];

export function isMapper(type: string): boolean {
  return GENERIC.includes(type) || Object.hasOwn(TYPED, type) || /_protocol_mapper$/.test(type);
}

/** A resource's mapper as Keycloak has it; undefined if it can't be told which it is. */
export function mapperOf(
  resource: Resource,
  roleName: (id: Resource['values'][string]) => Known<string>,
): ProtocolMapper | undefined {
  const given = text(resource, 'name');
  const name = typeof given === 'string' ? given : resource.address;
  const typed = Object.hasOwn(TYPED, resource.type) ? TYPED[resource.type] : undefined;
  if (typed) return { name, mapper: typed.mapper, config: configOf(resource, typed, roleName) };
  const mapper = text(resource, 'protocol_mapper');
  if (typeof mapper !== 'string') return undefined;
  const config = map(resource.values.config, `config of ${resource.address}`);
  return {
    name,
    mapper,
    config: isUnknown(config) ? Object.fromEntries(SETTINGS.map((key) => [key, config])) : config,
  };
}

function configOf(
  resource: Resource,
  { config = {} }: TypedMapper,
  roleName: (id: Resource['values'][string]) => Known<string>,
): Record<string, Known<string>> {
  const values: Record<string, Known<string>> = {};
  for (const [attribute, key] of Object.entries(config)) {
    const value = text(resource, attribute);
    if (value !== undefined) values[key] = value;
  }
  if (resource.type === 'keycloak_openid_hardcoded_role_protocol_mapper') {
    values.role = roleName(resource.values.role_id ?? null);
  }
  if (!resource.type.startsWith('keycloak_openid_') || WITHOUT_SWITCHES.includes(resource.type)) return values;
  for (const [attribute, key] of Object.entries(SWITCHES)) values[key] = text(resource, attribute) ?? 'true';
  return values;
}
