import { IMPORTED_REALM, REDIRECT_URI } from '../../support/imported-realm';
import {
  CLIENT_ROLE,
  type ClientSettings,
  COMPOSITE_ROLE,
  type ConformanceCase,
  DEFAULT_SCOPE,
  GROUP,
  GROUP_ATTRIBUTES,
  GROUP_ROLE,
  OPTIONAL_SCOPE,
  type RealmSettings,
  ROLES,
  SECOND_SCOPE,
  UNUSED_SCOPE,
} from './case';
import { clientIdOf, FlowRepresentations, GUIDE_FLOW } from './realm-flows';
import { policyRepresentations, policyRoleOf } from './realm-policies';
import { userRepresentation } from './realm-users';

export const PLAIN_CLIENT = 'plain';
export const secondClientIdOf = (index: number) => `${clientIdOf(index)}-second`;

/** Cases whose realms have the same settings can share one. */
export function realmKey({ realm }: ConformanceCase): string {
  return JSON.stringify(realm);
}

/** A realm that holds the cases: for each a flow, clients, and users. Overrides are set once the flows have ids. */
export function realmRepresentation(
  name: string,
  settings: RealmSettings,
  cases: readonly ConformanceCase[],
  smtpServer: Readonly<Record<string, string>> = {},
): object {
  const flows = new FlowRepresentations();
  const resetFlow = settings.reset && flows.addReset(settings.reset);
  cases.forEach((each, index) => {
    flows.add(each, index);
  });
  return {
    realm: name,
    ...IMPORTED_REALM,
    attributes: { 'acr.loa.map': JSON.stringify(settings.acrMap) },
    browserFlow: GUIDE_FLOW,
    ...(resetFlow !== undefined && { resetPasswordAllowed: true, resetCredentialsFlow: resetFlow }),
    registrationAllowed: settings.registration ?? false,
    smtpServer,
    authenticationFlows: flows.flows,
    authenticatorConfig: flows.configs,
    requiredActions: requiredActions(settings),
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
    clients: [
      client(PLAIN_CLIENT, {}),
      ...cases.flatMap((each, index) => [
        client(clientIdOf(index), each.client),
        ...(each.second ? [client(secondClientIdOf(index), each.second)] : []),
      ]),
    ],
    ...policyRepresentations(cases),
    users: cases.flatMap(({ user, other }, index) => [
      userRepresentation(user, index, 'user'),
      ...(other ? [userRepresentation(other, index, 'other')] : []),
    ]),
  };
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

function client(clientId: string, { acrMap, defaultAcr, minimumAcr, consent, acrScope }: ClientSettings) {
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
    defaultClientScopes: [...(acrScope === undefined ? ['acr'] : []), DEFAULT_SCOPE],
    optionalClientScopes: [...(acrScope === 'optional' ? ['acr'] : []), OPTIONAL_SCOPE, SECOND_SCOPE],
  };
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
