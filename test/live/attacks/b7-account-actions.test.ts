import type { RealmModel } from '../../../model';
import {
  COND,
  client,
  flow,
  GOLD as GOLD_FOR_OWNERS,
  LOA,
  loginFlow,
  OTP,
  PASSWORD,
  REQ,
  realm,
  SILVER,
} from '../../checks/support/realms';
import type { Node } from '../../model/support/realm';
import { PASSWORD as RIGHT } from '../../support/imported-realm';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { Visitor } from '../support/visitor';
import { type AnybodysRealm, acr, bypassed, withAnybodysRealm } from './anybodys-realm';

const GOLD = { acrValues: ['gold'] };
/** A flow of a client's own that knows the lowest level only. */
const KIOSK = flow('kiosk', [COND('kiosk silver', [LOA(1), PASSWORD])]);
const OTP_IF_OWNED = COND('gold', [LOA(2, 300), COND('owned', [REQ('conditional-user-configured'), OTP]), PASSWORD]);

/** A realm whose gold is this; its client `kiosk` has a flow of its own where that is said. */
function withGold(gold: Node, kiosk: boolean): RealmModel {
  const override = { flowOverrides: { browser: { alias: KIOSK.alias } } };
  const model = realm(loginFlow(SILVER, gold), {
    flows: [KIOSK],
    clients: [client('app'), client('kiosk', kiosk ? override : {})],
    defaultRoles: ['account.manage-account', 'account.delete-account'],
  });
  const enabled = ['UPDATE_EMAIL', 'delete_account'];
  const requiredActions = model.requiredActions.map((each) =>
    enabled.includes(each.alias) ? { ...each, enabled: true } : each,
  );
  return { ...model, requiredActions };
}

/** Whether bob's password deletes his OTP at the client `kiosk`. */
async function deleteOtp(place: AnybodysRealm): Promise<boolean> {
  const { admin } = await testKeycloak();
  const [bob] = await admin.users.find({ realm: place.name, username: 'bob' });
  const credentials = await admin.users.getCredentials({ realm: place.name, id: bob?.id as string });
  const otp = credentials.find(({ type }) => type === 'otp');
  const visitor = await new Visitor(place).login('kiosk', { kc_action: `delete_credential:${otp?.id}` });
  await visitor.fill({ username: 'bob', password: RIGHT });
  if (visitor.id !== 'login-delete-credential') return false;
  await visitor.fill({ accept: 'true' });
  const left = await admin.users.getCredentials({ realm: place.name, id: bob?.id as string });
  return !left.some(({ type }) => type === 'otp');
}

describeWithKeycloak('B7: what users do to their accounts', () => {
  describe('the deletion of the OTP, at a client of lower levels', () => {
    const place = withAnybodysRealm(withGold(OTP_IF_OWNED, true));

    test('gives gold for a password', async () => {
      const attacker = await place.attacker();
      expect(await attacker.login(GOLD)).toBe('username password otp → stopped');
      expect(await deleteOtp(place)).toBe(true);
      expect(await attacker.login(GOLD)).toBe('username password password → gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained({ kind: 'action', name: 'delete_credential:otp' })).toEqual([
        'password, if has:otp',
      ]);
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password']);
      expect(await place.errors()).toContainEqual(bypassed('acr "gold"', 'password'));
    });
  });

  describe('at clients of the realm’s flow, whose gold nobody has without an OTP', () => {
    const place = withAnybodysRealm(withGold(GOLD_FOR_OWNERS, false));

    test('the deletion of the OTP takes the OTP', async () => {
      expect(await deleteOtp(place)).toBe(false);
      expect(await (await place.attacker()).login(GOLD)).toBe('username password otp → stopped');
    });

    test('it is explained, and nothing is reported', async () => {
      expect(await place.explained({ kind: 'action', name: 'delete_credential:otp' })).toEqual(['password otp']);
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password otp']);
      expect(await place.errors()).toEqual([]);
    });

    test.each([
      ['UPDATE_PROFILE', 'login-login-update-profile', 'password'],
      ['UPDATE_EMAIL', 'login-update-email', 'password'],
      ['delete_account', 'login-delete-account-confirm', 'password, if role:account.delete-account'],
      ['UPDATE_PASSWORD', 'login-login-update-password', 'password enrol:password'],
    ])('%s is open to the password, and said to be', async (action, page, proofs) => {
      const visitor = await new Visitor(place).login('app', { kc_action: action });
      await visitor.fill({ username: 'bob', password: RIGHT });
      expect(visitor.id).toBe(page);
      expect(await place.explained({ kind: 'action', name: action })).toEqual([proofs]);
    });
  });
});
