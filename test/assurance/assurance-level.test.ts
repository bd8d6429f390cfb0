import { type AssuranceLevelProps, ConfigurationError, Duration, Factor } from '../../lib';
import { level, testStack } from '../support/stack';

function create(props: Partial<AssuranceLevelProps>) {
  return level(testStack(), { acr: 'gold', loa: 2, ...props } as AssuranceLevelProps & { loa: number });
}

describe('AssuranceLevel', () => {
  test('holds for ten hours at LoA 1 and for five minutes above, unless it says otherwise', () => {
    expect(create({ loa: 1 }).maxAge.toSeconds()).toBe(36_000);
    expect(create({ loa: 2 }).maxAge.toSeconds()).toBe(300);
    expect(create({ maxAge: Duration.seconds(0) }).maxAge.toSeconds()).toBe(0);
  });

  test('denies users without the credential unless it says otherwise', () => {
    expect(create({}).unenrolled).toBe('deny');
    expect(create({ unenrolled: 'enrol' }).unenrolled).toBe('enrol');
  });

  test.each(['gold', 'urn:example:loa:2', 'https://refeds.org/profile/mfa', 'phr_h'])('takes the acr %p', (acr) => {
    expect(create({ acr }).acr).toBe(acr);
  });

  test.each(['', 'two words', 'a##b', '2', '"gold"', 'gold,silver', '${gold}', undefined as never])(
    'refuses the acr %p, which would break the map',
    (acr) => {
      expect(() => create({ acr })).toThrow(ConfigurationError);
      expect(() => create({ acr })).toThrow(/^test\/level-.*acr .*Begin with a letter/s);
    },
  );

  test.each([0, -1, 1.5, Number.NaN, 2 ** 31])('refuses the LoA %p', (loa) => {
    expect(() => create({ loa })).toThrow(new RegExp(`loa ${loa}: .*whole number`));
  });

  test.each([
    ['a passkey', Factor.usernameThenPasskey()],
    ['a certificate', Factor.x509()],
    ['a ticket', Factor.kerberos()],
    ['a password and more', Factor.allOf(Factor.password(), Factor.otp())],
    [
      'a password and more, or a passkey',
      Factor.anyOf(Factor.allOf(Factor.password(), Factor.otp()), Factor.passkey()),
    ],
  ])('refuses LoA 1 for %s, as Keycloak gives its acr to logins that passed no level', (_what, provedBy) => {
    expect(() => create({ loa: 1, provedBy })).toThrow(
      /loa 1 proved by .*"gold" would be had without .*Number it from 2/,
    );
    expect(create({ loa: 2, provedBy }).loa).toBe(2);
  });

  test.each([
    ['a password', Factor.password()],
    ['a user name, then a password', Factor.usernameThenPassword()],
    ['a password or a passkey', Factor.anyOf(Factor.usernameThenPasskey(), Factor.password())],
  ])('takes LoA 1 for %s', (_what, provedBy) => {
    expect(create({ loa: 1, provedBy }).loa).toBe(1);
  });

  test('refuses a level without a factor, which anybody would be granted', () => {
    expect(() => create({ provedBy: undefined })).toThrow(/provedBy undefined: .*Factor\.otp\(\)/);
  });

  test.each([Duration.seconds(-5), Duration.seconds(1.5), Duration.minutes(0.01)])(
    'refuses the max age %p',
    (maxAge) => {
      expect(() => create({ maxAge })).toThrow(/maxAge of .* seconds: .*whole seconds/);
    },
  );

  test.each([
    ['maxAge', 300],
    ['maxAge', '300s'],
    ['enrolmentMaxAge', 0],
  ])('refuses %s %j, which says no unit', (prop, bare) => {
    expect(() => create({ [prop]: bare })).toThrow(ConfigurationError);
    expect(() => create({ [prop]: bare })).toThrow(
      `test/level-gold-2: ${prop} ${JSON.stringify(bare)}: it is no Duration, and a bare number does not say its unit. Write for example Duration.minutes(5)`,
    );
  });

  test('takes a fraction of an hour that comes to whole seconds', () => {
    expect(create({ maxAge: Duration.hours(0.5), provedBy: Factor.otp() }).maxAge.toSeconds()).toBe(1800);
  });
});
