import { setTimeout as sleep } from 'node:timers/promises';
import { AssuranceLevel, Duration, enrolAt, Factor } from '../../../lib';
import { Browser, type LoginPage, TotpDevice } from '../../../sandbox/login';
import { loginsTo, passwordOf, withLevelsRealm } from '../factors/http-logins';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';

const MAX_AGE = 2;
const TO_BE_OLD = (MAX_AGE + 1) * 1000;
const BY_TOTP = { parameters: { kc_action: 'CONFIGURE_TOTP' } };
const BY_CODES = { parameters: { kc_action: 'CONFIGURE_RECOVERY_AUTHN_CODES' } };

/** Enrols what Keycloak offers, and remembers it. */
function newDevices() {
  const devices: { totp?: TotpDevice; codes?: string[] } = {};
  return {
    devices,
    answers: {
      'enrol-otp': (page: LoginPage) => {
        devices.totp = new TotpDevice(page.fields.totpSecret as string);
        return devices.totp.next();
      },
      'enrol-recovery-codes': (page: LoginPage) => {
        const shown = page.fields.generatedRecoveryAuthnCodes as string;
        devices.codes = shown.split(',');
        return shown;
      },
    },
  };
}

describeWithKeycloak('Enrolment: enrol', () => {
  const realm = withLevelsRealm((stack) => [
    new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
    new AssuranceLevel(stack, 'gold', {
      acr: 'gold',
      loa: 2,
      provedBy: Factor.otp(),
      unenrolled: 'enrol',
      enrolmentMaxAge: Duration.seconds(MAX_AGE),
    }),
  ]);
  const { user, login } = loginsTo(realm);

  test('a user without the factor enrols it on the way, and is asked for it at the next login', async () => {
    const alice = await user();
    const { devices, answers } = newDevices();
    const enrolled = await login('gold', { ...passwordOf(alice), ...answers });
    expect(enrolled).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['username', 'password', 'enrol-otp'] });
    const next = await login('gold', { ...passwordOf(alice), otp: () => devices.totp?.next() ?? '' });
    expect(next).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['username', 'password', 'otp'] });
  });

  test('enrolmentMaxAge: an older session is asked for the password again', async () => {
    const alice = await user();
    const browser = new Browser();
    const { answers } = newDevices();
    await login(undefined, passwordOf(alice), { browser });
    await sleep(TO_BE_OLD);
    const without = await login(undefined, answers, { browser, ...BY_TOTP });
    expect(without).toMatchObject({ outcome: 'unanswered', asked: ['password'] });
    const right = await login(undefined, { ...passwordOf(alice), ...answers }, { browser, ...BY_TOTP });
    expect(right).toMatchObject({ outcome: 'granted', asked: ['password', 'enrol-otp'] });
  });

  test('a second device needs the one that is there', async () => {
    const bob = await user({ totp: true });
    const browser = new Browser();
    const { devices, answers } = newDevices();
    await login(undefined, passwordOf(bob), { browser });
    const attack = await login(undefined, { ...passwordOf(bob), ...answers }, { browser, ...BY_TOTP });
    expect(attack).toMatchObject({ outcome: 'unanswered' });
    expect(attack.asked.at(-1)).toBe('otp');
    expect(devices.totp).toBeUndefined();
    const otp = () => bob.totp?.next() ?? '';
    const owner = await login(undefined, { ...passwordOf(bob), otp }, { browser, ...BY_TOTP });
    expect(owner).toMatchObject({ outcome: 'unanswered' });
    expect(owner.asked.slice(-2)).toEqual(['otp', 'enrol-otp']);
  });
});

describeWithKeycloak('Enrolment: enrolAt(gold)', () => {
  const realm = withLevelsRealm((stack) => {
    const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
    const gold = new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.otp() });
    const platinum = new AssuranceLevel(stack, 'platinum', {
      acr: 'platinum',
      loa: 3,
      provedBy: Factor.recoveryCode(),
      unenrolled: enrolAt(gold),
    });
    return [silver, gold, platinum];
  });
  const { user, login } = loginsTo(realm);

  test('whoever proves gold enrols on the way, and is asked for the factor at the next login', async () => {
    const bob = await user({ totp: true });
    const { devices, answers } = newDevices();
    const otp = () => bob.totp?.next() ?? '';
    const enrolled = await login('platinum', { ...passwordOf(bob), ...answers, otp });
    const asked = ['username', 'password', 'otp'];
    expect(enrolled).toMatchObject({
      outcome: 'granted',
      acr: 'platinum',
      asked: [...asked, 'enrol-recovery-codes'],
    });
    const next = await login('platinum', { ...passwordOf(bob), otp, 'recovery-code': devices.codes?.[0] });
    expect(next).toMatchObject({ outcome: 'granted', acr: 'platinum', asked: [...asked, 'recovery-code'] });
  });

  describe.each([
    { victim: 'without any factor', totp: undefined },
    { victim: 'with an authenticator app', totp: true as const },
  ])('the stolen password of a user $victim', ({ totp }) => {
    test('does not reach platinum, nor enrol on the way', async () => {
      const alice = await user({ totp });
      const { devices, answers } = newDevices();
      const attack = await login('platinum', { ...passwordOf(alice), ...answers });
      expect(attack.outcome).toBe(totp ? 'unanswered' : 'refused');
      expect(attack.asked).toEqual(['username', 'password', ...(totp ? ['otp'] : [])]);
      expect(devices).toEqual({});
    });

    test('does not reach platinum by kc_action either', async () => {
      const alice = await user({ totp });
      const browser = new Browser();
      const { devices, answers } = newDevices();
      const attacker = () => ({ ...passwordOf(alice), ...answers, 'recovery-code': devices.codes?.[0] });
      for (const action of [BY_CODES, BY_TOTP]) {
        await login(undefined, attacker(), { browser, ...action });
        await login('platinum', attacker(), { browser, ...action });
      }
      expect(devices.totp).toBeUndefined();
      for (const where of [browser, new Browser()]) {
        for (const acr of ['gold', 'platinum']) {
          const attack = await login(acr, attacker(), { browser: where });
          expect(attack.outcome).toBe(totp ? 'unanswered' : 'refused');
        }
      }
    });
  });

  test('who has recovery codes must use one before making new ones', async () => {
    const bob = await user({ totp: true, recoveryCodes: true });
    const { devices, answers } = newDevices();
    const attack = await login(undefined, { ...passwordOf(bob), ...answers }, BY_CODES);
    expect(attack.outcome).toBe('unanswered');
    expect(devices.codes).toBeUndefined();
    const { admin } = await testKeycloak();
    const owned = await admin.users.getCredentials({ realm, id: bob.id });
    expect(owned.filter(({ type }) => type === 'recovery-authn-codes')).toHaveLength(1);
  });
});
