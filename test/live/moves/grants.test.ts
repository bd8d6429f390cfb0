import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import {
  type LoginRequest,
  type LoginResult,
  type RealmModel,
  type Session,
  type SimulatedUser,
  simulate,
} from '../../../model';
import { tokenContents } from '../../../model/simulate/token-contents';
import { OTP_SECRET } from '../../checks/support/representation';
import { client, realm, stepUpFlow } from '../../model/support/realm';
import { REDIRECT_URI } from '../../support/imported-realm';
import { importRealm } from '../checks/import-realm';
import { LiveLogin } from '../conformance/driver';
import { claimsOf, type GrantAnswer, post, redeem, siteOf } from '../support/grants';
import { PARTNER, withJwtPartner } from '../support/jwt-partner';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';

const SECRET = 'known-to-the-test-alone';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const BOB: SimulatedUser = { credentials: ['password', 'otp'] };
const OFF = {
  authorizationCode: true,
  implicit: false,
  password: false,
  device: false,
  ciba: false,
  tokenExchange: false,
};

const payments = { name: 'payments', protocol: 'openid-connect', mappers: [] };
const optionalScopes = ['payments'];
const secret = { accessType: 'confidential', optionalScopes } as const;
const audience = {
  name: 'audience of pay',
  mapper: 'oidc-audience-mapper',
  config: { 'included.client.audience': 'pay', 'access.token.claim': 'true' },
};

const base = realm(stepUpFlow(), {
  clients: [
    client('portal', { mappers: [audience] }),
    client('other'),
    client('pay', { ...secret, grants: { ...OFF, tokenExchange: true } }),
    client('robot', { ...secret, grants: { ...OFF, serviceAccount: true }, minimumAcr: 'gold' }),
    client('jwt', {
      ...secret,
      grants: { ...OFF, jwtAuthorization: true },
      minimumAcr: 'gold',
      attributes: { 'oauth2.jwt.authorization.grant.idp': PARTNER },
    }),
    client('closed', secret),
  ],
  identityProviders: [{ alias: PARTNER, enabled: true, jwtAuthorization: true }],
});
const MODEL: RealmModel = { ...base, clientScopes: [...base.clientScopes, payments] };

describeWithKeycloak('Move: a grant with the secret of a client', () => {
  const name = withRealmName('moves');
  const site = siteOf(name);

  beforeAll(async () => {
    const { admin } = await testKeycloak();
    await importRealm(admin, name, MODEL);
    await openDoors(admin);
  });
  const partner = withJwtPartner(name);
  beforeAll(() => partner.link('bob'));

  /** Gives the clients what an import of the model leaves out. */
  async function openDoors(admin: KeycloakAdminClient): Promise<void> {
    for (const { clientId, accessType, grants, attributes, mappers } of MODEL.clients) {
      const [found] = await admin.clients.find({ realm: name, clientId });
      const id = found?.id as string;
      await admin.clients.update(
        { realm: name, id },
        {
          ...found,
          publicClient: accessType === 'public',
          secret: SECRET,
          serviceAccountsEnabled: grants.serviceAccount === true,
          attributes: {
            ...found?.attributes,
            ...attributes,
            'standard.token.exchange.enabled': String(grants.tokenExchange),
            'oauth2.jwt.authorization.grant.enabled': String(grants.jwtAuthorization ?? false),
          },
        },
      );
      for (const { mapper, config, ...rest } of mappers) {
        const protocolMapper = { ...rest, protocol: 'openid-connect', protocolMapper: mapper, config };
        await admin.clients.addProtocolMapper({ realm: name, id }, protocolMapper);
      }
    }
  }

  const asClient = (clientId: string, fields: Record<string, string>) =>
    post(site, 'token', { client_id: clientId, client_secret: SECRET, scope: 'openid payments', ...fields });

  const login = async (clientId: string, acr = '', browser = new LiveLogin('bob', OTP_SECRET)) => {
    const url = new URL(`${await site.issuer()}/protocol/openid-connect/auth`);
    const parameters = { scope: 'openid', acr_values: acr, redirect_uri: REDIRECT_URI, response_type: 'code' };
    url.search = new URLSearchParams({ client_id: clientId, ...parameters }).toString();
    let arrival = await browser.open(url);
    while ('page' in arrival) arrival = await browser.answer(arrival.page, {});
    const { access_token: token = '' } = await redeem(site, clientId, arrival.redirect, { client_secret: SECRET });
    return token;
  };

  const said = (answer: GrantAnswer): string => {
    if (answer.access_token === undefined) return 'refused';
    const { acr, scope } = claimsOf(answer);
    return `acr ${acr} with ${String(scope).split(' ').includes('payments') ? 'payments' : 'nothing more'}`;
  };

  const simulated = (request: LoginRequest, session?: Session): { line: string; result: LoginResult } => {
    const asked = { scope: ['openid', 'payments'], ...request };
    const result = simulate(MODEL, asked, BOB, session, { now: 1_000_000 });
    const { outcome, user } = result;
    if (outcome.kind !== 'granted') return { line: outcome.kind, result };
    const of = MODEL.clients.find(({ clientId }) => clientId === request.clientId);
    if (!of) throw new Error(`no client ${request.clientId}`);
    const { scopes } = tokenContents(MODEL, of, asked, user);
    return { line: `acr ${outcome.acr} with ${scopes.includes('payments') ? 'payments' : 'nothing more'}`, result };
  };

  const sessionAfter = (clientId: string, acrValues: readonly string[] = []) =>
    simulated({ clientId, acrValues, scope: ['openid'] }).result.session;

  test.each([
    ['robot', 'acr silver with payments'],
    ['closed', 'refused'],
  ])('client_credentials of %s', async (clientId, expected) => {
    const { line } = simulated({ clientId, grant: 'client-credentials' });
    const live = said(await asClient(clientId, { grant_type: 'client_credentials' }));
    expect([line, live]).toEqual([expected, expected]);
  });

  test.each([
    ['portal', '', 'acr silver with payments'],
    ['portal', 'gold', 'acr silver with payments'],
    ['pay', 'gold', 'acr silver with payments'],
    ['other', '', 'refused'],
  ])('a token of %s that was asked for with acr "%s", exchanged at pay', async (holder, acr, expected) => {
    const session = sessionAfter(holder, acr === '' ? [] : [acr]);
    const { line } = simulated({ clientId: 'pay', grant: 'token-exchange' }, session);
    const live = await asClient('pay', {
      grant_type: EXCHANGE,
      subject_token: await login(holder, acr),
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    });
    expect([line, said(live)]).toEqual([expected, expected]);
  });

  test.each([
    ['jwt', 'acr silver with payments'],
    ['closed', 'refused'],
  ])('the JWT of a provider, at %s', async (clientId, expected) => {
    const { line } = simulated({ clientId, grant: 'jwt-authorization' });
    const live = await asClient(clientId, { grant_type: JWT, assertion: await partner.assertion('bob') });
    expect([line, said(live)]).toEqual([expected, expected]);
  });
});
