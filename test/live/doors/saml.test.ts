import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { load } from 'cheerio';
import { ProofFlow, StepUpFlow } from '../../../lib';
import { type Answers, Browser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { answersOf, withSite } from '../support/site';

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';

function authnRequest(issuer: string): string {
  const xml = `<samlp:AuthnRequest xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}" ID="_${Date.now()}" Version="2.0"
    IssueInstant="${new Date().toISOString()}" AssertionConsumerServiceURL="${REDIRECT_URI}"
    ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"><saml:Issuer>${issuer}</saml:Issuer>
    <samlp:RequestedAuthnContext Comparison="exact"><saml:AuthnContextClassRef>gold</saml:AuthnContextClassRef>
    </samlp:RequestedAuthnContext></samlp:AuthnRequest>`;
  return deflateRawSync(xml).toString('base64');
}

describeWithKeycloak('Door: SAML clients', () => {
  const site = withSite(({ stack, realm, gold }) => {
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    new ProofFlow(stack, 'proof', { realm, level: gold });
  });

  beforeAll(async () => {
    const { admin } = await testKeycloak();
    const flows = await admin.authenticationManagement.getFlows({ realm: site.realm });
    const proof = flows.find(({ alias }) => alias?.startsWith('proof-gold'))?.id as string;
    for (const [clientId, overrides] of [
      ['plain', {}],
      ['proved', { browser: proof }],
    ] as const) {
      await admin.clients.create({
        realm: site.realm,
        clientId,
        protocol: 'saml',
        redirectUris: [REDIRECT_URI],
        authenticationFlowBindingOverrides: overrides,
        attributes: {
          'saml.client.signature': 'false',
          'saml.force.post.binding': 'false',
          'saml.server.signature': 'false',
          'saml.assertion.signature': 'false',
        },
      });
    }
  });

  /** Logs in to a SAML client, which asks for the authentication context "gold". */
  const login = async (clientId: string, answers: Answers, browser = new Browser()) => {
    const url = new URL(`${await site.issuer()}/protocol/saml`);
    url.searchParams.set('SAMLRequest', authnRequest(clientId));
    const leave = new URL(REDIRECT_URI);
    const asked: string[] = [];
    let arrival = await browser.open(url, leave);
    while ('page' in arrival && arrival.page.kind === 'form' && !arrival.page.error) {
      const values: Record<string, string> = {};
      for (const [what, field] of arrival.page.asks) {
        const answer = answers[what];
        asked.push(what);
        values[field] = typeof answer === 'function' ? await answer(arrival.page) : String(answer);
      }
      arrival = await browser.submit(arrival.page, values, leave);
    }
    if ('page' in arrival) return { asked, error: arrival.page.error };
    const response = Buffer.from(arrival.redirect.searchParams.get('SAMLResponse') ?? '', 'base64');
    const xml = load(inflateRawSync(response).toString(), { xml: true });
    return { asked, nameId: xml('saml\\:NameID').text(), context: xml('saml\\:AuthnContextClassRef').text() };
  };

  test('get the lowest level, whatever authentication context they ask for', async () => {
    const user = await site.user();
    const result = await login('plain', answersOf(user));
    expect(result).toMatchObject({ asked: ['username', 'password'], nameId: user.username });
    expect(result.context).not.toContain('gold');
  });

  test('with a ProofFlow as override, every login proves the level, in a session too', async () => {
    const user = await site.user();
    const browser = new Browser();
    expect(await login('plain', answersOf(user), browser)).toMatchObject({ asked: ['username', 'password'] });
    const wrong = await login('proved', answersOf(user, 'wrong'), browser);
    expect(wrong).toMatchObject({ error: 'Invalid authenticator code.' });
    const right = await login('proved', answersOf(user), browser);
    expect(right.asked.slice(-2)).toEqual(['password', 'otp']);
    expect(right.nameId).toBe(user.username);
  });
});
