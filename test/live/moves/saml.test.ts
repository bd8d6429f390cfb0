import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { runRule } from '../../../checks';
import { guardBypassed } from '../../../checks/rules/guard-bypassed';
import {
  type LoginRequest,
  type LoginResult,
  type RealmModel,
  type Session,
  type SimulatedUser,
  simulate,
} from '../../../model';
import { OTP_SECRET } from '../../checks/support/representation';
import { ALT, COND, COOKIE, client, flow, LOA, OTP, PASSWORD, realm, stepUpFlow } from '../../model/support/realm';
import { PASSWORD as PASSWORD_OF_ALL, REDIRECT_URI } from '../../support/imported-realm';
import { importRealm } from '../checks/import-realm';
import { type Arrival, LiveLogin } from '../conformance/driver';
import { acrOf, redeem, siteOf } from '../support/grants';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';
import { authnRequest, samlAddress, samlStatus } from './support/saml';

const BOB: SimulatedUser = { credentials: ['password', 'otp'] };
const CLASSES = { silver: 'https://classes.invalid/silver', gold: 'https://classes.invalid/gold' };

const saml = (clientId: string, more: Parameters<typeof client>[1] = {}) =>
  client(clientId, { protocol: 'saml', ...more });

/** Level 2 for a password. */
const cheap = flow('cheap', [COOKIE, ALT('cheap forms', [COND('cheap level', [LOA(2), PASSWORD])])]);

const proof = flow('proof', [PASSWORD, OTP]);
const ECP = { 'saml.allow.ecp.flow': 'true' };
const BEGUN = (clientId: string) => ({ saml_idp_initiated_sso_url_name: clientId });

const MODEL: RealmModel = realm(stepUpFlow(), {
  flows: [cheap, proof],
  acrUriMap: {
    classes: [
      { uri: CLASSES.silver, loa: 1 },
      { uri: CLASSES.gold, loa: 2 },
    ],
  },
  clients: [
    client('app'),
    saml('plain', { attributes: ECP }),
    saml('minimum', { minimumAcr: CLASSES.gold }),
    saml('minimum-begun', { minimumAcr: CLASSES.gold, attributes: BEGUN('minimum-begun') }),
    saml('minimum-ecp', { minimumAcr: CLASSES.gold, attributes: ECP }),
    saml('proof', { flowOverrides: { browser: { alias: 'proof' } } }),
    saml('proof-begun', { flowOverrides: { browser: { alias: 'proof' } }, attributes: BEGUN('proof-begun') }),
    saml('proof-ecp', { flowOverrides: { browser: { alias: 'proof' } }, attributes: ECP }),
    saml('lost', { minimumAcr: 'https://classes.invalid/platinum' }),
    saml('own-map', { acrLoaMap: { levels: [{ acr: 'urn:own', loa: 2 }] } }),
    saml('cheap', { flowOverrides: { browser: { alias: 'cheap' } } }),
  ],
});

describeWithKeycloak('Move: the login of a SAML client', () => {
  const name = withRealmName('moves');
  let url: string;

  beforeAll(async () => {
    const keycloak = await testKeycloak();
    url = `${keycloak.url}/realms/${name}/protocol`;
    const ofOpenId = MODEL.clients.filter(({ protocol }) => protocol === 'openid-connect');
    await importRealm(keycloak.admin, name, { ...MODEL, clients: ofOpenId });
    await addSamlClients(keycloak.admin);
  });

  async function addSamlClients(admin: KeycloakAdminClient): Promise<void> {
    const found = await admin.realms.findOne({ realm: name });
    const uris = JSON.stringify(CLASSES);
    await admin.realms.update({ realm: name }, { attributes: { ...found?.attributes, 'acr.uri.map': uris } });
    const flows = await admin.authenticationManagement.getFlows({ realm: name });
    for (const { clientId, protocol, minimumAcr, acrLoaMap, flowOverrides, attributes } of MODEL.clients) {
      if (protocol !== 'saml') continue;
      const override = flowOverrides.browser as { alias?: string } | undefined;
      const browser = flows.find(({ alias }) => alias === override?.alias)?.id;
      const { id } = await admin.clients.create({
        realm: name,
        clientId,
        protocol: 'saml',
        redirectUris: [REDIRECT_URI],
        ...(browser && { authenticationFlowBindingOverrides: { browser } }),
        attributes: {
          'saml.client.signature': 'false',
          'saml.force.post.binding': 'false',
          'saml.server.signature': 'false',
          'saml.assertion.signature': 'false',
          ...(attributes as Record<string, string>),
          saml_idp_initiated_sso_url_name: clientId,
          saml_assertion_consumer_url_redirect: REDIRECT_URI,
          ...(acrLoaMap && { 'acr.loa.map': '{"urn:own": 2}' }),
        },
      });
      // A minimum that no map has can't be saved: its class is taken from the map later.
      if (minimumAcr !== undefined) await setMinimum(admin, id, minimumAcr as string, uris);
    }
  }

  async function setMinimum(admin: KeycloakAdminClient, id: string, minimum: string, uris: string): Promise<void> {
    const found = await admin.realms.findOne({ realm: name });
    const attributes = (maps: Record<string, string>) =>
      admin.realms.update({ realm: name }, { attributes: { ...found?.attributes, ...maps } });
    await attributes({
      'acr.loa.map': '{"silver": 1, "gold": 2, "platinum": 3}',
      'acr.uri.map': JSON.stringify({ ...CLASSES, platinum: 'https://classes.invalid/platinum' }),
    });
    const saved = await admin.clients.findOne({ realm: name, id });
    await admin.clients.update(
      { realm: name, id },
      { ...saved, attributes: { ...saved?.attributes, 'minimum.acr.value': minimum } },
    );
    await attributes({ 'acr.loa.map': '{"silver": 1, "gold": 2}', 'acr.uri.map': uris });
  }

  /** Several logins in one browser, in the simulator and in Keycloak. */
  const compare = async (...requests: readonly LoginRequest[]) => {
    const browser = new LiveLogin('bob', OTP_SECRET);
    const simulated: string[] = [];
    const live: string[] = [];
    let session: Session | undefined;
    for (const request of requests) {
      const result = simulate(MODEL, request, BOB, session, { now: 1_000_000 });
      session = result.session;
      simulated.push(summary(result, request));
      live.push(await perform(browser, request));
    }
    return { simulated, live };
  };

  const perform = async (browser: LiveLogin, request: LoginRequest): Promise<string> => {
    let arrival: Arrival = await browser.open(addressOf(request));
    const seen: string[] = [];
    while ('page' in arrival && arrival.page.kind === 'form') {
      seen.push(arrival.page.text);
      arrival = await browser.answer(arrival.page, {});
    }
    return [...seen, await endOf(arrival)].join(', ');
  };

  const addressOf = ({ ...request }: LoginRequest): URL => {
    if (request.clientId === 'app') {
      const address = new URL(`${url}/openid-connect/auth`);
      address.search = new URLSearchParams({
        client_id: 'app',
        response_type: 'code',
        redirect_uri: REDIRECT_URI,
        scope: 'openid',
        acr_values: (request.acrValues ?? []).join(' '),
      }).toString();
      return address;
    }
    return samlAddress(url, request);
  };

  const endOf = async (arrival: Arrival): Promise<string> => {
    if ('page' in arrival) return `refused ${arrival.page.status}`;
    const { searchParams } = arrival.redirect;
    if (!searchParams.has('code')) return samlStatus(arrival.redirect);
    return `acr ${acrOf(await redeem(siteOf(name), 'app', arrival.redirect))}`;
  };

  /** A request without a browser: user name and password go with it. */
  const performEcp = async (request: LoginRequest): Promise<string> => {
    const response = await fetch(`${url}/saml`, {
      method: 'POST',
      headers: {
        'content-type': 'text/xml',
        authorization: `Basic ${Buffer.from(`bob:${PASSWORD_OF_ALL}`).toString('base64')}`,
      },
      body: `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${authnRequest(request)}</S:Body></S:Envelope>`,
    });
    const xml = await response.text();
    return xml.includes('status:Success') ? 'username+password, granted' : 'refused 400';
  };

  test.each([
    ['plain', 'username+password, granted'],
    ['minimum', 'refused 400'],
    ['minimum-ecp', 'username+password, granted'],
    ['proof-ecp', 'username+password, granted'],
  ])('without a browser, at %s', async (clientId, expected) => {
    const request: LoginRequest = { clientId, grant: 'saml-ecp' };
    const simulated = summary(simulate(MODEL, request, BOB), request);
    expect([simulated, await performEcp(request)]).toEqual([expected, expected]);
  });

  const GOLD = { acrValues: [CLASSES.gold] };
  const SILVER = { acrValues: [CLASSES.silver] };

  test.each<[string, LoginRequest, string]>([
    ['nothing', { clientId: 'plain' }, 'username+password, granted'],
    ['gold', { clientId: 'plain', ...GOLD }, 'username+password, otp, granted'],
    ['an unknown class', { clientId: 'plain', acrValues: ['urn:unknown'] }, 'NoAuthnContext'],
    [
      'an unknown class, then gold',
      { clientId: 'plain', acrValues: ['urn:unknown', CLASSES.gold] },
      'username+password, otp, granted',
    ],
    [
      'silver, then gold',
      { clientId: 'plain', acrValues: [CLASSES.silver, CLASSES.gold] },
      'username+password, granted',
    ],
    ['better than silver', { clientId: 'plain', ...SILVER, comparison: 'better' }, 'username+password, otp, granted'],
    ['better than gold', { clientId: 'plain', ...GOLD, comparison: 'better' }, 'NoAuthnContext'],
    ['nothing, with a minimum', { clientId: 'minimum' }, 'username+password, otp, granted'],
    ['exactly silver, with a minimum', { clientId: 'minimum', ...SILVER }, 'NoAuthnContext'],
    [
      'at least silver, with a minimum',
      { clientId: 'minimum', ...SILVER, comparison: 'minimum' },
      'username+password, otp, granted',
    ],
    [
      'nothing, begun at Keycloak, with a minimum',
      { clientId: 'minimum', initiatedByProvider: true },
      'username+password, granted',
    ],
    ['nothing, with a flow of its own', { clientId: 'proof' }, 'username+password, otp, granted'],
    [
      'nothing, begun at Keycloak, with a flow of its own',
      { clientId: 'proof-begun', initiatedByProvider: true },
      'username+password, otp, granted',
    ],
    ['nothing, with a minimum that the map lost', { clientId: 'lost' }, 'username+password, granted'],
    ["the realm's class, with a map of its own", { clientId: 'own-map', ...GOLD }, 'NoAuthnContext'],
    ['its own class', { clientId: 'own-map', acrValues: ['urn:own'] }, 'username+password, otp, granted'],
    ['nothing, passive', { clientId: 'plain', prompt: ['none'] }, 'NoPassive'],
  ])('which asks for %s', async (_what, request, expected) => {
    const { simulated, live } = await compare(request);
    expect(simulated).toEqual(live);
    expect(live).toEqual([expected]);
  });

  test('the check finds what these logins show, and no more', () => {
    const guarded = { ...MODEL, clients: MODEL.clients.filter(({ clientId }) => clientId !== 'cheap') };
    const found = runRule(guardBypassed, guarded).filter(({ verdict }) => verdict === 'found');
    expect(found.map(({ location }) => location.path).filter((path) => path !== 'realm')).toEqual([
      'client minimum-begun',
      'client minimum-ecp',
      'client proof-ecp',
    ]);
  });

  test('a level that it gives for a password counts for OpenID Connect clients', async () => {
    const { simulated, live } = await compare({ clientId: 'cheap' }, { clientId: 'app', acrValues: ['gold'] });
    expect(simulated).toEqual(live);
    expect(live).toEqual(['username+password, granted', 'acr gold']);
  });
});

function summary({ asked, outcome }: LoginResult, { clientId }: LoginRequest): string {
  const pages = asked.map(({ page }) => (page.kind === 'form' ? page.accepts[0]?.join('+') : page.kind));
  return [...pages, endOfResult(outcome, clientId)].join(', ');
}

function endOfResult(outcome: LoginResult['outcome'], clientId: string): string {
  if (outcome.kind === 'granted') return clientId === 'app' ? `acr ${outcome.acr}` : 'granted';
  if (outcome.kind !== 'refused') return JSON.stringify(outcome);
  if (outcome.error === 'login_required') return 'NoPassive';
  return outcome.error ?? `refused ${outcome.status}`;
}
