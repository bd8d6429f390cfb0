import { builtInRequiredActions } from '../../../model/keycloak/built-in-realm';
import { matchesJavaPattern } from '../../../model/keycloak/java';
import { counterexampleOf, exampleOf } from '../../../model/keycloak/pattern-example';
import type { RealmModel } from '../../../model/realm-model';
import { type LoginRequest, OWN_CERTIFICATE, type ProfileChange, simulate } from '../../../model/simulate';
import { ALICE, BOB, loginOnce, SimulatedBrowser } from '../support/browser';
import { ALT, COND, flow, LOA, PASSWORD, REQ, realm, stepUpFlow } from '../support/realm';

const NAMES = ['username', 'email', 'firstName', 'lastName'].map((name) => ({ name, userEdits: true }));
const ANYTHING = { attributes: NAMES, unmanaged: 'ENABLED' } as const;

/** What a required action lets alice change. */
function changesOf(model: RealmModel, action: string): readonly ProfileChange[] | undefined {
  const { asked } = simulate(model, { clientId: 'app', action }, ALICE);
  const page = asked.map((each) => each.page).find(({ kind }) => kind === 'action');
  return page?.kind === 'action' ? page.changes : undefined;
}

const enabled = (...aliases: string[]) =>
  builtInRequiredActions().map((action) => (aliases.includes(action.alias) ? { ...action, enabled: true } : action));

const exempting = (config: Record<string, string>) =>
  flow('exempting', [
    COND('exempting silver', [LOA(1), PASSWORD]),
    COND('exempting rule', [REQ('conditional-user-attribute', config), REQ('deny-access-authenticator')]),
  ]);

describe('what UPDATE_PROFILE changes', () => {
  test('of a new realm: the address alone', () => {
    expect(changesOf(realm(stepUpFlow()), 'UPDATE_PROFILE')).toEqual([{ kind: 'none' }, { kind: 'email' }]);
  });

  test('not the address where the profile reserves it', () => {
    const userProfile = { attributes: [{ name: 'email', userEdits: false }], unmanaged: 'DISABLED' } as const;
    expect(changesOf(realm(stepUpFlow(), { userProfile }), 'UPDATE_PROFILE')).toEqual([{ kind: 'none' }]);
  });

  test('attributes that a condition looks at, with values that matter', () => {
    const model = realm(exempting({ attribute_name: 'tier', attribute_expected_value: 'basic' }), {
      userProfile: ANYTHING,
    });
    expect(changesOf(model, 'UPDATE_PROFILE')).toEqual([
      { kind: 'none' },
      { kind: 'email' },
      { kind: 'attribute', name: 'tier', value: 'basic' },
      { kind: 'attribute', name: 'tier', value: '' },
    ]);
  });

  test('by a pattern: a text that it matches and one that it does not', () => {
    const model = realm(exempting({ attribute_name: 'tier', attribute_expected_value: '[A-Z]{3}', regex: 'true' }), {
      userProfile: ANYTHING,
    });
    const values = changesOf(model, 'UPDATE_PROFILE')?.flatMap((change) =>
      change.kind === 'attribute' ? change.value : [],
    );
    expect(values).toEqual([expect.stringMatching(/^[A-Z]{3}$/), 'none']);
  });

  test('a pattern that nothing was found for is not passed over', () => {
    const config = { attribute_name: 'tier', attribute_expected_value: '\\p{Lu}+', regex: 'true' };
    const model = realm(exempting(config), { userProfile: ANYTHING });
    const { outcome } = simulate(model, { clientId: 'app', action: 'UPDATE_PROFILE' }, ALICE);
    expect(outcome.kind).toBe('cannot-tell');
  });

  test('not attributes that the profile keeps from users', () => {
    const userProfile = { attributes: NAMES, unmanaged: 'ADMIN_EDIT' } as const;
    const model = realm(exempting({ attribute_name: 'tier', attribute_expected_value: 'basic' }), { userProfile });
    expect(changesOf(model, 'UPDATE_PROFILE')).toEqual([{ kind: 'none' }, { kind: 'email' }]);
  });

  test('an attribute that a certificate is compared with', () => {
    const certified = flow('certified', [
      PASSWORD,
      ALT('auth-x509-client-username-form', {
        'x509-cert-auth.mapper-selection': 'Custom Attribute Mapper',
        'x509-cert-auth.mapper-selection.user-attribute-name': 'badge##userCertificate',
      }),
    ]);
    const changes = changesOf(realm(certified, { userProfile: ANYTHING }), 'UPDATE_PROFILE');
    expect(changes).toContainEqual({ kind: 'attribute', name: 'badge', value: OWN_CERTIFICATE });
    expect(JSON.stringify(changes)).not.toContain('userCertificate');
  });

  test('an address in place of another: whoever asks for its mail has to have it', () => {
    const config = { attribute_name: 'email', attribute_expected_value: 'boss@example.com', not: 'true' };
    const selfService = { registration: false, resetPassword: false, organizations: false, verifyEmail: true };
    const model = realm(exempting(config), { userProfile: ANYTHING, selfService });
    const { asked, user } = simulate(model, { clientId: 'app', action: 'UPDATE_PROFILE' }, EXEMPT, undefined, {
      actor: (page) => {
        if (page.kind !== 'action') return { give: 0 };
        if (page.needs) return { stop: true };
        return { give: page.changes?.findIndex(({ kind }) => kind === 'attribute') ?? 0 };
      },
    });
    expect(asked.at(-1)?.page).toMatchObject({ action: 'VERIFY_EMAIL', needs: ['email'] });
    expect(user.requiredActions).toEqual(['VERIFY_EMAIL']);
  });
});

/** An account that the rule on the address lets in. */
const EXEMPT = { ...ALICE, attributes: { email: ['boss@example.com'] } };

describe('other actions', () => {
  test('UPDATE_EMAIL takes the address from UPDATE_PROFILE', () => {
    const model = realm(stepUpFlow(), { requiredActions: enabled('UPDATE_EMAIL') });
    expect(changesOf(model, 'UPDATE_EMAIL')).toEqual([{ kind: 'none' }, { kind: 'email' }]);
    expect(changesOf(model, 'UPDATE_PROFILE')).toEqual([{ kind: 'none' }]);
  });

  test('idp_link is for clients whose tokens may have the role, and providers that exist', () => {
    const link: Partial<LoginRequest> = { action: 'idp_link:partner' };
    const identityProviders = [{ alias: 'partner', enabled: true }];
    const model = realm(stepUpFlow(), { identityProviders });
    expect(loginOnce(model, link, ALICE)).toBe('username+password, idp_link → silver');
    expect(loginOnce(realm(stepUpFlow()), link, ALICE)).toBe('username+password → silver');
    const [app] = model.clients;
    const narrow = { ...model, clients: [{ ...app, fullScope: false }] } as RealmModel;
    expect(loginOnce(narrow, link, ALICE)).toBe('username+password → silver');
  });

  test('an account that is deleted logs in no more', () => {
    const requiredActions = enabled('delete_account');
    const model = realm(stepUpFlow(), { requiredActions, defaultRoles: ['account.delete-account'] });
    const browser = new SimulatedBrowser(model, ALICE);
    const actor = (page: { kind: string }) => ({ give: page.kind === 'action' ? 1 : 0 });
    expect(browser.login({ action: 'delete_account' }, { actor })).toBe('username+password, delete_account → done');
    expect(browser.login()).toBe('→ 400 no-account');
  });

  test('delete_account wants a login of the same second', () => {
    const model = realm(stepUpFlow(), { requiredActions: enabled('delete_account') });
    const browser = new SimulatedBrowser(model, ALICE);
    browser.login();
    expect(browser.wait(2).login({ action: 'delete_account' })).toBe('password → 200 action-refused');
  });

  test('an action of another provider is not followed', () => {
    const acme = { alias: 'acme', enabled: true, defaultAction: false, priority: 5, config: {} };
    const model = realm(stepUpFlow(), { requiredActions: [...builtInRequiredActions(), acme] });
    expect(loginOnce(model, { action: 'acme' }, ALICE)).toContain('cannot tell: The required action acme');
    expect(loginOnce(model, {}, BOB)).toBe('username+password → silver');
  });
});

describe('exampleOf', () => {
  test.each([
    'trusted-[0-9]{3}',
    '(?:gold|silver)-user',
    '.*@staff\\.example\\.com',
    '^[^x]+$',
    '\\d{4}-\\w+',
    '[A-Z]{3}',
  ])('%s', (pattern) => expect(matchesJavaPattern(pattern, exampleOf(pattern) ?? 'none found')).toBe('matches'));

  test.each(['(?=x)y', '[', '\\p{L}'])('none of %s', (pattern) => expect(exampleOf(pattern)).toBeUndefined());

  test('counterexamples', () => {
    expect(counterexampleOf('none')).toBe('');
    expect(counterexampleOf('.*')).toBeUndefined();
  });
});
