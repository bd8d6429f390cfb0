import { builtInRequiredActions } from '../../../model/keycloak/built-in-realm';
import type { RealmModel, UserProfile } from '../../../model/realm-model';
import {
  ALT,
  COND,
  COOKIE,
  client,
  flow,
  LOA,
  OTP,
  PASSWORD,
  REQ,
  realm,
  SILVER_GOLD,
  stepUpFlow,
} from '../../model/support/realm';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { ALICE, expectBoth, type MoveAttempt, type MovePlace, withPlace } from './support/place';

const clientId = 'app';
const DELETE_OTP = { clientId, action: 'delete_credential:otp' } as const;

/** What the realms of these tests let users edit: attributes that the profile doesn't name. */
const userProfile: UserProfile = {
  attributes: ['username', 'email', 'firstName', 'lastName'].map((name) => ({ name, userEdits: true })),
  unmanaged: 'ENABLED',
};

function actions(enabled: Readonly<Record<string, boolean>>) {
  return builtInRequiredActions().map((action) => ({ ...action, enabled: enabled[action.alias] ?? action.enabled }));
}

type Change = NonNullable<MoveAttempt['change']>;

const MOVES_EMAIL: Change = ({ kind }) => kind === 'email';

/** Alice, who has a password alone, does an action and chooses this change. */
const byAlice = (place: MovePlace, action: string, change: Change, expected: string) =>
  expectBoth(place, { request: { clientId, action }, user: ALICE, username: 'alice', change }, expected);

describeWithKeycloak('Moves: required actions', () => {
  describe('delete_credential, where the OTP stands in a level', () => {
    const place = withPlace(realm(stepUpFlow()));

    test('asks for that level', async () => {
      const { result } = await expectBoth(
        place,
        { request: DELETE_OTP },
        'username+password, otp, delete_credential, acr gold',
      );
      expect(result.user.credentials).toEqual(['password']);
    });

    test('a password is never deleted', () =>
      expectBoth(
        place,
        { request: { clientId, action: 'delete_credential:password' }, user: ALICE, username: 'alice' },
        'username+password, delete_credential, refused 400',
      ));
  });

  describe('delete_credential, where the OTP of a rule stands outside of any level', () => {
    const ruled = flow('ruled', [
      REQ('ruled login', [
        COOKIE,
        ALT('ruled forms', [COND('ruled silver', [LOA(1), PASSWORD]), COND('ruled gold', [LOA(2), OTP])]),
      ]),
      COND('ruled scope', [REQ('conditional-client-scope', { client_scope: 'offline_access' }), OTP]),
    ]);
    const place = withPlace(realm(ruled));

    test('a password deletes it', async () => {
      const { result } = await expectBoth(
        place,
        { request: DELETE_OTP },
        'username+password, delete_credential, acr silver',
      );
      expect(result.user.credentials).toEqual(['password']);
    });
  });

  describe('delete_credential, where the client has a flow of lower levels', () => {
    const kiosk = flow('kiosk', [COND('kiosk silver', [LOA(1), PASSWORD])]);
    const kiosked = realm(stepUpFlow(), {
      flows: [kiosk],
      clients: [client('app', { flowOverrides: { browser: { alias: 'kiosk' } } })],
    });
    const place = withPlace(kiosked);

    test('a password deletes it', () =>
      expectBoth(place, { request: DELETE_OTP }, 'username+password, delete_credential, acr silver'));
  });

  describe('delete_credential, where a client policy chose a flow of lower levels', () => {
    const weak = flow('weak', [COND('weak silver', [LOA(1), PASSWORD])]);
    const model = realm(stepUpFlow(), {
      flows: [weak],
      clientPolicies: [
        {
          name: 'weak',
          enabled: true,
          strict: false,
          conditions: [{ provider: 'any-client', config: {} }],
          profiles: ['weak'],
        },
      ],
      clientProfiles: [
        { name: 'weak', executors: [{ provider: 'auth-flow-enforcer', config: { 'auth-flow-alias': 'weak' } }] },
      ],
    });
    const place = withPlace(model);

    test('the level in the flow of the realm is missing', () =>
      expectBoth(place, { request: DELETE_OTP }, 'username+password, delete_credential, refused 400'));
  });

  describe('UPDATE_PROFILE', () => {
    const exempt = flow('exempt', [
      COND('exempt silver', [LOA(1), PASSWORD]),
      COND('exempt gold', [
        LOA(2),
        COND('exempt rule', [
          REQ('conditional-user-attribute', {
            attribute_name: 'device',
            attribute_expected_value: 'trusted-[0-9]{3}',
            regex: 'true',
            not: 'true',
          }),
          OTP,
        ]),
        REQ('allow-access-authenticator'),
      ]),
    ]);
    const model: RealmModel = {
      ...realm(exempt, { acrLoaMap: SILVER_GOLD, userProfile }),
      selfService: { registration: false, resetPassword: true, organizations: false, editUsername: true },
    };
    const place = withPlace(model);
    const GOLD = { clientId, acrValues: ['gold'] };

    test('writes the attribute that exempts, at the lowest level', async () => {
      await expectBoth(place, { request: GOLD }, 'username+password, otp, acr gold');
      const { result } = await expectBoth(
        place,
        {
          request: { clientId, action: 'UPDATE_PROFILE' },
          change: (change) => change.kind === 'attribute' && change.name === 'device' && change.value !== '',
        },
        'username+password, UPDATE_PROFILE, acr silver',
      );
      await expectBoth(place, { request: GOLD, user: result.user }, 'username+password, acr gold');
    });

    test('moves the address to which a reset mail goes', async () => {
      const moved = await byAlice(
        place,
        'UPDATE_PROFILE',
        MOVES_EMAIL,
        'username+password, UPDATE_PROFILE, acr silver',
      );
      expect(moved.result.user.emailMoved).toBe(true);
      await expectBoth(
        place,
        {
          request: { clientId, door: 'reset' },
          user: moved.result.user,
          username: 'alice',
          mailTo: 'alice@thief.invalid',
        },
        'username, email, UPDATE_PASSWORD, acr silver',
      );
    });

    test('moves the user name', async () => {
      const { result } = await byAlice(
        place,
        'UPDATE_PROFILE',
        ({ kind }) => kind === 'username',
        'username+password, UPDATE_PROFILE, acr silver',
      );
      expect(result.user.usernameMoved).toBe(true);
      await expectBoth(
        place,
        { request: { clientId }, user: result.user, username: 'alice-moved' },
        'username+password, acr silver',
      );
    });
  });

  describe('UPDATE_PROFILE where addresses are verified', () => {
    const model: RealmModel = {
      ...realm(stepUpFlow(), { userProfile }),
      selfService: { registration: false, resetPassword: true, organizations: false, verifyEmail: true },
    };
    const place = withPlace(model);

    test('the new address is verified in the same login', () =>
      byAlice(place, 'UPDATE_PROFILE', MOVES_EMAIL, 'username+password, UPDATE_PROFILE, VERIFY_EMAIL, acr silver'));
  });

  describe('UPDATE_EMAIL', () => {
    const model = { ...realm(stepUpFlow(), { userProfile, requiredActions: actions({ UPDATE_EMAIL: true }) }) };
    const place = withPlace(model);

    test('moves the address at the lowest level', async () => {
      const { result } = await byAlice(
        place,
        'UPDATE_EMAIL',
        MOVES_EMAIL,
        'username+password, UPDATE_EMAIL, acr silver',
      );
      expect(result.user.emailMoved).toBe(true);
    });

    test('and UPDATE_PROFILE no more', () => {
      expect(place.changesOf('UPDATE_PROFILE')).toEqual([{ kind: 'none' }]);
    });
  });

  describe('UPDATE_EMAIL where addresses are verified', () => {
    const model: RealmModel = {
      ...realm(stepUpFlow(), { userProfile, requiredActions: actions({ UPDATE_EMAIL: true }) }),
      selfService: { registration: false, resetPassword: false, organizations: false, verifyEmail: true },
    };
    const place = withPlace(model);

    test('the mail goes to the new address, and its link ends the login', async () => {
      const { result } = await byAlice(place, 'UPDATE_EMAIL', MOVES_EMAIL, 'username+password, UPDATE_EMAIL, done');
      expect(result.user.emailMoved).toBe(true);
      const { admin } = await testKeycloak();
      const [alice] = await admin.users.find({ realm: place.realm, username: 'alice', exact: true });
      expect(alice).toMatchObject({ email: 'alice@thief.invalid', emailVerified: true });
    });
  });

  describe('delete_account', () => {
    const requiredActions = actions({ delete_account: true });
    const change: Change = ({ kind }) => kind === 'delete-account';
    const closed = withPlace(realm(stepUpFlow(), { requiredActions }));
    const open = withPlace(
      realm(stepUpFlow(), { requiredActions, defaultRoles: ['account.manage-account', 'account.delete-account'] }),
    );

    test('is refused to whom has not the role', () =>
      byAlice(closed, 'delete_account', change, 'username+password, refused 200'));

    test('deletes the account at the lowest level', async () => {
      const { result } = await byAlice(open, 'delete_account', change, 'username+password, delete_account, done');
      expect(result.user.deleted).toBe(true);
    });
  });

  describe('what kc_action does not start', () => {
    const place = withPlace(realm(stepUpFlow(), { requiredActions: actions({ TERMS_AND_CONDITIONS: true }) }));

    test.each(['TERMS_AND_CONDITIONS', 'VERIFY_PROFILE', 'VERIFY_EMAIL', 'idp_link:nowhere', 'idp_link'])(
      '%s is passed over',
      (action) => expectBoth(place, { request: { clientId, action } }, 'username+password, acr silver'),
    );
  });
});
