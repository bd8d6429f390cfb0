import * as fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { addressPattern } from '../../lib/network/address-pattern';
import { fromNetworks } from '../../resource-server';
import { address, addressNear, cidr, inRange } from './addresses';

const RUNS = { numRuns: 700 };

/** Keycloak matches the pattern against the whole header entry, as this does; both dialects read it alike. */
function matcher(...cidrs: string[]): (text: string) => boolean {
  const pattern = new RegExp(`^(?:${addressPattern(fromNetworks(cidrs))})$`);
  return (text) => pattern.test(text);
}

describe('The pattern of a network rule', () => {
  test('matches a canonical address exactly when it is in the network', () => {
    fc.assert(
      fc.property(
        cidr.chain((network) => fc.tuple(fc.constant(network), fc.oneof(addressNear(network), address))),
        ([network, text]) => matcher(network)(text) === inRange(network, text),
      ),
      RUNS,
    );
  });

  test('meets networks and addresses on both sides in these tests', () => {
    const pairs = fc.sample(
      cidr.chain((network) => fc.tuple(fc.constant(network), addressNear(network))),
      { numRuns: 500, seed: 1 },
    );
    const inside = pairs.filter(([network, text]) => inRange(network, text)).length;
    expect(inside).toBeGreaterThan(100);
    expect(inside).toBeLessThan(450);
  });

  test('matches several networks as their union', () => {
    fc.assert(
      fc.property(fc.array(cidr, { minLength: 1, maxLength: 4 }), address, (networks, text) => {
        return matcher(...networks)(text) === networks.some((network) => inRange(network, text));
      }),
      RUNS,
    );
  });

  test('agrees with the resource server', () => {
    fc.assert(
      fc.property(
        cidr.chain((network) => fc.tuple(fc.constant(network), addressNear(network))),
        ([network, text]) => matcher(network)(text) === fromNetworks([network]).contains(text),
      ),
      RUNS,
    );
  });

  test('matches the other hexadecimal forms of an address of the network', () => {
    fc.assert(
      fc.property(
        cidr
          .filter((network) => network.includes(':'))
          .chain((network) => fc.tuple(fc.constant(network), addressNear(network))),
        fc.nat({ max: 7 }),
        fc.integer({ min: 1, max: 8 }),
        ([network, text], start, length) => {
          const parsed = ipaddr.IPv6.parse(text);
          const long = parsed.parts.map((part) => part.toString(16).padStart(4, '0')).join(':');
          const plain = parsed.parts.map((part) => part.toString(16));
          const run = parsed.parts.slice(start, start + length);
          const short =
            run.length > 0 && run.every((part) => part === 0)
              ? `${plain.slice(0, start).join(':')}::${plain.slice(start + run.length).join(':')}`
              : plain.join(':');
          const forms = [long, long.toUpperCase(), plain.join(':'), short];
          return forms.every((form) => matcher(network)(form) === inRange(network, text));
        },
      ),
      RUNS,
    );
  });

  test('matches no text but an address of the network', () => {
    const junk = fc.stringMatching(/^[0-9a-fxA-F:.,/%[\] \n]{0,24}$/);
    const spoilt = fc
      .tuple(
        address,
        fc.constantFrom('\n', '\r\n', ' ', ',', ', ', '/32', ':80', '%eth0', '.', ':', '0', '\u0000', ', 10.0.0.1'),
      )
      .chain(([text, more]) => fc.constantFrom(text + more, more + text));
    fc.assert(
      fc.property(cidr, fc.oneof(junk, spoilt), (network, text) => {
        const matches = matcher(network)(text);
        // What the socket library takes for an address of the network may match; nothing else may.
        return !matches || fromNetworks([network]).contains(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '010.1.2.3',
    '10.01.2.3',
    '0xa.1.2.3',
    '012.1.2.3',
    '10.1.2',
    '10.66051',
    '167838211',
    '10.1.2.3.4',
    '10.1.2.256',
    '10.1.2.3:80',
    '10.1.2.3\n',
    '\n10.1.2.3',
    '10.1.2.3\n203.0.113.5',
    ' 10.1.2.3',
    '10.1.2.3 ',
    '10.1.2.3, 203.0.113.5',
    '203.0.113.5, 10.1.2.3',
    '10.1.2.3,10.1.2.4',
    '10.1.2.3evil',
    '110.1.2.3',
    '10x1x2x3',
    '１０.1.2.3',
    '٣10.1.2.3',
    '::10.1.2.3',
    '::ffff:0:10.1.2.3',
    '',
  ])('of 10.0.0.0/8 does not match %j', (text) => {
    expect(matcher('10.0.0.0/8')(text)).toBe(false);
  });

  test.each([
    '[2001:db8::1]',
    '2001:db8::1%eth0',
    '2001:db8:::1',
    '2001:db8::1::2',
    '2001:db8',
    '2001:db8:1:2:3:4:5:6:7',
    '2001:db8:1:2:3:4:5',
    '2001:db8::12345',
    '2001:db80::1',
    '2001:0db9::1',
    '2001:db8::1.2.3.4',
    '2001:db8::1\n',
    '2001:db8::1, ::1',
    ':2001:db8::1',
    '2001::db8:0:0:0:0:0:1',
  ])('of 2001:db8::/32 does not match %j', (text) => {
    expect(matcher('2001:db8::/32')(text)).toBe(false);
  });

  test('matches what is said to match', () => {
    const within = matcher('10.0.0.0/8', '2001:db8::/32', '2001:db8:0:ff00::/58', '::1/128');
    for (const text of [
      '10.0.0.0',
      '10.255.255.255',
      '::ffff:10.1.2.3',
      '2001:db8::',
      '2001:DB8::1',
      '2001:0db8:0000:0000:0000:0000:0000:0001',
      '2001:db8:0:0:1::',
      '::1',
      '0:0:0:0:0:0:0:1',
    ]) {
      expect([text, within(text)]).toEqual([text, true]);
    }
  });

  test('stays short enough for a field of a form', () => {
    expect(addressPattern(fromNetworks(['10.0.0.0/8'])).length).toBeLessThan(250);
    expect(addressPattern(fromNetworks(['2001:db8::/32'])).length).toBeLessThan(1_500);
  });
});
