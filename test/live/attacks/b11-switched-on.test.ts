import type { RealmModel } from '../../../model';
import { explore } from '../../../model';
import {
  ALT,
  COND,
  COOKIE,
  flow,
  GOLD,
  LOA,
  PASSWORD,
  REQ,
  realm,
  SILVER,
  soundRealm,
} from '../../checks/support/realms';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { type AnybodysRealm, acr, withAnybodysRealm } from './anybodys-realm';

const DAY = 86_400;
const GOLD_FOR_BOTH = ['password otp'];

/** Keycloak's own shape: the step of organizations before the forms. */
const withOrganizations = flow('login', [
  COOKIE,
  ALT('organization', [COND('if on', [REQ('conditional-user-configured'), ALT('organization')])]),
  ALT('ways', [SILVER, GOLD]),
]);

const switchOn = async ({ name }: AnybodysRealm, settings: object) => {
  const { admin } = await testKeycloak();
  const found = await admin.realms.findOne({ realm: name });
  await admin.realms.update({ realm: name }, { ...found, ...settings });
};

/** Days since the password was given that a session may have gone on for, and still gives a token without a page. */
const daysOfSession = (model: RealmModel) =>
  explore(model, { clientId: 'app', acr: 'silver' }).flatMap(({ ways }) =>
    ways.flatMap(({ proofs, sessionAge = 0 }) =>
      proofs.join() === 'session:silver' ? [Math.floor(sessionAge / DAY)] : [],
    ),
  );

describeWithKeycloak('B11: what is switched on in the realm', () => {
  describe('organizations', () => {
    const place = withAnybodysRealm(realm(withOrganizations));

    test('are said to be assumed to have no members', async () => {
      expect(await place.assumed(acr('gold'), 'app')).toEqual([]);
      const attacker = await place.attacker();
      expect(await attacker.login()).toBe('username password → silver');
      await switchOn(place, { organizationsEnabled: true });
      const { admin } = await testKeycloak();
      await admin.organizations.create({ realm: place.name, name: 'acme', domains: [{ name: 'acme.invalid' }] });
      expect(await attacker.login()).toBe('username password → silver');
      expect(await place.explained(acr('gold'), 'app')).toEqual(GOLD_FOR_BOTH);
      expect(await place.assumed(acr('gold'), 'app')).toEqual([
        'The realm has an organization, and the account is a member of none',
      ]);
    });
  });

  describe('lifespans of sessions that are remembered', () => {
    const place = withAnybodysRealm(
      realm(flow('login', [COOKIE, ALT('ways', [COND('silver', [LOA(1, 20 * DAY), PASSWORD]), GOLD])])),
    );

    test('let a session have the level for longer', async () => {
      expect(daysOfSession(await place.model())).toEqual([0]);
      await switchOn(place, {
        rememberMe: true,
        ssoSessionMaxLifespanRememberMe: 30 * DAY,
        ssoSessionIdleTimeoutRememberMe: 30 * DAY,
      });
      expect(daysOfSession(await place.model())).toEqual([20]);
    });
  });

  describe('verification of addresses', () => {
    const place = withAnybodysRealm(soundRealm());

    test('is said to be assumed to be done, where whoever has not done it is asked for the mail', async () => {
      expect(await place.assumed(acr('gold'), 'app')).toEqual([]);
      await switchOn(place, { verifyEmail: true });
      expect(await place.explained(acr('gold'), 'app')).toEqual(GOLD_FOR_BOTH);
      expect(await place.assumed(acr('gold'), 'app')).toEqual(['The e-mail address of the account is verified']);
      const { admin } = await testKeycloak();
      const [alice] = await admin.users.find({ realm: place.name, username: 'alice' });
      await admin.users.update({ realm: place.name, id: alice?.id as string }, { ...alice, emailVerified: false });
      const attacker = await place.attacker();
      expect(await attacker.login()).toBe('username password → silver');
      expect(await attacker.login({ as: 'alice' })).toBe('username password → failed');
    });
  });
});
