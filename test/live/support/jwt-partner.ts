import { PASSWORD } from '../../support/imported-realm';
import { type GrantAnswer, post, siteOf } from './grants';
import { testKeycloak, withRealm } from './keycloak';

/** The alias of the partner among a realm's identity providers. */
export const PARTNER = 'partner';
const ISSUER = 'issuer';

/** A realm whose JWTs another one takes for tokens of linked accounts (RFC 7523). */
export interface JwtPartner {
  /** Gives a user of the other realm an account at the partner, and links the two. */
  link(username: string): Promise<void>;
  /** What the partner says of its user. */
  assertion(username: string): Promise<string>;
}

export interface JwtPartnerOptions {
  /** Whether accounts are linked to the partner only, and nobody logs in by it. @default false */
  readonly linkOnly?: boolean;
}

/** Gives a realm such a partner before the tests of this block: a realm of its own, which is removed after them. */
export function withJwtPartner(realm: string, { linkOnly = false }: JwtPartnerOptions = {}): JwtPartner {
  const partner = withRealm({}, 'partner');
  beforeAll(() => trust(realm, partner, linkOnly));
  return {
    async link(username) {
      const { admin } = await testKeycloak();
      const there = await admin.users.create({
        realm: partner,
        username,
        email: `${username}@partner.invalid`,
        firstName: 'Some',
        lastName: 'Partner',
        enabled: true,
        credentials: [{ type: 'password', value: PASSWORD, temporary: false }],
      });
      const [here] = await admin.users.find({ realm, username, exact: true });
      await admin.users.addToFederatedIdentity({
        realm,
        id: here?.id as string,
        federatedIdentityId: PARTNER,
        federatedIdentity: { identityProvider: PARTNER, userId: there.id, userName: username },
      });
    },
    async assertion(username) {
      const answer: GrantAnswer = await post(siteOf(partner), 'token', {
        client_id: ISSUER,
        grant_type: 'password',
        username,
        password: PASSWORD,
        scope: 'openid',
      });
      if (answer.access_token === undefined) throw new Error(`The partner refuses: ${answer.error_description}`);
      return answer.access_token;
    },
  };
}

async function trust(realm: string, partner: string, linkOnly: boolean): Promise<void> {
  const { admin } = await testKeycloak();
  const elsewhere = await siteOf(partner).issuer();
  await admin.clients.create({
    realm: partner,
    clientId: ISSUER,
    publicClient: true,
    directAccessGrantsEnabled: true,
    fullScopeAllowed: false,
    defaultClientScopes: ['basic'],
    protocolMappers: [
      {
        name: 'audience',
        protocol: 'openid-connect',
        protocolMapper: 'oidc-audience-mapper',
        config: { 'included.custom.audience': await siteOf(realm).issuer(), 'access.token.claim': 'true' },
      },
    ],
  });
  await admin.identityProviders.create({
    realm,
    alias: PARTNER,
    providerId: 'oidc',
    enabled: true,
    linkOnly,
    config: {
      clientId: ISSUER,
      clientSecret: 'known-to-the-test-alone',
      authorizationUrl: `${elsewhere}/protocol/openid-connect/auth`,
      tokenUrl: `${elsewhere}/protocol/openid-connect/token`,
      jwksUrl: `${elsewhere}/protocol/openid-connect/certs`,
      useJwksUrl: 'true',
      validateSignature: 'true',
      issuer: elsewhere,
      jwtAuthorizationGrantEnabled: 'true',
    },
  });
}
