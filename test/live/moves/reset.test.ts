import { builtInRequiredActions } from '../../../model/keycloak/built-in-realm';
import type { RealmModel } from '../../../model/realm-model';
import { COND, client, flow, LOA, type Node, OTP, REQ, realm, stepUpFlow } from '../../model/support/realm';
import { describeWithKeycloak } from '../support/keycloak';
import { ALICE, expectBoth, withPlace } from './support/place';
import { GOLD_BY_POLICY, STRONG } from './support/policy';

const CHOOSE = REQ('reset-credentials-choose-user');
const MAIL = REQ('reset-credential-email');
const NEW_PASSWORD = REQ('reset-password');
const clientId = 'app';
const RESET = { clientId, door: 'reset' } as const;
const ESSENTIAL = { acrClaim: { essential: true, values: ['gold'] } } as const;

const selfService = { registration: false, resetPassword: true, organizations: false };

/** Keycloak's step-up flow with a reset flow of one's own. */
function resetBy(nodes: readonly Node[], overrides: Partial<RealmModel> = {}): RealmModel {
  const own = flow('own reset', nodes);
  const made = realm(stepUpFlow(), { selfService, ...overrides, flows: [own, ...(overrides.flows ?? [])] });
  return { ...made, bindings: { ...made.bindings, resetCredentials: own.alias } };
}

describeWithKeycloak('Moves: a forgotten password', () => {
  describe('by the flow of a new realm', () => {
    const place = withPlace(
      realm(stepUpFlow(), { selfService, clients: [client('app'), client('minimum', { minimumAcr: 'gold' })] }),
    );

    test('a mail and a new password give a code, an OTP is enrolled anew', () =>
      expectBoth(place, { request: RESET }, 'username, email, CONFIGURE_TOTP, UPDATE_PASSWORD, acr silver'));

    test('who has no OTP is asked for none', () =>
      expectBoth(
        place,
        { request: RESET, user: ALICE, username: 'alice' },
        'username, email, UPDATE_PASSWORD, acr silver',
      ));

    test('an essential acr counts for nothing', () =>
      expectBoth(
        place,
        { request: { ...RESET, ...ESSENTIAL }, user: ALICE, username: 'alice' },
        'username, email, UPDATE_PASSWORD, acr silver',
      ));

    test('neither does the minimum of the client', () =>
      expectBoth(
        place,
        { request: { ...RESET, clientId: 'minimum' }, user: ALICE, username: 'alice' },
        'username, email, UPDATE_PASSWORD, acr silver',
      ));

    test('a session stands for the name', async () => {
      const alice = { user: ALICE, username: 'alice' };
      const { browser, result } = await expectBoth(
        place,
        { ...alice, request: { clientId } },
        'username+password, acr silver',
      );
      const request = { ...RESET, prompt: ['login'] } as const;
      await expectBoth(
        place,
        { ...alice, request, browser, session: result.session },
        'email, UPDATE_PASSWORD, acr silver',
      );
    });

    test('kc_action comes after it, at whatever level', () =>
      expectBoth(
        place,
        { request: { ...RESET, action: 'CONFIGURE_TOTP' }, user: ALICE, username: 'alice' },
        'username, email, UPDATE_PASSWORD, CONFIGURE_TOTP, acr silver',
      ));
  });

  describe('where the enrolment of OTPs is off', () => {
    const requiredActions = builtInRequiredActions().map((action) =>
      action.alias === 'CONFIGURE_TOTP' ? { ...action, enabled: false } : action,
    );
    const place = withPlace(realm(stepUpFlow(), { selfService, requiredActions }));

    test('none is enrolled by it', () =>
      expectBoth(place, { request: RESET }, 'username, email, UPDATE_PASSWORD, acr silver'));
  });

  describe('with force-login', () => {
    const place = withPlace(resetBy([CHOOSE, REQ('reset-credential-email', { 'force-login': 'true' }), NEW_PASSWORD]));

    test('the user has to log in anew', () =>
      expectBoth(place, { request: RESET }, 'username, email, UPDATE_PASSWORD, done'));
  });

  describe('with force-login "TRUE" and "sometimes"', () => {
    const upper = withPlace(resetBy([CHOOSE, REQ('reset-credential-email', { 'force-login': 'TRUE' }), NEW_PASSWORD]));
    const broken = withPlace(resetBy([CHOOSE, REQ('reset-credential-email', { 'force-login': 'x' }), NEW_PASSWORD]));

    test('the case of letters makes no difference', () =>
      expectBoth(upper, { request: RESET }, 'username, email, UPDATE_PASSWORD, done'));

    test('any other value fails', () => expectBoth(broken, { request: RESET }, 'username, email, refused 400'));
  });

  describe('without a mail', () => {
    const place = withPlace(resetBy([CHOOSE, NEW_PASSWORD]));

    test('the name is enough', () =>
      expectBoth(place, { request: RESET, proofs: ['username'] }, 'username, UPDATE_PASSWORD, acr silver'));
  });

  describe('with a level', () => {
    const place = withPlace(resetBy([CHOOSE, COND('level in reset', [LOA(2), MAIL, NEW_PASSWORD])]));

    test('the flow grants it', () =>
      expectBoth(place, { request: RESET }, 'username, email, UPDATE_PASSWORD, acr gold'));

    test('and fulfils an essential acr by it', () =>
      expectBoth(place, { request: { ...RESET, ...ESSENTIAL } }, 'username, email, UPDATE_PASSWORD, acr gold'));
  });

  describe('with a level that is lower than an essential acr', () => {
    const place = withPlace(resetBy([CHOOSE, COND('level in reset', [LOA(1), MAIL, NEW_PASSWORD])]));

    test('the flow refuses', () =>
      expectBoth(place, { request: { ...RESET, ...ESSENTIAL } }, 'username, email, refused 400 acr'));
  });

  describe('with an OTP that is asked for', () => {
    const place = withPlace(resetBy([CHOOSE, MAIL, OTP, NEW_PASSWORD]));

    test('the mail alone is not enough', () =>
      expectBoth(
        place,
        { request: RESET, proofs: ['username', 'email', 'otp'] },
        'username, email, otp, UPDATE_PASSWORD, acr silver',
      ));
  });

  describe('with an OTP that is thrown away', () => {
    const place = withPlace(resetBy([CHOOSE, MAIL, REQ('reset-otp', { action_on_otp_reset_flag: 'Remove all' })]));

    test('a mail removes the OTP', async () => {
      const { result } = await expectBoth(place, { request: RESET }, 'username, email, CONFIGURE_TOTP, acr silver');
      expect(result.user.credentials).toContain('otp');
    });
  });

  describe('in a login whose level a client policy stamps', () => {
    const gold = { ...RESET, acrValues: ['gold'] };
    const place = withPlace(resetBy([CHOOSE, MAIL, NEW_PASSWORD], { flows: [STRONG], ...GOLD_BY_POLICY }));

    test('the stamped level is had for the mail', () =>
      expectBoth(place, { request: gold }, 'username, email, UPDATE_PASSWORD, acr gold'));

    test('a login begun anew has forgotten it', () =>
      expectBoth(place, { request: { ...gold, restarted: true } }, 'username, email, UPDATE_PASSWORD, acr silver'));
  });
});
