import * as fc from 'fast-check';
import { clientAddress, fromNetworks } from '../../resource-server';
import { address, addressNear, cidr, inRange } from '../network/addresses';

describe('fromNetworks', () => {
  test('agrees with the CIDR library', () => {
    fc.assert(
      fc.property(
        cidr.chain((network) => fc.tuple(fc.constant(network), fc.oneof(addressNear(network), address))),
        ([network, text]) => fromNetworks([network]).contains(text) === inRange(network, text),
      ),
      { numRuns: 2_000 },
    );
  });

  test('takes IPv4-mapped addresses for IPv4, in either form', () => {
    const rule = fromNetworks(['10.0.0.0/8']);
    expect(rule.contains('::ffff:10.1.2.3')).toBe(true);
    expect(rule.contains('::ffff:a01:203')).toBe(true);
    expect(rule.contains('::ffff:11.1.2.3')).toBe(false);
  });

  // They come over IPv6, so that anybody may send from one; only the socket itself writes mapped ones.
  test.each([
    ['IPv4-compatible', '::10.0.0.1'],
    ['IPv4-compatible, in hexadecimal', '::a00:1'],
    ['IPv4-compatible, written out', '0:0:0:0:0:0:10.0.0.1'],
    ['NAT64', '64:ff9b::10.0.0.1'],
    ['NAT64 of a network of its own', '64:ff9b:1::10.0.0.1'],
    ['6to4', '2002:a00:1::'],
    ['6to4, ending in dotted decimal', '2002:a00:1::10.0.0.1'],
    ['IPv4-translated', '::ffff:0:10.0.0.1'],
    ['ISATAP', 'fe80::5efe:10.0.0.1'],
  ])('takes %s addresses for no IPv4 address', (_kind, text) => {
    expect(fromNetworks(['10.0.0.0/8']).contains(text)).toBe(false);
    expect(fromNetworks([text]).contains(text)).toBe(true);
    expect(fromNetworks([text]).contains('10.0.0.1')).toBe(false);
    expect(clientAddress({ remoteAddress: text })).not.toMatch(/^10\.|::ffff:a00/);
  });

  test('reads an IPv6 address that ends in dotted decimal as its hexadecimal form', () => {
    expect(fromNetworks(['64:ff9b::/96']).contains('64:ff9b::192.0.2.33')).toBe(true);
    expect(fromNetworks(['64:ff9b::192.0.2.0/120']).contains('64:ff9b::c000:221')).toBe(true);
    expect(fromNetworks(['64:ff9b::192.0.2.0/120']).contains('64:ff9b::c000:321')).toBe(false);
  });

  test.each([
    '',
    '010.1.2.3',
    '10.0.0.01',
    '012.0.0.1',
    '0x0a000001',
    '10.1',
    '::ffff:010.0.0.1',
    '::ffff:10.0.0',
    '::ffff:0xa.0.0.1',
    '::ffff:10.0.0.1%eth0',
    'fe80::1%1',
    '10.0.0.1%eth0',
    '10.0.0.1/8',
    '１０.0.0.1',
    '0xa.1.2.3',
    '10.1.2',
    '167838211',
    '10.1.2.3:80',
    '10.1.2.3\n',
    ' 10.1.2.3',
    '10.1.2.3, 10.1.2.4',
    '[::1]',
    '::1%lo',
    'localhost',
  ])('has no place for %j', (text) => {
    expect(fromNetworks(['10.0.0.0/8', '0.0.0.0/1', '::1']).contains(text)).toBe(false);
  });

  test('takes an address without a prefix for itself alone', () => {
    const rule = fromNetworks(['192.0.2.7', '2001:db8::7']);
    expect(['192.0.2.7', '192.0.2.6', '2001:db8::7', '2001:db8::8'].map((text) => rule.contains(text))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test.each([
    ['10.1.2.3/8', /network "10\.1\.2\.3\/8": .* Write "10\.0\.0\.0\/8" for the network, or "10\.1\.2\.3\/32"/],
    ['2001:db8::1/32', /Write "2001:db8::\/32"/],
    ['0.0.0.0/0', /every address/],
    ['::/0', /every address/],
    ['10.0.0.0/33', /Write a prefix from 1 to 32/],
    ['2001:db8::/129', /Write a prefix from 1 to 128/],
    ['10/8', /no address with a prefix/],
    ['010.0.0.0/8', /no address with a prefix/],
    ['10.0.0.0/08', /no address with a prefix/],
    ['10.0.0.0/8 ', /no address with a prefix/],
    ['10.0.0.0-10.0.0.9', /no address with a prefix/],
    ['fe80::%eth0/64', /no address with a prefix/],
    ['', /no address with a prefix/],
    [undefined as never, /no address with a prefix/],
    ['::/16', /IPv4-mapped/],
    ['::ffff:0:0/96', /IPv4-mapped/],
    ['::ffff:10.0.0.0/104', /IPv4-mapped/],
  ])('refuses %j', (text, message) => {
    expect(() => fromNetworks([text])).toThrow(message);
  });

  test('refuses to be empty', () => {
    expect(() => fromNetworks([])).toThrow(/^networks \[\]/);
  });
});

describe('The address of the client', () => {
  const proxies = fromNetworks(['192.0.2.0/28', '2001:db8:ffff::/48']);

  test.each([
    ['is the peer', '203.0.113.5', undefined, '203.0.113.5'],
    ['is the peer whatever it claims', '203.0.113.5', '10.1.2.3', '203.0.113.5'],
    ['is the right-most that is no proxy', '192.0.2.1', '10.9.9.9, 203.0.113.5', '203.0.113.5'],
    [
      'is found behind several proxies',
      '192.0.2.1',
      '10.9.9.9, 203.0.113.5, 192.0.2.2,2001:db8:ffff::1',
      '203.0.113.5',
    ],
    ['is found behind a proxy on a dual-stack socket', '::ffff:192.0.2.1', '::ffff:203.0.113.5', '203.0.113.5'],
    ['is written in one way', '192.0.2.1', '2001:0DB8:0:0::5', '2001:db8::5'],
    ['has no zone', 'fe80::1%eth0', undefined, 'fe80::1'],
    ['is unknown of a proxy that tells nothing', '192.0.2.1', undefined, undefined],
    ['is unknown of a proxy that tells an empty list', '192.0.2.1', '', undefined],
    ['is unknown if there are proxies only', '192.0.2.1', '192.0.2.2', undefined],
    ['is unknown behind a hop that is no address', '192.0.2.1', '10.1.2.3, unknown', undefined],
    ['is unknown behind a hop with a port', '192.0.2.1', '10.1.2.3:8080', undefined],
    ['is unknown behind an empty hop', '192.0.2.1', '10.1.2.3,', undefined],
    ['is unknown without a peer', undefined, '10.1.2.3', undefined],
  ])('%s', (_what, remoteAddress, forwardedFor, expected) => {
    expect(clientAddress({ remoteAddress, forwardedFor }, proxies)).toBe(expected);
  });

  test('is the peer if no proxy is trusted', () => {
    expect(clientAddress({ remoteAddress: '192.0.2.1', forwardedFor: '10.1.2.3' })).toBe('192.0.2.1');
  });

  test('is never what an untrusted peer says', () => {
    fc.assert(
      fc.property(address, fc.oneof(address, fc.string()), (remoteAddress, forwardedFor) => {
        fc.pre(!proxies.contains(remoteAddress));
        return clientAddress({ remoteAddress, forwardedFor }, proxies) === clientAddress({ remoteAddress });
      }),
    );
  });

  test('is never left of the right-most address that is no proxy', () => {
    fc.assert(
      fc.property(fc.string(), address, (said, real) => {
        fc.pre(!proxies.contains(real));
        const seen = clientAddress({ remoteAddress: '192.0.2.1', forwardedFor: `${said}, ${real}` }, proxies);
        return seen === clientAddress({ remoteAddress: real });
      }),
    );
  });
});
