import { type Rule, runRule } from '../../../checks';
import { accountLinkedUnproven } from '../../../checks/rules/account-linked-unproven';
import { brokerWithoutPostLogin } from '../../../checks/rules/broker-without-post-login';
import { guardBypassed } from '../../../checks/rules/guard-bypassed';
import type { IdentityProvider, LoginRequest, SimulatedUser } from '../../../model';
import { ESSENTIAL_GOLD, GOLD } from '../../model/support/browser';
import { ALT, COND, client, flow, LOA, OTP, PASSWORD, REQ, realm, stepUpFlow } from '../../model/support/realm';
import { importRealm } from '../checks/import-realm';
import { describeWithKeycloak, testKeycloak, withRealm, withRealmName } from '../support/keycloak';
import { addProviders, compareProviderLogin, type Identity, type Place } from './provider-logins';
import { Mailbox } from './support/mailbox';

const BOB: SimulatedUser = { credentials: ['password', 'otp'] };
const ALICE: SimulatedUser = { credentials: ['password'] };

const ALLOW = REQ('allow-access-authenticator');
const SECOND_FACTOR = COND('2FA', [REQ('conditional-user-configured'), ALT('auth-otp-form')]);

/** Post login flows and first login flows, by the alias of the provider that has it. */
const POST = {
  guarded: flow('post', [COND('post silver', [LOA(1), ALLOW]), COND('post gold', [LOA(2), OTP])]),
  empty: flow('post empty', []),
};
const FIRST = {
  auto: flow('auto', [ALT('idp-create-user-if-unique'), ALT('auto links', [REQ('idp-auto-link')])]),
  proved: flow('proved', [
    ALT('idp-create-user-if-unique'),
    ALT('proved links', [REQ('idp-confirm-link'), REQ('idp-username-password-form'), SECOND_FACTOR]),
  ]),
  levels: flow('levels', [
    ALT('idp-create-user-if-unique'),
    ALT('levels links', [REQ('idp-username-password-form'), COND('levels gold', [LOA(2), ALLOW])]),
  ]),
  unique: flow('unique', [REQ('idp-create-user-if-unique')]),
  detect: flow('detect', [REQ('idp-detect-existing-broker-user'), REQ('idp-auto-link')]),
  review: flow('review', [
    REQ('idp-review-profile', { 'update.profile.on.first.login': 'on' }),
    REQ('review then', [ALT('idp-create-user-if-unique'), ALT('review links', [REQ('idp-auto-link')])]),
  ]),
};

const providers: IdentityProvider[] = [
  { alias: 'bare', enabled: true },
  ...Object.entries(POST).map(([alias, { alias: postLoginFlow }]) => ({ alias, enabled: true, postLoginFlow })),
  ...Object.entries(FIRST).map(([alias, { alias: firstLoginFlow }]) => ({ alias, enabled: true, firstLoginFlow })),
  { alias: 'both', enabled: true, firstLoginFlow: 'auto', postLoginFlow: 'post' },
  { alias: 'link-only', enabled: true, linkOnly: true },
];

const hinted = flow('hinted', [
  ALT('identity-provider-redirector', { defaultProvider: 'auto' }),
  ALT('hinted forms', [PASSWORD]),
]);

const MODEL = realm(stepUpFlow(), {
  flows: [...Object.values(POST), ...Object.values(FIRST), hinted],
  clients: [
    client('app'),
    client('minimum', { minimumAcr: 'gold' }),
    client('hinted', { flowOverrides: { browser: { alias: 'hinted' } } }),
  ],
  identityProviders: providers,
});

describeWithKeycloak('Move: the login of an identity provider', () => {
  const partner = withRealm({}, 'partner');
  const name = withRealmName('moves');
  const mailbox = new Mailbox();
  let place: Place;

  beforeAll(async () => {
    const { admin, url } = await testKeycloak();
    await mailbox.open();
    place = { admin, url, realm: name, partner, model: MODEL, mailbox };
    await importRealm(admin, name, MODEL);
    await admin.realms.update({ realm: name }, { smtpServer: mailbox.settings });
    await addProviders(place);
  });

  test.each<[string, Identity, Partial<LoginRequest>, SimulatedUser, string]>([
    ['bare', 'linked', {}, BOB, 'account acr silver'],
    ['bare', 'linked', ESSENTIAL_GOLD, BOB, 'account acr silver'],
    ['bare', 'linked', { clientId: 'minimum' }, BOB, 'account acr silver'],
    ['bare', 'new', GOLD, BOB, 'new account acr silver'],
    ['guarded', 'linked', {}, BOB, 'account acr silver'],
    ['guarded', 'linked', GOLD, BOB, 'otp, account acr gold'],
    ['guarded', 'linked', { clientId: 'minimum' }, BOB, 'otp, account acr gold'],
    ['guarded', 'new', {}, BOB, 'new account acr silver'],
    ['empty', 'linked', {}, BOB, 'refused 400'],
    ['auto', 'matching', GOLD, BOB, 'account acr silver'],
    ['auto', 'new', {}, BOB, 'new account acr silver'],
    ['both', 'matching', GOLD, BOB, 'otp, account acr gold'],
    ['proved', 'matching', {}, BOB, 'idp-confirm-link, username+password, otp, account acr silver'],
    ['proved', 'matching', {}, ALICE, 'idp-confirm-link, username+password, account acr silver'],
    ['levels', 'matching', {}, BOB, 'username+password, account acr gold'],
    ['levels', 'linked', {}, BOB, 'account acr silver'],
    ['unique', 'matching', {}, BOB, 'refused 409'],
    ['unique', 'new', {}, BOB, 'new account acr silver'],
    ['detect', 'matching', {}, BOB, 'account acr silver'],
    ['detect', 'new', {}, BOB, 'refused 401'],
    ['review', 'matching', {}, BOB, 'idp-review-profile, account acr silver'],
    ['review', 'new', {}, BOB, 'idp-review-profile, new account acr silver'],
  ])('%s, %s identity, %j', async (provider, as, request, user, end) => {
    const { simulated, live } = await compareProviderLogin(place, { provider, as, request, user });
    expect(simulated).toBe(live);
    expect(live).toBe(`provider, ${end}`);
  });

  afterAll(() => mailbox.close());

  test.each<[string, boolean, string]>([
    ['opens the mail', true, 'email, account acr silver'],
    ['chooses another way', false, 'email, username+password, otp, account acr silver'],
  ])('bare, matching identity, by Keycloak’s own flow: the person %s', async (_what, opensMail, end) => {
    const attempt = { provider: 'bare', as: 'matching', user: BOB, opensMail } as const;
    const { simulated, live } = await compareProviderLogin(place, attempt);
    expect(simulated).toBe(live);
    expect(live).toBe(`provider, idp-confirm-link, ${end}`);
  });

  const findingsAbout = (rule: Rule, alias: string, clients = [client('app')]) =>
    runRule(rule, { ...MODEL, clients, identityProviders: providers.filter((each) => each.alias === alias) })
      .filter(({ verdict }) => verdict === 'found')
      .map(({ location }) => location.path);

  test.each<[string, boolean]>([
    ['auto', true],
    ['detect', true],
    ['proved', false],
    ['bare', false],
  ])('%s: the check tells that these accounts are linked without a proof: %s', (alias, tells) => {
    expect(findingsAbout(accountLinkedUnproven, alias)).toEqual(tells ? [`identity provider ${alias}`] : []);
  });

  test.each<[string, boolean]>([
    ['bare', true],
    ['guarded', false],
  ])('%s: the check tells of the acr that counted for nothing: %s', (alias, tells) => {
    expect(findingsAbout(brokerWithoutPostLogin, alias)).toEqual(tells ? [`identity provider ${alias}`] : []);
    const minimum = [client('minimum', { minimumAcr: 'gold' })];
    expect(findingsAbout(guardBypassed, alias, minimum)).toEqual(tells ? ['client minimum'] : []);
    expect(findingsAbout(brokerWithoutPostLogin, alias, minimum)).toEqual([]);
  });

  test('a provider that only links logs nobody in', async () => {
    const attempt = { provider: 'link-only', as: 'linked', user: BOB } as const;
    const { simulated, live } = await compareProviderLogin(place, attempt);
    expect([simulated, live]).toEqual(['refused 502', 'refused 502']);
  });

  test.each<[string, Partial<LoginRequest>, string]>([
    ['the default provider', {}, 'provider, account acr silver'],
    ['the hinted one', { identityProviderHint: 'bare' }, 'provider, new account acr silver'],
    ['none, by an empty hint', { identityProviderHint: '' }, 'username+password, account acr silver'],
    ['none, by one that does not exist', { identityProviderHint: 'gone' }, 'username+password, account acr silver'],
  ])('a flow sends the browser to %s', async (_what, request, end) => {
    const as = end.includes('new') ? 'new' : 'linked';
    const { simulated, live } = await compareProviderLogin(place, {
      provider: request.identityProviderHint || 'auto',
      as,
      user: BOB,
      request: { clientId: 'hinted', ...request },
      redirected: true,
    });
    expect(simulated).toBe(live);
    expect(live).toBe(end);
  });
});
