import { COND, LOA, loginFlow, OTP, PASSWORD, REQ, realm, SILVER } from '../../checks/support/realms';
import { PASSWORD as RIGHT } from '../../support/imported-realm';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { Visitor } from '../support/visitor';
import { type AnybodysRealm, acr, bypassed, type Preparation, withAnybodysRealm } from './anybodys-realm';

const PATTERN = '[a-z0-9]+@corp\\.invalid';
const GOLD = { acrValues: ['gold'] };

/** Gold asks nobody for the OTP whose address fits the pattern. */
const exempting = realm(
  loginFlow(
    SILVER,
    COND('gold', [
      LOA(2, 300),
      COND('others', [
        REQ('conditional-user-attribute', {
          attribute_name: 'email',
          attribute_expected_value: PATTERN,
          regex: 'true',
          not: 'true',
        }),
        OTP,
      ]),
      PASSWORD,
    ]),
  ),
);

const addressOfAlice: Preparation = async (admin, realmName) => {
  const [alice] = await admin.users.find({ realm: realmName, username: 'alice' });
  await admin.users.update({ realm: realmName, id: alice?.id as string }, { ...alice, email: 'alice@corp.invalid' });
};

/** Only administrators may edit addresses. */
const guardedProfile: Preparation = async (admin, realmName) => {
  await addressOfAlice(admin, realmName);
  const profile = await admin.users.getProfile({ realm: realmName });
  const attributes = profile.attributes?.map((each) =>
    each.name === 'email' ? { ...each, permissions: { view: ['admin', 'user'], edit: ['admin'] } } : each,
  );
  await admin.users.updateProfile({ realm: realmName, ...profile, attributes } as never);
};

/** What bob's password writes as his address. */
async function move(place: AnybodysRealm): Promise<string | undefined> {
  const visitor = await new Visitor(place).login('app', { kc_action: 'UPDATE_PROFILE' });
  await visitor.fill({ username: 'bob', password: RIGHT });
  await visitor.fill({ email: 'bob@corp.invalid' });
  const { admin } = await testKeycloak();
  const [bob] = await admin.users.find({ realm: place.name, username: 'bob' });
  return bob?.email;
}

describeWithKeycloak('B4: a condition on an attribute by a pattern', () => {
  describe('which users may write', () => {
    const place = withAnybodysRealm(exempting, addressOfAlice);

    test('exempts whoever writes it with the password', async () => {
      const attacker = await place.attacker();
      expect(await attacker.login(GOLD)).toBe('username password otp → stopped');
      expect(await move(place)).toBe('bob@corp.invalid');
      expect(await attacker.login(GOLD)).toBe('username password password → gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password']);
      expect(await place.errors()).toEqual([bypassed('acr "gold"', 'password')]);
    });
  });

  describe('which administrators alone may write', () => {
    const place = withAnybodysRealm(exempting, guardedProfile);

    test('exempts those who have it', async () => {
      const attacker = await place.attacker();
      expect(await move(place)).toBe('bob@checks.invalid');
      expect(await attacker.login(GOLD)).toBe('username password otp → stopped');
      expect(await attacker.login({ ...GOLD, as: 'alice' })).toBe('username password password → gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual([
        `password, if attribute:email=~${PATTERN}`,
        'password otp',
      ]);
      expect(await place.errors()).toEqual([expect.stringContaining('(attribute:email=~')]);
    });
  });

  describe('by which nobody is exempt', () => {
    const place = withAnybodysRealm(realm(loginFlow(SILVER, COND('gold', [LOA(2, 300), OTP]))), addressOfAlice);

    test('does not have gold by the address', async () => {
      expect(await move(place)).toBe('bob@corp.invalid');
      expect(await (await place.attacker()).login(GOLD)).toBe('username password otp → stopped');
    });

    test('is explained, and nothing is reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password otp']);
      expect(await place.errors()).toEqual([]);
    });
  });
});
