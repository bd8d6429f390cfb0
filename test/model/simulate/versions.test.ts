import { simulate } from '../../../model';
import { builtInRequiredActions } from '../../../model/keycloak/built-in-realm';
import { BOB, SimulatedBrowser } from '../support/browser';
import { client, realm, stepUpFlow } from '../support/realm';

/** What the release before a change did; each was seen in a login of that release, and npm run conformance looks again. */
describe('Logins of older releases', () => {
  const aged = (max_auth_age: string, keycloakVersion: string) =>
    realm(stepUpFlow(), {
      keycloakVersion,
      requiredActions: builtInRequiredActions().map((action) => ({ ...action, config: { max_auth_age } })),
    });

  test.each([
    ['26.2.5', 'otp, CONFIGURE_TOTP → gold', 'UPDATE_PASSWORD → silver'],
    ['26.3.0', 'password, otp, CONFIGURE_TOTP → gold', 'UPDATE_PASSWORD → silver'],
  ])('%s: the age of a login for an enrolment', (keycloakVersion, enrolment, password) => {
    const model = aged('10', keycloakVersion);
    const browser = new SimulatedBrowser(model);
    browser.login();
    expect(browser.wait(11).login({ action: 'CONFIGURE_TOTP' })).toBe(enrolment);
    const young = new SimulatedBrowser(model);
    young.login();
    expect(young.wait(5).login({ action: 'UPDATE_PASSWORD' })).toBe(password);
  });

  test.each([
    ['26.2.5', 'CONFIGURE_TOTP'],
    ['26.3.0', '→ 400 unexpected-error'],
  ])('%s: an age that is no number', (keycloakVersion, expected) => {
    const browser = new SimulatedBrowser(aged('abc', keycloakVersion));
    browser.login();
    expect(browser.login({ action: 'CONFIGURE_TOTP' })).toContain(expected);
  });

  test.each([
    ['26.2.5', '→ 400 unexpected-error'],
    ['26.3.0', '→ silver'],
  ])('%s: an action that there is not, over a session', (keycloakVersion, expected) => {
    const browser = new SimulatedBrowser(realm(stepUpFlow(), { keycloakVersion }));
    expect(browser.login({ action: 'no-such-action' })).toBe('username+password → silver');
    expect(browser.login({ action: 'no-such-action' })).toBe(expected);
  });

  test.each([
    ['26.0.8', '→ gold', '→ gold'],
    ['26.1.0', 'otp → gold', '→ gold'],
  ])("%s: a level that expired in the client's own flow only", (keycloakVersion, own, bound) => {
    const model = realm(stepUpFlow('levels'), {
      keycloakVersion,
      flows: [stepUpFlow('own', { silver: 36_000, gold: 10 })],
      clients: [client('app', { flowOverrides: { browser: { alias: 'own' } } }), client('other')],
    });
    const browser = new SimulatedBrowser(model);
    expect(browser.login({ acrValues: ['gold'] })).toBe('username+password, otp → gold');
    expect(browser.wait(11).login({ acrValues: ['gold'], clientId: 'other' })).toBe(bound);
    expect(browser.login({ acrValues: ['gold'] })).toBe(own);
  });

  test.each([
    ['24.0.5', 'username+password, TERMS_AND_CONDITIONS, UPDATE_PROFILE → silver', 'TERMS_AND_CONDITIONS'],
    ['26.1.5', 'username+password, UPDATE_PROFILE, TERMS_AND_CONDITIONS → silver', undefined],
    ['26.2.0', 'username+password, TERMS_AND_CONDITIONS, UPDATE_PROFILE → silver', 'TERMS_AND_CONDITIONS'],
  ])('%s: an action that is due beside one that is started', (keycloakVersion, expected, whereNone) => {
    const order = ['TERMS_AND_CONDITIONS', 'UPDATE_PROFILE'];
    const requiredActions = builtInRequiredActions().map((action) => ({
      ...action,
      enabled: order.includes(action.alias),
      priority: order.indexOf(action.alias),
    }));
    const model = realm(stepUpFlow(), { keycloakVersion, requiredActions });
    const user = { ...BOB, requiredActions: ['TERMS_AND_CONDITIONS'] };
    expect(new SimulatedBrowser(model, user).login({ action: 'UPDATE_PROFILE' })).toBe(expected);
    const none = ['username+password', ...(whereNone === undefined ? [] : [whereNone])].join(', ');
    expect(new SimulatedBrowser(model, user).login({ action: 'no-such-action' })).toBe(`${none} → silver`);
  });

  test.each([
    ['26.5.6', 1],
    ['26.7.0', 2],
  ])('%s: the class that a SAML client asks for', (keycloakVersion, pages) => {
    const model = realm(stepUpFlow(), {
      keycloakVersion,
      acrUriMap: { classes: [{ uri: 'urn:gold', loa: 2 }] },
      clients: [client('saml', { protocol: 'saml' })],
    });
    const { asked, outcome } = simulate(model, { clientId: 'saml', acrValues: ['urn:gold'] }, BOB);
    expect([outcome.kind, asked.length]).toEqual(['granted', pages]);
  });
});
