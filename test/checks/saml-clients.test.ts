import { runRule } from '../../checks';
import { acrNameUnknown } from '../../checks/rules/acr-name-unknown';
import { guardBypassed } from '../../checks/rules/guard-bypassed';
import type { Client, RealmModel } from '../../model/realm-model';
import { client, flow, OTP, PASSWORD, soundRealm } from './support/realms';

const GOLD = 'https://classes.invalid/gold';
const MAP: RealmModel['acrUriMap'] = {
  classes: [
    { uri: 'https://classes.invalid/silver', loa: 1 },
    { uri: GOLD, loa: 2 },
  ],
};

const payroll = (of: Partial<Client>, more: Partial<RealmModel> = {}): RealmModel => ({
  ...soundRealm({ flows: [flow('proof', [PASSWORD, OTP])] }),
  acrUriMap: MAP,
  ...more,
  clients: [client('app'), client('payroll', { protocol: 'saml', ...of })],
});

const ECP = { 'saml.allow.ecp.flow': 'true' };
const BEGUN = { saml_idp_initiated_sso_url_name: 'payroll' };
const PROOF = { browser: { alias: 'proof' } };

describe('the minimum class of a SAML client', () => {
  const said = (model: RealmModel) => runRule(acrNameUnknown, model).map(({ verdict, what }) => [verdict, what]);

  test.each<[string, RealmModel]>([
    ['a class of the map', payroll({ minimumAcr: GOLD })],
    ['a name of its own map', payroll({ minimumAcr: 'gold', acrLoaMap: { levels: [{ acr: 'gold', loa: 2 }] } })],
    ['none', payroll({})],
  ])('may be %s', (_what, model) => expect(said(model)).toEqual([]));

  test.each<[string, RealmModel]>([
    ['a class that the map lacks', payroll({ minimumAcr: 'urn:lost' })],
    ['an acr name', payroll({ minimumAcr: 'gold' })],
    ['anything without a map', payroll({ minimumAcr: GOLD }, { acrUriMap: { classes: [] } })],
    [
      'anything where step-up for SAML is off',
      payroll({ minimumAcr: GOLD }, { disabledFeatures: ['STEP_UP_AUTHENTICATION_SAML'] }),
    ],
  ])('is nothing if it is %s', (_what, model) => {
    expect(said(model)).toEqual([['found', expect.stringContaining('SAML client "payroll"')]]);
  });

  test('can’t be told of a map that is not known', () => {
    const model = payroll({ minimumAcr: GOLD }, { acrUriMap: { unknown: 'known after the apply' } });
    expect(said(model)).toEqual([['cannot-tell', expect.anything()]]);
  });
});

describe('what guards a SAML client', () => {
  const findings = (model: RealmModel) =>
    runRule(guardBypassed, model)
      .filter(({ verdict }) => verdict === 'found')
      .map(({ location, what }) => `${location.path}: ${what}`);

  test.each<[string, Partial<Client>]>([
    ['its minimum', { minimumAcr: GOLD }],
    ['its own flow', { flowOverrides: PROOF }],
    ['its own flow, for logins that Keycloak begins too', { flowOverrides: PROOF, attributes: BEGUN }],
  ])('holds: %s', (_what, of) => expect(findings(payroll(of))).toEqual([]));

  test.each<[string, Partial<Client>, RegExp]>([
    ['its minimum, by a login that Keycloak begins', { minimumAcr: GOLD, attributes: BEGUN }, /\{password\}.*; class/],
    ['its minimum, by ECP', { minimumAcr: GOLD, attributes: ECP }, /\{password\}.*; class/],
    ['its own flow, by ECP', { flowOverrides: PROOF, attributes: ECP }, /\{password\}.*; flow "proof"/],
  ])('is walked around: %s', (_what, of, expected) => {
    expect(findings(payroll(of))).toEqual([expect.stringMatching(expected)]);
  });
});
