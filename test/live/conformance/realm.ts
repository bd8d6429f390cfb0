import { IMPORTED_REALM, importedOtp, PASSWORD, REDIRECT_URI } from '../../support/imported-realm';
import {
  type ConformanceCase,
  DEFAULT_SCOPE,
  OPTIONAL_SCOPE,
  type PolicySettings,
  type RealmSettings,
  ROLES,
  type TreeNode,
  UNUSED_SCOPE,
  type UserSettings,
} from './case';

export const PLAIN_CLIENT = 'plain';
const STRONG_FLOW = 'strong';

/** The characters whose bytes are the key of a user's OTP. */
export function otpSecret(index: number): string {
  return `conformance-secret-${String(index).padStart(6, '0')}`;
}

export const clientIdOf = (index: number) => `app-${index}`;
export const usernameOf = (index: number) => `user-${index}`;
const roleOf = (index: number) => `client-${index}`;
export const aliasOf = (index: number, letter?: string) => `case ${index}${letter === undefined ? '' : ` ${letter}`}`;

/** Cases whose realms have the same settings can share one. */
export function realmKey({ realm }: ConformanceCase): string {
  return JSON.stringify(realm);
}

/** A realm that holds the cases: for each a flow, a client that overrides the browser flow with it, and a user. */
export function realmRepresentation(name: string, settings: RealmSettings, cases: readonly ConformanceCase[]): object {
  const configs: object[] = [];
  const flows = cases.flatMap((each, index) => flowsOf(each.flow, index, configs));
  // Keycloak shows actions of one priority in no certain order.
  let priority = 0;
  const required = (alias: string, enabled = true, config = {}) => {
    priority += 10;
    return { alias, name: alias, providerId: alias, enabled, defaultAction: false, priority, config };
  };
  return {
    realm: name,
    ...IMPORTED_REALM,
    attributes: { 'acr.loa.map': JSON.stringify(settings.acrMap) },
    browserFlow: 'guide',
    authenticationFlows: [...guideFlows(configs), ...strongFlows(), ...flows],
    authenticatorConfig: configs,
    requiredActions: [
      required(
        'CONFIGURE_TOTP',
        settings.otpEnrolment,
        settings.actionMaxAge === undefined ? {} : { max_auth_age: settings.actionMaxAge },
      ),
      required('UPDATE_PASSWORD'),
      required('CONFIGURE_RECOVERY_AUTHN_CODES'),
      required('webauthn-register'),
      required('webauthn-register-passwordless'),
    ],
    roles: { realm: ROLES.map((role) => ({ name: role })), client: clientRoles(cases) },
    clientScopes: [acrScope(), ...[DEFAULT_SCOPE, OPTIONAL_SCOPE, UNUSED_SCOPE].map(clientScope)],
    clients: [
      { ...client(PLAIN_CLIENT), attributes: {} },
      ...cases.map((each, index) => ({
        ...client(clientIdOf(index)),
        consentRequired: each.client.consent ?? false,
        attributes: clientAttributes(each),
      })),
    ],
    clientPolicies: { policies: cases.flatMap(({ policy }, index) => (policy ? [policyOf(policy, index)] : [])) },
    clientProfiles: { profiles: cases.flatMap(({ policy }, index) => (policy ? [profileOf(policy, index)] : [])) },
    users: cases.map(({ user }, index) => userOf(user, index)),
  };
}

/** The override is set once the flows have ids. */
function client(clientId: string) {
  return {
    clientId,
    publicClient: true,
    redirectUris: [REDIRECT_URI],
    defaultClientScopes: ['acr', DEFAULT_SCOPE],
    optionalClientScopes: [OPTIONAL_SCOPE],
  };
}

function clientAttributes({ client: { acrMap, defaultAcr, minimumAcr } }: ConformanceCase) {
  return {
    ...(acrMap && { 'acr.loa.map': JSON.stringify(acrMap) }),
    ...(defaultAcr !== undefined && { 'default.acr.values': defaultAcr }),
    ...(minimumAcr !== undefined && { 'minimum.acr.value': minimumAcr }),
  };
}

/** Each client has a role of its own, so that a policy can be for it alone. */
function clientRoles(cases: readonly ConformanceCase[]) {
  return Object.fromEntries(cases.map((_, index) => [clientIdOf(index), [{ name: roleOf(index) }]]));
}

function clientScope(name: string) {
  return { name, protocol: 'openid-connect', attributes: { 'display.on.consent.screen': 'true' } };
}

function acrScope() {
  return {
    ...clientScope('acr'),
    attributes: { 'display.on.consent.screen': 'false' },
    protocolMappers: [
      {
        name: 'acr loa level',
        protocol: 'openid-connect',
        protocolMapper: 'oidc-acr-mapper',
        config: { 'id.token.claim': 'true', 'access.token.claim': 'true' },
      },
    ],
  };
}

function policyOf({ when }: PolicySettings, index: number) {
  const more = {
    always: [],
    gold: [{ condition: 'acr-condition', configuration: { 'acr-property': 'gold' } }],
    scope: [{ condition: 'client-scopes', configuration: { scopes: [OPTIONAL_SCOPE], type: 'Optional' } }],
  }[when];
  const own = { condition: 'client-roles', configuration: { roles: [roleOf(index)] } };
  return { name: `policy ${index}`, enabled: true, conditions: [own, ...more], profiles: [`profile ${index}`] };
}

function profileOf({ flow, loa }: PolicySettings, index: number) {
  const alias = { own: aliasOf(index), strong: STRONG_FLOW, missing: 'no such flow' }[flow];
  const configuration = { 'auth-flow-alias': alias, ...(loa !== undefined && { 'auth-flow-loa': loa }) };
  return { name: `profile ${index}`, executors: [{ executor: 'auth-flow-enforcer', configuration }] };
}

function userOf({ credentials, roles, attributes }: UserSettings, index: number) {
  const otp = importedOtp(otpSecret(index));
  const password = { type: 'password', value: PASSWORD, temporary: false };
  return {
    username: usernameOf(index),
    enabled: true,
    firstName: usernameOf(index),
    lastName: 'Conformance',
    email: `${usernameOf(index)}@conformance.invalid`,
    emailVerified: true,
    realmRoles: roles,
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, [value]])),
    credentials: credentials.map((type) => (type === 'otp' ? otp : password)),
  };
}

function flowsOf(nodes: readonly TreeNode[], index: number, configs: object[], letter?: string): object[] {
  const nested: object[] = [];
  const alias = aliasOf(index, letter);
  const authenticationExecutions = nodes.map((node, position) => {
    const base = { requirement: node.requirement, priority: 10 * (position + 1) };
    if ('subflow' in node) {
      nested.push(...flowsOf(node.nodes, index, configs, node.subflow));
      return { ...base, authenticatorFlow: true, flowAlias: aliasOf(index, node.subflow) };
    }
    if (!node.config) return { ...base, authenticator: node.authenticator };
    const config = `${alias} ${position}`;
    configs.push({ alias: config, config: inRealm(node.config, index) });
    return { ...base, authenticator: node.authenticator, authenticatorConfig: config };
  });
  const topLevel = letter === undefined;
  return [{ alias, topLevel, builtIn: false, providerId: 'basic-flow', authenticationExecutions }, ...nested];
}

/** Names of subflows become those of the case. */
function inRealm(config: Readonly<Record<string, string>>, index: number): Record<string, string> {
  const { flow_to_check: letter, ...rest } = config;
  return letter === undefined ? rest : { ...rest, flow_to_check: aliasOf(index, letter) };
}

/** The flow of Keycloak's step-up guide. */
function guideFlows(configs: object[]): object[] {
  const level = (number: number, authenticator: string) => {
    const alias = `guide ${number}`;
    configs.push({ alias, config: { 'loa-condition-level': String(number), 'loa-max-age': '36000' } });
    return subflow(alias, [
      { authenticator: 'conditional-level-of-authentication', requirement: 'REQUIRED', authenticatorConfig: alias },
      { authenticator, requirement: 'REQUIRED' },
    ]);
  };
  return [
    subflow(
      'guide',
      [
        { authenticator: 'auth-cookie', requirement: 'ALTERNATIVE' },
        { flowAlias: 'guide forms', authenticatorFlow: true, requirement: 'ALTERNATIVE' },
      ],
      true,
    ),
    subflow('guide forms', [
      { flowAlias: 'guide 1', authenticatorFlow: true, requirement: 'CONDITIONAL' },
      { flowAlias: 'guide 2', authenticatorFlow: true, requirement: 'CONDITIONAL' },
    ]),
    level(1, 'auth-username-password-form'),
    level(2, 'auth-otp-form'),
  ];
}

function strongFlows(): object[] {
  return [
    subflow(
      STRONG_FLOW,
      [
        { authenticator: 'auth-username-password-form', requirement: 'REQUIRED' },
        { authenticator: 'auth-otp-form', requirement: 'REQUIRED' },
      ],
      true,
    ),
  ];
}

function subflow(alias: string, executions: readonly object[], topLevel = false) {
  return {
    alias,
    topLevel,
    builtIn: false,
    providerId: 'basic-flow',
    authenticationExecutions: executions.map((each, position) => ({ priority: 10 * (position + 1), ...each })),
  };
}
