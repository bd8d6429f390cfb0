import { COND, LOA, loginFlow, OTP, REQ, realm, SILVER } from '../../checks/support/realms';
import type { Node } from '../../model/support/realm';
import { describeWithKeycloak } from '../support/keycloak';
import { acr, bypassed, withAnybodysRealm } from './anybodys-realm';

const HOME_AND_KIOSK = { scope: ['openid', 'home', 'kiosk'], acrValues: ['gold'] };

/** Spares the OTP where both scopes are asked for. */
const spared = [
  COND('spared', [
    REQ('conditional-client-scope', { client_scope: 'home' }),
    REQ('conditional-client-scope', { client_scope: 'kiosk' }),
    REQ('allow-access-authenticator'),
  ]),
  COND('asked', [REQ('conditional-sub-flow-executed', { flow_to_check: 'spared', check_result: 'not-executed' }), OTP]),
];

function scoped(gold: readonly Node[]) {
  const model = realm(loginFlow(SILVER, COND('gold', [LOA(2, 300), ...gold])));
  const scopes = ['home', 'kiosk'];
  return {
    ...model,
    clientScopes: [...model.clientScopes, ...scopes.map((name) => ({ name, protocol: 'openid-connect', mappers: [] }))],
    clients: model.clients.map((client) => ({ ...client, optionalScopes: scopes })),
  };
}

describeWithKeycloak('B3: two scopes in one request', () => {
  describe('that spare the OTP together', () => {
    const place = withAnybodysRealm(scoped(spared));

    test('have gold for a password, and one alone has not', async () => {
      const attacker = await place.attacker();
      expect(await attacker.login({ ...HOME_AND_KIOSK, scope: ['openid', 'home'] })).toBe(
        'username password otp → stopped',
      );
      expect(await attacker.login({ ...HOME_AND_KIOSK, scope: ['openid', 'kiosk'] })).toBe(
        'username password otp → stopped',
      );
      expect(await attacker.login(HOME_AND_KIOSK)).toBe('username password → gold with home kiosk');
    });

    test('are explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password']);
      expect(await place.errors()).toEqual([bypassed('acr "gold"', 'password')]);
    });
  });

  describe('that spare nothing', () => {
    const place = withAnybodysRealm(scoped([OTP]));

    test('have no gold without the OTP', async () => {
      expect(await (await place.attacker()).login(HOME_AND_KIOSK)).toBe('username password otp → stopped');
    });

    test('are explained, and nothing is reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password otp']);
      expect(await place.errors()).toEqual([]);
    });
  });
});
