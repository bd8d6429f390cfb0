import { Browser } from '../../../sandbox/login';
import { ALT, COND, COOKIE, flow, LOA, PASSWORD, soundRealm } from '../../checks/support/realms';
import { REDIRECT_URI, PASSWORD as RIGHT } from '../../support/imported-realm';
import { describeWithKeycloak } from '../support/keycloak';
import { Visitor } from '../support/visitor';
import { type AnybodysRealm, acr, bypassed, type Preparation, withAnybodysRealm } from './anybodys-realm';

/** Level 2 for a password. */
const WEAK = flow('weak', [COOKIE, ALT('weak forms', [COND('weak level', [LOA(2), PASSWORD])])]);

/** A SAML client that an identity-provider-initiated login can be begun for. */
const samlClient =
  (override?: string): Preparation =>
  async (admin, realm) => {
    const flows = await admin.authenticationManagement.getFlows({ realm });
    const browser = flows.find(({ alias }) => alias === override)?.id;
    await admin.clients.create({
      realm,
      clientId: 'payroll',
      protocol: 'saml',
      redirectUris: [REDIRECT_URI],
      ...(browser && { authenticationFlowBindingOverrides: { browser } }),
      attributes: {
        'saml.client.signature': 'false',
        'saml.force.post.binding': 'false',
        saml_idp_initiated_sso_url_name: 'payroll',
        saml_assertion_consumer_url_redirect: REDIRECT_URI,
      },
    });
  };

/** Logs in at the SAML client with the password, then asks for gold at the OpenID Connect client with nothing more. */
async function attack(place: AnybodysRealm): Promise<string> {
  const browser = new Browser();
  const issuer = await place.issuer();
  const visitor = await new Visitor(place, browser).open(new URL(`${issuer}/protocol/saml/clients/payroll`));
  await visitor.fill({ username: 'bob', password: RIGHT });
  expect(visitor.left?.searchParams.has('SAMLResponse')).toBe(true);
  return (await place.attacker()).login({ acrValues: ['gold'], with: [], browser });
}

describeWithKeycloak('B1: the level that the flow of a SAML client gives', () => {
  describe('for a password', () => {
    const place = withAnybodysRealm(soundRealm({ flows: [WEAK] }), samlClient('weak'));

    test('is had by another client for nothing', async () => {
      expect(await attack(place)).toBe('→ gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password']);
      expect(await place.errors()).toEqual([bypassed('acr "gold"', 'password')]);
    });
  });

  describe('by the realm’s flow', () => {
    const place = withAnybodysRealm(soundRealm({ flows: [WEAK] }), samlClient());

    test('is not had by another client', async () => {
      expect(await attack(place)).toBe('otp → stopped');
    });

    test('is explained, and nothing is reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password otp']);
      expect(await place.errors()).toEqual([]);
    });
  });
});
