import { ALT, COND, COOKIE, flow, LOA, OTP, PASSWORD, REQ, realm } from '../../model/support/realm';
import { describeWithKeycloak } from '../support/keycloak';
import { expectBoth, withPlace } from './support/place';

describeWithKeycloak('Moves: a forgotten password in the middle of a login', () => {
  const ruled = flow('ruled', [
    REQ('ruled login', [
      COOKIE,
      ALT('ruled forms', [COND('ruled silver', [LOA(1), PASSWORD]), COND('ruled gold', [LOA(2), OTP])]),
    ]),
    COND('ruled rule', [REQ('conditional-client-scope', { client_scope: 'phone' }), REQ('deny-access-authenticator')]),
  ]);
  const own = flow('own reset', [
    REQ('reset-credentials-choose-user'),
    REQ('reset-credential-email'),
    REQ('reset-password'),
  ]);
  const made = realm(ruled, {
    selfService: { registration: false, resetPassword: true, organizations: false },
    flows: [own],
  });
  const place = withPlace({ ...made, bindings: { ...made.bindings, resetCredentials: own.alias } });
  const MIDWAY = { clientId: 'app', door: 'reset', midway: true, scope: ['openid', 'phone'] } as const;

  test('the rule denies', () =>
    expectBoth(
      place,
      { request: { clientId: 'app', acrValues: ['gold'], scope: MIDWAY.scope } },
      'username+password, otp, refused 401',
    ));

  test('levels that were proved stay, and the rule that denied after them is walked around', () =>
    expectBoth(
      place,
      { request: { ...MIDWAY, acrValues: ['gold'] } },
      'username+password, otp, username, email, UPDATE_PASSWORD, acr gold',
    ));

  test('a level that was not proved is not had', () =>
    expectBoth(
      place,
      { request: { ...MIDWAY, acrValues: ['gold'] }, proofs: ['username', 'password', 'email'] },
      'username+password, otp, username, email, UPDATE_PASSWORD, acr silver',
    ));

  test('and an essential one is refused then', () =>
    expectBoth(
      place,
      {
        request: { ...MIDWAY, acrClaim: { essential: true, values: ['gold'] } },
        proofs: ['username', 'password', 'email'],
      },
      'username+password, otp, username, email, refused 400 acr',
    ));

  test('who proves nothing has what the mail gives', () =>
    expectBoth(
      place,
      { request: { ...MIDWAY, acrValues: ['gold'] }, proofs: ['username', 'email'] },
      'username+password, username, email, UPDATE_PASSWORD, acr silver',
    ));
});
