import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** One network, as declared and as its parts. */
export interface Network {
  /** As it was written: `10.0.0.0/8`. */
  readonly cidr: string;
  readonly version: 4 | 6;
  /** The first address: 4 or 16 bytes. */
  readonly address: readonly number[];
  /** Length of the prefix in bits. */
  readonly prefix: number;
}

/**
 * Some networks, declared once and used wherever an address can be told for certain: in the resource server
 * (`Requirement.from`) and, as a pattern for the header of a trusted proxy, inside the login.
 */
export class NetworkRule {
  constructor(readonly networks: readonly Network[]) {}

  /**
   * Whether the address is in one of the networks. An IPv4-mapped IPv6 address counts as its IPv4 address, no other IPv6
   * address does; whatever is no address, in the strict sense of {@link parseAddress}, is in none.
   */
  contains(address: string): boolean {
    const parsed = parseAddress(address);
    if (parsed === undefined) return false;
    return this.networks.some(({ version, address: first, prefix }) => {
      if ((parsed.kind() === 'ipv4') !== (version === 4)) return false;
      return parsed.match(ipaddr.fromByteArray([...first]), prefix);
    });
  }
}

/**
 * Declares a network rule: `fromNetworks(['10.0.0.0/8', '2001:db8::/32'])`.
 *
 * @param cidrs networks in CIDR notation (RFC 4632, section 3.1; RFC 4291, section 2.3), at least one; an address without
 * a prefix stands for itself alone
 * @throws TypeError on no network, on what is no network, on host bits behind the prefix, on all addresses (`/0`), and on
 * networks that hold IPv4-mapped addresses, because those count as IPv4
 */
export function fromNetworks(cidrs: readonly string[]): NetworkRule {
  if (!Array.isArray(cidrs) || cidrs.length === 0) {
    refuse('networks []', 'no address is in none', 'Write for example fromNetworks(["10.0.0.0/8"])');
  }
  return new NetworkRule(cidrs.map(network));
}

/**
 * Reads an address in the forms that sockets and proxies write: dotted decimal without leading zeros, or IPv6 as in RFC
 * 4291, section 2.2. Octal, hexadecimal and shortened IPv4, zone ids, ports, brackets and spaces are refused.
 *
 * Of the IPv6 addresses that carry an IPv4 address, the IPv4-mapped ones alone count as it: those are what a dual-stack socket
 * writes. The others (IPv4-compatible, NAT64, 6to4) come over IPv6, so that anybody may use them as a source.
 *
 * @returns undefined if it is no address; of an IPv4-mapped IPv6 address, the IPv4 address
 */
export function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (typeof text !== 'string' || isIP(text) === 0 || text.includes('%')) return undefined;
  return ipaddr.process(inHexadecimal(text));
}

/** The CIDR library takes the IPv4-compatible `::10.0.0.1` for the IPv4-mapped `::ffff:10.0.0.1`, so it is not shown that form. */
function inHexadecimal(address: string): string {
  if (!address.includes(':')) return address;
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...octets: string[]) => {
    const [a, b, c, d] = octets.slice(0, 4).map(Number) as [number, number, number, number];
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
}

function network(cidr: string): Network {
  const value = `network ${JSON.stringify(cidr)}`;
  const [, host, length] = /^([0-9A-Fa-f.:]+)(?:\/(0|[1-9][0-9]{0,2}))?$/.exec(String(cidr)) ?? [];
  if (host === undefined || isIP(host) === 0) {
    return refuse(value, 'it is no address with a prefix', 'Write for example "10.0.0.0/8" or "2001:db8::/32"');
  }
  const address = ipaddr.parse(inHexadecimal(host)).toByteArray();
  const bits = address.length * 8;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) refuse(value, `an address has ${bits} bits`, `Write a prefix from 1 to ${bits}`);
  if (prefix === 0) refuse(value, 'every address is in it', 'Leave the network rule out, or name your networks');
  const first = firstAddress(address, prefix);
  if (first.some((byte, index) => byte !== address[index])) {
    refuse(
      value,
      'the address has bits behind the prefix, so one of the two is mistaken',
      `Write "${ipaddr.fromByteArray(first)}/${prefix}" for the network, or "${host}/${bits}" for the one address`,
    );
  }
  if (bits === 128 && overlapsMapped(address, prefix)) {
    refuse(value, 'it holds IPv4-mapped addresses, which count as IPv4', 'Write the IPv4 network, as in "10.0.0.0/8"');
  }
  return { cidr, version: bits === 32 ? 4 : 6, address, prefix };
}

/** Source: RFC 4291, section 2.5.5.2. */
const MAPPED_FIRST = ipaddr.parse('::ffff:0:0').toByteArray();
const MAPPED_PREFIX = 96;

/** Two networks overlap if they agree in the shorter prefix. */
function overlapsMapped(address: readonly number[], prefix: number): boolean {
  const common = Math.min(prefix, MAPPED_PREFIX);
  return firstAddress(address, common).join() === firstAddress(MAPPED_FIRST, common).join();
}

/** The address with all bits behind the prefix cleared. */
function firstAddress(address: readonly number[], prefix: number): number[] {
  return address.map((byte, index) => byte & (0xff << (8 - Math.min(8, Math.max(0, prefix - index * 8)))) & 0xff);
}

function refuse(value: string, why: string, instead: string): never {
  throw new TypeError(`${value}: ${why}. ${instead}.`);
}
