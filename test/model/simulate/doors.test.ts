import { builtInRequiredActions } from '../../../model/keycloak/built-in-realm';
import type { Client, RealmModel } from '../../../model/realm-model';
import { simulate } from '../../../model/simulate';
import { ALICE, BOB, loginOnce, SimulatedBrowser } from '../support/browser';
import { ALT, COND, flow, LOA, type Node, OTP, PASSWORD, REQ, realm, stepUpFlow } from '../support/realm';

const OPEN = { registration: true, resetPassword: true, organizations: false };
const CHOOSE = REQ('reset-credentials-choose-user');
const MAIL = REQ('reset-credential-email');
const NEW_PASSWORD = REQ('reset-password');

function resetBy(...nodes: Node[]): RealmModel {
  const own = flow('own reset', nodes);
  const made = realm(stepUpFlow(), { selfService: OPEN, flows: [own] });
  return { ...made, bindings: { ...made.bindings, resetCredentials: own.alias } };
}

/** Answers with the first set that these proofs suffice for. */
function loginWith(proofs: readonly string[], model: RealmModel, request: object, user = ALICE): string {
  const browser = new SimulatedBrowser(model, user);
  const owned = new Set(proofs);
  return browser.login(request, {
    actor: (page) => {
      if (page.kind !== 'form') return { give: 0 };
      const give = page.accepts.findIndex((set) => set.every((proof) => owned.has(proof)));
      return give >= 0 ? { give } : { stop: true };
    },
  });
}

const RESET = { door: 'reset' } as const;
const MAILBOX = ['username', 'email'];

describe('reset of a password', () => {
  test('is shut where the realm has it off', () => {
    expect(loginOnce(realm(stepUpFlow()), RESET)).toBe('→ 400 door-closed');
  });

  test('gives the lowest level for a mail', () => {
    const model = realm(stepUpFlow(), { selfService: OPEN });
    expect(loginWith(MAILBOX, model, RESET)).toBe('username, email, UPDATE_PASSWORD → silver');
  });

  test('without the mail nobody goes on', () => {
    const model = realm(stepUpFlow(), { selfService: OPEN });
    expect(loginWith(['username'], model, RESET)).toBe('username, email → abandoned');
  });

  test('with force-login ends without tokens, and with the new password', () => {
    const model = resetBy(CHOOSE, REQ('reset-credential-email', { 'force-login': 'true' }), NEW_PASSWORD);
    expect(loginWith(MAILBOX, model, RESET, { credentials: ['otp'] })).toBe('username, email, UPDATE_PASSWORD → done');
  });

  test('with force-login and a consent that comes last ends with tokens all the same', () => {
    const own = resetBy(CHOOSE, REQ('reset-credential-email', { 'force-login': 'true' }), NEW_PASSWORD);
    const scope = { name: 'profile', protocol: 'openid-connect', mappers: [] };
    const [app] = own.clients as [Client];
    const asking = { ...app, consentRequired: true, defaultScopes: [...(app.defaultScopes as string[]), 'profile'] };
    const model = { ...own, clients: [asking], clientScopes: [...own.clientScopes, scope] };
    expect(loginWith(MAILBOX, model, RESET, { credentials: ['otp'] })).toMatch(
      /^username, email, UPDATE_PASSWORD, consent → silver$/,
    );
  });

  test('sets the password of an account that had none', () => {
    const model = realm(stepUpFlow(), { selfService: OPEN });
    const actor = () => ({ give: 0 });
    const { user } = simulate(model, { clientId: 'app', ...RESET }, { credentials: [] }, undefined, { actor });
    expect(user.credentials).toEqual(['password']);
  });

  test('changes nothing where UPDATE_PASSWORD is off', () => {
    const requiredActions = builtInRequiredActions().map((action) =>
      action.alias === 'UPDATE_PASSWORD' ? { ...action, enabled: false } : action,
    );
    const model = realm(stepUpFlow(), { selfService: OPEN, requiredActions });
    expect(loginWith(MAILBOX, model, RESET)).toBe('username, email → silver');
  });

  test('an OTP that is removed by choice is gone even if nothing more is done', () => {
    const model = resetBy(CHOOSE, MAIL, REQ('reset-otp', { action_on_otp_reset_flag: 'Remove one' }), NEW_PASSWORD);
    const proofs = new Set(MAILBOX);
    const { user, outcome } = simulate(model, { clientId: 'app', ...RESET }, BOB, undefined, {
      actor: (page) => {
        if (page.kind !== 'form') return { stop: true };
        return page.accepts[0]?.every((proof) => proofs.has(proof)) ? { give: 0 } : { stop: true };
      },
    });
    expect(outcome.kind).toBe('abandoned');
    expect(user.credentials).toEqual(['password']);
  });

  test('a level before the mail is not followed', () => {
    const model = resetBy(CHOOSE, COND('early level', [LOA(2), NEW_PASSWORD]), MAIL);
    expect(loginWith(MAILBOX, model, RESET)).toContain('cannot tell');
  });

  test('in the middle of a login it keeps what was proved', () => {
    const ruled = flow('ruled', [
      REQ('ruled login', [ALT('ruled forms', [COND('ruled 1', [LOA(1), PASSWORD]), COND('ruled 2', [LOA(2), OTP])])]),
      COND('ruled rule', [REQ('conditional-user-role', { condUserRole: 'barred' }), REQ('deny-access-authenticator')]),
    ]);
    const model = realm(ruled, { selfService: OPEN, roles: ['barred'] });
    const barred = { ...BOB, roles: ['barred'] };
    const gold = { acrValues: ['gold'] };
    const all = ['username', 'password', 'otp', 'email'];
    expect(loginWith(all, model, gold, barred)).toBe('username+password, otp → 401 access-denied');
    expect(loginWith(all, model, { ...RESET, ...gold }, barred)).toContain('→ silver');
    expect(loginWith(all, model, { ...RESET, midway: true, ...gold }, barred)).toBe(
      'username+password, otp, username, email, CONFIGURE_TOTP, UPDATE_PASSWORD → gold',
    );
  });
});

describe('registration', () => {
  const REGISTER = { door: 'registration' } as const;

  test('makes an account with a password and the default roles', () => {
    const model = realm(stepUpFlow(), { selfService: OPEN, defaultRoles: ['reader'] });
    const wished = { credentials: [], attributes: { tier: ['premium'] } };
    const actor = () => ({ give: 0 });
    const { outcome, user } = simulate(model, { clientId: 'app', ...REGISTER }, wished, undefined, { actor });
    expect(outcome).toMatchObject({ kind: 'granted', acr: 'silver' });
    expect(user).toEqual({ credentials: ['password'], roles: ['reader'], emailMoved: true });
  });

  test('with the attributes that users may fill in', () => {
    const userProfile = { attributes: [], unmanaged: 'ENABLED' } as const;
    const model = realm(stepUpFlow(), { selfService: OPEN, userProfile });
    const wished = { credentials: [], attributes: { tier: ['premium'], LDAP_ID: ['1'] } };
    const actor = () => ({ give: 0 });
    const { user } = simulate(model, { clientId: 'app', ...REGISTER }, wished, undefined, { actor });
    expect(user.attributes).toEqual({ tier: ['premium'] });
  });

  test('a form action that Keycloak does not have is not followed', () => {
    const form = {
      ...flow('form', [REQ('registration-user-creation'), REQ('acme-form-action')]),
      provider: 'form-flow',
    };
    const own = flow('own', [
      () => ({ kind: 'subflow', id: 'own/form', priority: 10, requirement: 'REQUIRED', flow: form as never }),
    ]);
    const made = realm(stepUpFlow(), { selfService: OPEN, flows: [own] });
    const model = { ...made, bindings: { ...made.bindings, registration: own.alias } };
    expect(loginWith(['registration'], model, REGISTER)).toContain('cannot tell: own/form: acme-form-action');
  });
});
