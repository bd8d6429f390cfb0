import type { IdentityProvider } from '../../../model/realm-model';
import type { Answer, LoginRequest, Page, Proof, SimulatedUser } from '../../../model/simulate';
import { ALICE, BOB, ESSENTIAL_GOLD, GOLD, SimulatedBrowser, summary } from '../support/browser';
import { ALT, COND, client, flow, LOA, OTP, PASSWORD, REQ, realm, stepUpFlow } from '../support/realm';

const ALLOW = REQ('allow-access-authenticator');
const post = flow('post', [COND('post silver', [LOA(1), ALLOW]), COND('post gold', [LOA(2), OTP])]);
const auto = flow('auto', [ALT('idp-create-user-if-unique'), ALT('auto links', [REQ('idp-auto-link')])]);
const mail = flow('mail', [
  ALT('idp-create-user-if-unique'),
  ALT('mail links', [ALT('idp-email-verification'), ALT('idp-username-password-form')]),
]);
const creates = flow('creates', [
  REQ('idp-create-user-if-unique', { 'require.password.update.after.registration': 'true' }),
]);

const providers: IdentityProvider[] = [
  { alias: 'bare', enabled: true },
  { alias: 'guarded', enabled: true, postLoginFlow: 'post' },
  { alias: 'auto', enabled: true, firstLoginFlow: 'auto' },
  { alias: 'mail', enabled: true, firstLoginFlow: 'mail' },
  { alias: 'creates', enabled: true, firstLoginFlow: 'creates' },
  { alias: 'off', enabled: false },
];

const MODEL = realm(stepUpFlow(), {
  flows: [post, auto, mail, creates],
  identityProviders: providers,
  clients: [client('app', { defaultAcrValues: [] })],
});

type Identity = 'linked' | 'matching' | 'new';

/** Logs in at the provider as one of three identities, and then gives what the person holds. */
function actor(as: Identity, held: readonly Proof[]) {
  const owned = new Set<Proof>(['username', ...held]);
  return (page: Page): Answer => {
    if (page.kind !== 'form') return { give: 0 };
    if (page.accepts[0]?.some((proof) => proof.startsWith('identity-provider'))) {
      return { give: ['linked', 'matching', 'new'].indexOf(as) };
    }
    const give = page.accepts.findIndex((proofs) => proofs.every((proof) => owned.has(proof)));
    if (give >= 0) return { give };
    const other = page.choices.find(({ execution }) => execution !== page.execution);
    return other ? { choose: other.execution } : { stop: true };
  };
}

function attempt(
  broker: string,
  as: Identity,
  {
    user = BOB,
    held = [],
    request = {},
  }: { user?: SimulatedUser; held?: readonly Proof[]; request?: Partial<LoginRequest> } = {},
) {
  return new SimulatedBrowser(MODEL, user).attempt({ door: 'broker', broker, ...request }, { actor: actor(as, held) });
}

describe('the login of an identity provider', () => {
  test.each([
    ['bare', GOLD, 'identity-provider:bare → silver'],
    ['bare', ESSENTIAL_GOLD, 'identity-provider:bare → silver'],
    ['guarded', {}, 'identity-provider:guarded → silver'],
    ['guarded', GOLD, 'identity-provider:guarded, otp → gold'],
    ['guarded', ESSENTIAL_GOLD, 'identity-provider:guarded, otp → gold'],
    ['off', {}, '→ 502 door-closed'],
    ['gone', {}, '→ 502 door-closed'],
  ])('%s, linked, %j', (provider, request, expected) => {
    expect(summary(attempt(provider, 'linked', { held: ['otp'], request }))).toBe(expected);
  });

  test('an account that steps link without proof is linked afterwards', () => {
    const result = attempt('auto', 'matching', { request: GOLD });
    expect(summary(result)).toBe('identity-provider-account:auto → silver');
    expect(result.user).toMatchObject({ credentials: ['password', 'otp'], linked: ['auto'] });
    expect(result.account).toBeUndefined();
  });

  test('what is linked to an identity of the person at the browser takes that identity', () => {
    const user = { ...BOB, linked: ['bare'] };
    expect(summary(attempt('bare', 'linked', { user }))).toBe('identity-provider-account:bare → silver');
  });

  test("a new account has nothing of the account's, and counts as one", () => {
    const result = attempt('creates', 'new', { user: { ...BOB, roles: ['admin'] } });
    expect(summary(result)).toBe('identity-provider-account:creates, UPDATE_PASSWORD → silver');
    expect(result).toMatchObject({ account: 'new', user: { credentials: ['password'], linked: ['creates'] } });
    expect(result.user.roles).not.toContain('admin');
  });

  test.each([
    [['email'], 'identity-provider-account:mail, email → silver'],
    [['password'], 'identity-provider-account:mail, email, username+password → silver'],
  ] as const)('the account is proved by %j', (held, expected) => {
    expect(summary(attempt('mail', 'matching', { held }))).toBe(expected);
  });

  test('a session of another account can not get a new one', () => {
    const browser = new SimulatedBrowser(MODEL, ALICE);
    browser.login();
    const options = { actor: actor('new', []) };
    const request = { door: 'broker', broker: 'creates', prompt: ['login'] } as const;
    expect(summary(browser.attempt(request, options))).toContain('400 different-user');
  });

  test('a session that suffices leaves no page to go from', () => {
    const browser = new SimulatedBrowser(MODEL, ALICE);
    browser.login();
    expect(browser.login({ door: 'broker', broker: 'bare' })).toBe('→ silver');
  });
});

describe('a step that sends the browser to a provider', () => {
  const hinted = flow('hinted', [
    ALT('identity-provider-redirector', { defaultProvider: 'bare' }),
    ALT('hinted forms', [PASSWORD]),
  ]);
  const model = realm(hinted, { identityProviders: providers });

  test.each([
    [{}, 'identity-provider:bare → silver'],
    [{ identityProviderHint: 'off' }, 'username+password → silver'],
    [{ identityProviderHint: '' }, 'username+password → silver'],
    [{ prompt: ['none'] }, '→ login_required'],
  ] as const)('%j', (request, expected) => {
    expect(new SimulatedBrowser(model).login(request)).toBe(expected);
  });

  test('whoever comes back without a login goes on in the flow', () => {
    const back = (page: Page): Answer => ({ give: page.kind === 'form' ? page.accepts.length - 1 : 0 });
    const result = new SimulatedBrowser(model).attempt({}, { actor: back });
    expect(summary(result)).toBe(', username+password → silver');
  });
});

test('steps of first logins fail in other flows', () => {
  const model = realm(flow('browser of nobody', [REQ('idp-auto-link')]));
  expect(new SimulatedBrowser(model).login()).toBe('→ 400 flow-failed');
});
