import { createHash, randomBytes } from 'node:crypto';
import { load } from 'cheerio';
import { Browser, createUser, type TestUser, type TestUserOptions } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { claimsOf, post } from './grants';
import { testKeycloak, withRealm } from './keycloak';
import { answersOf, type Site } from './site';

const SECRET = 'known-to-the-test-alone';

/** Identity providers of the site, both for the same other realm: as they are made, and with a post login flow. */
export type Partner = 'bare' | 'guarded';

/** A realm with users who also have an account at another realm. */
export type PartnerSite = Pick<Site, 'realm' | 'issuer'> & {
  user(options: Partial<TestUserOptions>): Promise<TestUser>;
};

/** What a login asked for and gave, or the error at which it ended. */
export interface BrokeredLogin {
  readonly asked: readonly string[];
  readonly acr?: unknown;
  readonly scope?: readonly string[];
  readonly error?: string;
}

/**
 * Gives a site that has a flow `post-broker` two identity providers before the tests of this block.
 *
 * @returns the realm that they are, and logins by way of one of them
 */
export function withPartners(site: PartnerSite) {
  const elsewhere = withRealm({}, 'partner');

  beforeAll(async () => {
    const { admin, url } = await testKeycloak();
    const there = `${url}/realms/${elsewhere}/protocol/openid-connect`;
    const flows = await admin.authenticationManagement.getFlows({ realm: site.realm });
    const postLogin = flows.find(({ alias }) => alias?.startsWith('post-broker'))?.alias;
    for (const [alias, postBrokerLoginFlowAlias] of [['bare'], ['guarded', postLogin]] as const) {
      await admin.clients.create({
        realm: elsewhere,
        clientId: alias,
        secret: SECRET,
        redirectUris: [`${await site.issuer()}/broker/${alias}/endpoint`],
      });
      await admin.identityProviders.create({
        realm: site.realm,
        alias,
        postBrokerLoginFlowAlias,
        providerId: 'oidc',
        enabled: true,
        config: {
          clientId: alias,
          clientSecret: SECRET,
          clientAuthMethod: 'client_secret_post',
          authorizationUrl: `${there}/auth`,
          tokenUrl: `${there}/token`,
          jwksUrl: `${there}/certs`,
          useJwksUrl: 'true',
          validateSignature: 'true',
          issuer: `${url}/realms/${elsewhere}`,
        },
      });
    }
  });

  /** A user of both realms, with an authenticator app in the site's or without. */
  const linkedUser = async (identityProvider: Partner, totp: true | undefined) => {
    const { admin } = await testKeycloak();
    const here = await site.user({ totp });
    const there = await createUser(admin, elsewhere, { username: here.username });
    await admin.users.addToFederatedIdentity({
      realm: site.realm,
      id: here.id,
      federatedIdentityId: identityProvider,
      federatedIdentity: { identityProvider, userId: there.id, userName: there.username },
    });
    return { here, there };
  };

  /** Opens the login page of a client, follows its link to the identity provider and logs in there with a password. */
  const login = async (
    partner: Partner,
    { clientId = 'plain', otp, ...parameters }: Record<string, string> & { otp?: 'right' | 'wrong' },
  ): Promise<BrokeredLogin> => {
    const { here, there } = await linkedUser(partner, otp && true);
    const verifier = randomBytes(32).toString('base64url');
    const url = new URL(`${await site.issuer()}/protocol/openid-connect/auth`);
    url.search = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: REDIRECT_URI,
      code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      ...parameters,
    }).toString();
    const browser = new Browser();
    const link = load(await (await browser.fetch(url)).text())(`#social-${partner}`).attr('href') ?? '';
    const leave = new URL(REDIRECT_URI);
    const asked: string[] = [];
    let arrival = await browser.open(new URL(link, url), leave);
    while ('page' in arrival && arrival.page.kind === 'form' && !arrival.page.error) {
      asked.push(...arrival.page.asks.keys());
      const account = arrival.page.asks.has('username') ? there : here;
      const answers = { username: account.username, password: account.password, otp: answersOf(here, otp).otp };
      const code = typeof answers.otp === 'function' ? await answers.otp(arrival.page) : '';
      arrival = await browser.submit(
        arrival.page,
        asked.includes('otp') ? { otp: code } : { ...answers, otp: '' },
        leave,
      );
    }
    if ('page' in arrival) return { asked, error: arrival.page.error };
    const grant = {
      grant_type: 'authorization_code',
      redirect_uri: REDIRECT_URI,
      code: arrival.redirect.searchParams.get('code') ?? '',
      code_verifier: verifier,
    };
    const { acr, scope } = claimsOf(await post(site, 'token', { client_id: clientId, ...grant }));
    return { asked, acr, scope: String(scope).split(' ') };
  };

  return { elsewhere, login };
}
