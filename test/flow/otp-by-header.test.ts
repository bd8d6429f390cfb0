import { type AssuranceLevelProps, Factor, otpIfHeader, otpUnlessHeader, type WatchedHeaderValue } from '../../lib';
import { level, testStack } from '../support/stack';

const { password, otp, webAuthn, anyOf, allOf } = Factor;

/** Makes a level that is proved by the factor. */
const prove = (provedBy: Factor, more: Partial<AssuranceLevelProps> = {}) =>
  level(testStack(), { acr: 'gold', loa: 2, provedBy, ...more });

describe('otpUnlessHeader', () => {
  const pattern = (value: string | RegExp) =>
    otpUnlessHeader({ header: 'X-Device-Trust', value }).steps[0]?.config?.noOtpRequiredForHeaderPattern;

  test('asks for the one-time password unless the whole header matches, and by default', () => {
    expect(otpUnlessHeader({ header: 'X-Device-Trust', value: /a|b/ }).steps).toEqual([
      {
        authenticator: 'auth-conditional-otp-form',
        config: { noOtpRequiredForHeaderPattern: 'X-Device-Trust: (?:a|b)', defaultOtpOutcome: 'force' },
      },
    ]);
  });

  test('takes a text literally', () => {
    expect(pattern('a.b|(c)')).toBe('X-Device-Trust: (?:a\\.b\\|\\(c\\))');
  });

  test.each([
    [/.*/, /value \/\.\*\/: .*without a value/],
    [/(yes)?/, /without a value/],
  ])('refuses %s, which a header without a value matches', (value, message) => {
    expect(() => prove(otpUnlessHeader({ header: 'X-Trust', value }))).toThrow(message);
  });
});

describe('otpIfHeader', () => {
  const config = (props: Partial<WatchedHeaderValue> = {}) =>
    otpIfHeader({ header: 'X-Risk', value: 'high', ...props }).steps[0]?.config;

  test('asks for the one-time password if the header matches or is missing, and at no other value', () => {
    const { noOtpRequiredForHeaderPattern: skips, ...rest } = config({ value: /high|very.*/ }) ?? {};
    expect(rest).toEqual({ defaultOtpOutcome: 'force' });
    const isSkipped = (header: string) => new RegExp(`^(?:${skips})$`, 'is').test(header);
    expect(['X-Risk: low', 'X-Risk: highest', 'X-Risk: not high'].filter(isSkipped)).toHaveLength(3);
    expect(['X-Risk: high', 'X-Risk: HIGH', 'X-Risk: very high', 'X-Risk: ', 'Y-Risk: low'].filter(isSkipped)).toEqual(
      [],
    );
  });

  test('asks only if the header matches where it says so', () => {
    expect(config({ value: 'a.b', defaultOtpOutcome: 'skip' })).toEqual({
      forceOtpForHeaderPattern: 'X-Risk: (?:a\\.b)',
      defaultOtpOutcome: 'skip',
    });
  });

  const asked = otpIfHeader({ header: 'X-Risk', value: 'high' });
  const skipped = otpIfHeader({ header: 'X-Risk', value: 'high', defaultOtpOutcome: 'skip' });

  test.each([
    ['alone', skipped],
    ['as an alternative', anyOf(webAuthn(), skipped)],
    ['with its like', allOf(skipped, otpIfHeader({ header: 'X-Device', value: 'x', defaultOtpOutcome: 'skip' }))],
    ['in an alternative', anyOf(allOf(password(), webAuthn()), allOf(skipped, skipped))],
  ])('that skips proves no level %s', (_how, factor) => {
    expect(() => prove(factor)).toThrow(
      /^test\/level-gold-2: provedBy .*otp-if-header.*: a login that leaves the header out .*Factor\.allOf\(/,
    );
  });

  test.each([
    ['that skips, beside one that is always asked for', allOf(password(), skipped)],
    ['that skips, in an alternative with one', anyOf(webAuthn(), allOf(password(), skipped))],
    ['that forces', asked],
  ])('%s proves a level', (_how, factor) => {
    expect(prove(factor).provedBy).toBe(factor);
  });

  test('that skips can not be enrolled, because a stolen password would not be asked for it', () => {
    expect(() => prove(allOf(webAuthn(), skipped), { unenrolled: 'enrol' })).toThrow(
      /^test\/level-gold-2: unenrolled for webauthn-and-otp-if-header: .*a stolen password could enrol a device/,
    );
    expect(prove(asked, { unenrolled: 'enrol' }).unenrolled).toBe('enrol');
  });

  test('refuses another outcome', () => {
    const factor = otpIfHeader({ header: 'X-Risk', value: 'high', defaultOtpOutcome: 'ask' as never });
    expect(() => prove(allOf(otp(), factor))).toThrow(
      /^test\/level-gold-2: defaultOtpOutcome "ask": .*'force' or 'skip'/,
    );
  });
});

describe.each([
  ['otpUnlessHeader', otpUnlessHeader],
  ['otpIfHeader', otpIfHeader],
])('%s', (name, make) => {
  const ADDRESSES = /it tells addresses, .*Write otpUnlessFrom with the networks/;

  test.each<[string, string | RegExp, RegExp]>([
    ['X Trust', 'yes', /header "X Trust": it is no name of a header/],
    [undefined as never, 'yes', /header undefined: it is no name of a header/],
    ['X-Trust', /yes/i, /value \/yes\/i: .*without flags/],
    ['X-Trust', '', /value "": it is neither the text to look for/],
    ['X-Trust', undefined as never, /value undefined: it is neither the text to look for/],
    ['X-Forwarded-For', /10\..*/, ADDRESSES],
    ['x-forwarded-for', '10.0.0.1', ADDRESSES],
    ['Forwarded', /for=10\..*/, ADDRESSES],
    ['X-Real-IP', /10\..*/, ADDRESSES],
  ])(
    'refuses the header %p with the value %p, at the level or where its executions are taken',
    (header, value, message) => {
      const factor = make({ header, value });
      for (const provedBy of [factor, allOf(password(), factor)]) {
        expect(() => prove(provedBy)).toThrow(/^test\/level-gold-2: /);
        expect(() => prove(provedBy)).toThrow(message);
      }
      expect(() => factor.steps).toThrow(message);
      expect(() => factor.steps).toThrow(new RegExp(`^${name}: `));
    },
  );
});
