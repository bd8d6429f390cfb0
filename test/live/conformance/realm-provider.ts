import { createHash } from 'node:crypto';
import { IMPORTED_REALM, PASSWORD, REDIRECT_URI } from '../../support/imported-realm';
import {
  type ConformanceCase,
  type FirstLoginFlow,
  type PostLoginFlow,
  PROVIDER,
  type ProviderSettings,
  type TreeNode,
} from './case';
import { type Person, usernameOf } from './realm-users';

/** Where a realm and the one that is its identity provider are. */
export interface Whereabouts {
  /** Of the server. */
  readonly url: string;
  readonly realm: string;
  /** The realm that is the provider. */
  readonly partner: string;
}

/** Known to the tests alone. */
export const SECRET = 'known-to-the-test-alone';
/** A client of the provider that issues tokens for the JWT authorization grant. */
export const ISSUER_CLIENT = 'issuer';

/** Who of the provider's users logs in there: one that is linked to the account, one of its name, or somebody else. */
export type Identity = 'linked' | 'matching' | 'new';

export const identityOf = (username: string, identity: Identity) =>
  identity === 'matching' ? username : `${username}-${identity}`;

const step = (
  requirement: TreeNode['requirement'],
  authenticator: string,
  config?: Record<string, string>,
): TreeNode => ({ requirement, authenticator, ...(config && { config }) });

const level = (number: string) =>
  step('REQUIRED', 'conditional-level-of-authentication', { 'loa-condition-level': number, 'loa-max-age': '36000' });

const subflow = (requirement: TreeNode['requirement'], name: string, ...nodes: TreeNode[]): TreeNode => ({
  requirement,
  subflow: name,
  nodes,
});

const createOr = (name: string, ...nodes: TreeNode[]): TreeNode[] => [
  step('ALTERNATIVE', 'idp-create-user-if-unique'),
  subflow('ALTERNATIVE', name, ...nodes),
];

/** Flows of first logins; Keycloak's own has no tree here. */
export const FIRST_LOGIN_TREES: Readonly<Record<Exclude<FirstLoginFlow, 'built-in'>, readonly TreeNode[]>> = {
  'auto-link': createOr('auto', step('REQUIRED', 'idp-auto-link')),
  proved: createOr(
    'proved',
    step('REQUIRED', 'idp-confirm-link'),
    step('REQUIRED', 'idp-username-password-form'),
    subflow(
      'CONDITIONAL',
      'proved otp',
      step('REQUIRED', 'conditional-user-configured'),
      step('REQUIRED', 'auth-otp-form'),
    ),
  ),
  unique: [step('REQUIRED', 'idp-create-user-if-unique')],
  detect: [step('REQUIRED', 'idp-detect-existing-broker-user'), step('REQUIRED', 'idp-auto-link')],
  review: [
    step('REQUIRED', 'idp-review-profile', { 'update.profile.on.first.login': 'on' }),
    subflow('REQUIRED', 'reviewed', ...createOr('reviewed links', step('REQUIRED', 'idp-auto-link'))),
  ],
};

export const POST_LOGIN_TREES: Readonly<Record<PostLoginFlow, readonly TreeNode[]>> = {
  levels: [
    subflow('CONDITIONAL', 'post silver', level('1'), step('REQUIRED', 'allow-access-authenticator')),
    subflow('CONDITIONAL', 'post gold', level('2'), step('REQUIRED', 'auth-otp-form')),
  ],
  otp: [step('REQUIRED', 'auth-otp-form')],
  configured: [
    step('REQUIRED', 'allow-access-authenticator'),
    subflow(
      'CONDITIONAL',
      'post configured',
      step('REQUIRED', 'conditional-user-configured'),
      step('REQUIRED', 'auth-otp-form'),
    ),
  ],
  denied: [step('REQUIRED', 'deny-access-authenticator')],
};

/** The identity provider, as Keycloak imports it. */
export function providerRepresentation(
  { url, partner }: Whereabouts,
  flows: { readonly firstLogin: string; readonly postLogin: string | undefined },
) {
  const there = `${url}/realms/${partner}/protocol/openid-connect`;
  return {
    alias: PROVIDER,
    providerId: 'oidc',
    enabled: true,
    firstBrokerLoginFlowAlias: flows.firstLogin,
    ...(flows.postLogin !== undefined && { postBrokerLoginFlowAlias: flows.postLogin }),
    config: {
      clientId: PROVIDER,
      clientSecret: SECRET,
      clientAuthMethod: 'client_secret_post',
      defaultScope: 'openid profile email',
      authorizationUrl: `${there}/auth`,
      tokenUrl: `${there}/token`,
      userInfoUrl: `${there}/userinfo`,
      jwksUrl: `${there}/certs`,
      useJwksUrl: 'true',
      validateSignature: 'true',
      issuer: `${url}/realms/${partner}`,
      jwtAuthorizationGrantEnabled: 'true',
    },
  };
}

/** The realm that is the provider, with all whom the people of the cases may be there. */
export function partnerRepresentation(place: Whereabouts, cases: readonly ConformanceCase[]): object {
  const { url, realm, partner } = place;
  return {
    realm: partner,
    ...IMPORTED_REALM,
    clients: [
      {
        clientId: PROVIDER,
        secret: SECRET,
        redirectUris: [`${url}/realms/${realm}/broker/${PROVIDER}/endpoint`],
      },
      {
        clientId: ISSUER_CLIENT,
        publicClient: true,
        directAccessGrantsEnabled: true,
        redirectUris: [REDIRECT_URI],
        defaultClientScopes: ['basic'],
        protocolMappers: [
          {
            name: 'audience',
            protocol: 'openid-connect',
            protocolMapper: 'oidc-audience-mapper',
            config: { 'included.custom.audience': `${url}/realms/${realm}`, 'access.token.claim': 'true' },
          },
        ],
      },
    ],
    users: cases.flatMap((each, index) =>
      (['user', 'other'] as const).flatMap((person) => {
        const settings = each[person];
        const identities = [settings?.linked ? 'linked' : 'matching', 'new'] as const;
        return settings ? identities.map((identity) => partnerUser(place, usernameOf(index, person), identity)) : [];
      }),
    ),
  };
}

function partnerUser({ partner }: Whereabouts, name: string, identity: Identity) {
  const username = identityOf(name, identity);
  return {
    id: partnerId(partner, username),
    username,
    email: `${username}@conformance.invalid`,
    emailVerified: true,
    firstName: 'Some',
    lastName: 'Body',
    enabled: true,
    credentials: [{ type: 'password', value: PASSWORD, temporary: false }],
  };
}

/** The link of an account to its identity, as Keycloak imports it. */
export function linkOf(partner: string, index: number, person: Person) {
  const userName = identityOf(usernameOf(index, person), 'linked');
  return { identityProvider: PROVIDER, userId: partnerId(partner, userName), userName };
}

/** No two realms of a server share one, and it has at most 36 characters. */
const partnerId = (partner: string, username: string) =>
  createHash('sha256').update(`${partner} ${username}`).digest('hex').slice(0, 36);

/** Aliases of a provider's flows. */
export const firstLoginAlias = ({ firstLogin }: ProviderSettings) =>
  firstLogin === 'built-in' ? 'first broker login' : `first login ${firstLogin}`;
export const postLoginAlias = ({ postLogin }: ProviderSettings) => postLogin && `post login ${postLogin}`;
