import * as fc from 'fast-check';
import ipaddr from 'ipaddr.js';

/** A network in CIDR notation without host bits, which is no /0 and holds no IPv4-mapped addresses. */
export const cidr = fc.oneof(cidrOf(4), cidrOf(16));

/** An address in canonical form: dotted decimal, or RFC 5952. Runs of zeros, which `::` is for, are as likely as not. */
export const address = fc.oneof(bytes(4), bytes(16)).map(canonical);

/** An address in the network of a CIDR or just beside it, in canonical form. */
export function addressNear(network: string): fc.Arbitrary<string> {
  const [first, prefix] = ipaddr.parseCIDR(network);
  const base = first.toByteArray();
  return fc.tuple(bytes(base.length), fc.nat({ max: 4 })).map(([random, flips]) => {
    // Few flips of the last bits of the prefix, so that the borders are hit.
    const near = base.map((byte, index) => {
      const fixed = Math.min(8, Math.max(0, prefix - index * 8));
      const mask = (0xff << (8 - fixed)) & 0xff;
      return (byte & mask) | ((random[index] as number) & ~mask & 0xff);
    });
    if (flips === 4) {
      const bit = prefix - 1 - ((random[0] as number) % Math.min(prefix, 3));
      near[bit >> 3] = (near[bit >> 3] as number) ^ (0x80 >> (bit & 7));
    }
    return canonical(near);
  });
}

/** Whether the CIDR library takes the address for one of the network's; IPv4-mapped addresses count as IPv4. */
export function inRange(network: string, text: string): boolean {
  const [first, prefix] = ipaddr.parseCIDR(network);
  const parsed = ipaddr.process(text);
  return parsed.kind() === first.kind() && parsed.match(first, prefix);
}

export function canonical(all: readonly number[]): string {
  const parsed = ipaddr.fromByteArray([...all]);
  // The library writes IPv4-mapped addresses in hexadecimal; RFC 5952, section 5, wants dotted decimal.
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) return `::ffff:${parsed.toIPv4Address()}`;
  return parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString();
}

function bytes(length: number): fc.Arbitrary<number[]> {
  const byte = fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, { arbitrary: fc.nat({ max: 255 }), weight: 2 });
  return fc.array(byte, { minLength: length, maxLength: length });
}

function cidrOf(length: 4 | 16): fc.Arbitrary<string> {
  return fc
    .tuple(bytes(length), fc.integer({ min: 1, max: length * 8 }))
    .map(([random, prefix]) => {
      const first = random.map((byte, index) => byte & (0xff << (8 - Math.min(8, Math.max(0, prefix - index * 8)))));
      return `${canonical(first.map((byte) => byte & 0xff))}/${prefix}`;
    })
    .filter((text) => {
      const [first, prefix] = ipaddr.parseCIDR(text);
      return first.kind() === 'ipv4' || !ipaddr.parse('::ffff:0:0').match(first, Math.min(prefix, 96));
    });
}
