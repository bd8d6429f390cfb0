import { IMPORTED_REALM, REDIRECT_URI } from '../../support/imported-realm';
import {
  type AcrMapper,
  CLIENT_ROLE,
  type ClientSettings,
  COMPOSITE_ROLE,
  type ConformanceCase,
  classOf,
  DEFAULT_SCOPE,
  GROUP,
  GROUP_ATTRIBUTES,
  GROUP_ROLE,
  OPTIONAL_SCOPE,
  PROVIDER,
  type RealmSettings,
  ROLES,
  SECOND_SCOPE,
  type ServiceSettings,
  UNUSED_SCOPE,
} from './case';
import { samlClientIdOf, secondClientIdOf, serviceClientIdOf } from './client-ids';
import { overridesOf } from './overrides';
import { clientIdOf, FlowRepresentations, GUIDE_FLOW } from './realm-flows';
import { policyRepresentations, policyRoleOf } from './realm-policies';
import { providerRepresentation, SECRET, type Whereabouts } from './realm-provider';
import { samlClient } from './realm-saml';
import { userRepresentation } from './realm-users';

export const PLAIN_CLIENT = 'plain';

/** Cases whose realms have the same settings can share one. */
export function realmKey({ realm }: ConformanceCase): string {
  return JSON.stringify(realm);
}

/** A realm that holds the cases: for each flows, clients, and users. */
export function realmRepresentation(
  name: string,
  settings: RealmSettings,
  cases: readonly ConformanceCase[],
  place: Whereabouts,
  smtpServer: Readonly<Record<string, string>> = {},
): object {
  const flows = new FlowRepresentations(name);
  const resetFlow = settings.reset && flows.addReset(settings.reset);
  const provider = settings.provider && { ...flows.addProvider(settings.provider) };
  cases.forEach((each, index) => {
    flows.add(each, index);
  });
  return {
    realm: name,
    ...IMPORTED_REALM,
    attributes: {
      'acr.loa.map': JSON.stringify(settings.acrMap),
      ...(settings.classes && { 'acr.uri.map': JSON.stringify(classesOf(settings.acrMap)) }),
    },
    browserFlow: GUIDE_FLOW,
    ...(resetFlow !== undefined && { resetPasswordAllowed: true, resetCredentialsFlow: resetFlow }),
    registrationAllowed: settings.registration ?? false,
    smtpServer,
    authenticationFlows: flows.flows,
    authenticatorConfig: flows.configs,
    requiredActions: requiredActions(settings),
    ...(provider && { identityProviders: [providerRepresentation(place, provider)] }),
    ...(settings.organizations && {
      organizationsEnabled: true,
      organizations: [{ name: 'acme', alias: 'acme', enabled: true, domains: [{ name: 'acme.invalid' }] }],
    }),
    roles: {
      realm: [
        ...ROLES.map((role) => ({ name: role })),
        { name: COMPOSITE_ROLE, composite: true, composites: { realm: [ROLES[0]] } },
      ],
      client: Object.fromEntries(
        cases.map((_, index) => [
          clientIdOf(index),
          [policyRoleOf(index), CLIENT_ROLE].map((role) => ({ name: role })),
        ]),
      ),
    },
    groups: [{ name: GROUP, realmRoles: [GROUP_ROLE], attributes: GROUP_ATTRIBUTES }],
    clientScopes: [acrScope(), ...[DEFAULT_SCOPE, OPTIONAL_SCOPE, SECOND_SCOPE, UNUSED_SCOPE].map(clientScope)],
    clients: [client(PLAIN_CLIENT, {}), ...cases.flatMap((each, index) => clientsOf(each, index, settings, name))],
    ...policyRepresentations(cases),
    users: cases.flatMap(({ user, other }, index) => [
      userRepresentation(user, index, 'user', place.partner),
      ...(other ? [userRepresentation(other, index, 'other', place.partner)] : []),
    ]),
  };
}

function clientsOf(each: ConformanceCase, index: number, { classes = false }: RealmSettings, realm: string): object[] {
  const overrides = overridesOf(each, index, realm);
  const { second, saml, service } = each;
  return [
    client(clientIdOf(index), each.client, service ? [audienceOf(serviceClientIdOf(index))] : []),
    ...(second ? [client(secondClientIdOf(index), second)] : []),
    ...(saml ? [samlClient(samlClientIdOf(index), saml, classes)] : []),
    ...(service ? [serviceClient(serviceClientIdOf(index), service)] : []),
  ].map((all) => ({ ...all, authenticationFlowBindingOverrides: overrides.get(all.clientId) ?? {} }));
}

/** Those of one priority Keycloak would show in no certain order. */
function requiredActions({ otpEnrolment, actionMaxAge }: RealmSettings): object[] {
  const otpConfig = actionMaxAge === undefined ? {} : { max_auth_age: actionMaxAge };
  return [
    { alias: 'CONFIGURE_TOTP', enabled: otpEnrolment, config: otpConfig },
    ...[
      'UPDATE_PASSWORD',
      'CONFIGURE_RECOVERY_AUTHN_CODES',
      'webauthn-register',
      'webauthn-register-passwordless',
      'delete_credential',
      'TERMS_AND_CONDITIONS',
      'UPDATE_PROFILE',
    ].map((alias) => ({ alias, enabled: true, config: {} })),
  ].map((each, position) => ({
    name: each.alias,
    providerId: each.alias,
    defaultAction: false,
    priority: 10 * (position + 1),
    ...each,
  }));
}

function client(clientId: string, settings: ClientSettings, mappers: readonly object[] = []) {
  const { acrMap, defaultAcr, minimumAcr, consent, acrScope, acrMapper } = settings;
  const attributes = {
    'oauth2.device.authorization.grant.enabled': 'true',
    ...(acrMap && { 'acr.loa.map': JSON.stringify(acrMap) }),
    ...(defaultAcr !== undefined && { 'default.acr.values': defaultAcr }),
    ...(minimumAcr !== undefined && { 'minimum.acr.value': minimumAcr }),
  };
  return {
    clientId,
    publicClient: true,
    directAccessGrantsEnabled: true,
    redirectUris: [REDIRECT_URI],
    consentRequired: consent ?? false,
    attributes,
    protocolMappers: [...mappers, ...acrMappers(acrMapper)],
    ...scopesOf(acrScope),
  };
}

/** A client with a secret, which has no pages. */
function serviceClient(clientId: string, settings: ServiceSettings) {
  const { serviceAccount = false, tokenExchange = false, jwt = false, consent, acrScope, acrMapper } = settings;
  return {
    clientId,
    publicClient: false,
    secret: SECRET,
    serviceAccountsEnabled: serviceAccount,
    consentRequired: consent ?? false,
    redirectUris: [REDIRECT_URI],
    attributes: {
      'standard.token.exchange.enabled': String(tokenExchange),
      'oauth2.jwt.authorization.grant.enabled': String(jwt),
      'oauth2.jwt.authorization.grant.idp': PROVIDER,
    },
    protocolMappers: acrMappers(acrMapper),
    ...scopesOf(acrScope),
  };
}

function scopesOf(acrScope: ClientSettings['acrScope']) {
  return {
    defaultClientScopes: [...(acrScope === undefined ? ['acr'] : []), DEFAULT_SCOPE],
    optionalClientScopes: [...(acrScope === 'optional' ? ['acr'] : []), OPTIONAL_SCOPE, SECOND_SCOPE],
  };
}

/** Lets another client exchange the tokens. */
function audienceOf(clientId: string) {
  return mapper('audience', 'oidc-audience-mapper', { 'included.client.audience': clientId });
}

const ACR_MAPPERS: Readonly<Record<AcrMapper, readonly [provider: string, config: Readonly<Record<string, string>>]>> =
  {
    hardcoded: ['oidc-hardcoded-claim-mapper', { 'claim.value': 'gold', 'jsonType.label': 'String' }],
    attribute: ['oidc-usermodel-attribute-mapper', { 'user.attribute': 'tier', 'jsonType.label': 'String' }],
    'group-attribute': [
      'oidc-usermodel-attribute-mapper',
      { 'user.attribute': 'tier', 'jsonType.label': 'String', 'aggregate.attrs': 'true' },
    ],
    requested: ['oidc-claims-param-value-idtoken-mapper', {}],
  };

function acrMappers(kind: AcrMapper | undefined): object[] {
  if (kind === undefined) return [];
  const [provider, config] = ACR_MAPPERS[kind];
  return [mapper('another acr', provider, { 'claim.name': 'acr', ...config })];
}

function classesOf(acrMap: RealmSettings['acrMap']): Record<string, string> {
  return Object.fromEntries(Object.keys(acrMap).map((acr) => [acr, classOf(acr)]));
}

/** Every token has the default one, and with it the user's name and roles. */
function clientScope(name: string) {
  const attributes = { 'display.on.consent.screen': 'true', 'include.in.token.scope': 'true' };
  if (name !== DEFAULT_SCOPE) return { name, protocol: 'openid-connect', attributes };
  const protocolMappers = [
    mapper('username', 'oidc-usermodel-attribute-mapper', {
      'user.attribute': 'username',
      'claim.name': 'preferred_username',
      'jsonType.label': 'String',
    }),
    mapper('realm roles', 'oidc-usermodel-realm-role-mapper', {
      'claim.name': 'realm_access.roles',
      'jsonType.label': 'String',
      multivalued: 'true',
    }),
    mapper('client roles', 'oidc-usermodel-client-role-mapper', {
      'claim.name': `resource_access.\${client_id}.roles`,
      'jsonType.label': 'String',
      multivalued: 'true',
    }),
  ];
  return { name, protocol: 'openid-connect', attributes, protocolMappers };
}

function acrScope() {
  return {
    name: 'acr',
    protocol: 'openid-connect',
    attributes: { 'display.on.consent.screen': 'false', 'include.in.token.scope': 'false' },
    protocolMappers: [mapper('acr loa level', 'oidc-acr-mapper', {})],
  };
}

function mapper(name: string, protocolMapper: string, config: Readonly<Record<string, string>>) {
  return {
    name,
    protocol: 'openid-connect',
    protocolMapper,
    config: { 'id.token.claim': 'true', 'access.token.claim': 'true', ...config },
  };
}
