import type { Network, NetworkRule } from '../../resource-server/networks';

/**
 * A regular expression, in the dialect of Java and of JavaScript alike, that matches exactly the addresses of a network rule
 * when it is matched against a whole string.
 *
 * - IPv4: dotted decimal without leading zeros, also as an IPv4-mapped IPv6 address (`::ffff:10.1.2.3`), which is what a proxy
 *   that listens on IPv6 writes of an IPv4 client.
 * - IPv6: every hexadecimal form of RFC 4291, section 2.2, so the canonical one of RFC 5952 too: either case, leading zeros,
 *   any one run of zero groups as `::`.
 *
 * Whatever else an address can be written as (with a port, in brackets, with a zone id, octal, IPv6 ending in dotted decimal)
 * is not matched, nor is a list of addresses.
 */
export function addressPattern({ networks }: NetworkRule): string {
  return alternatives(networks.map((network) => (network.version === 4 ? ipv4Pattern(network) : ipv6Pattern(network))));
}

const ANY_OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';

function ipv4Pattern({ address, prefix }: Network): string {
  const octets = address.map((first, index) => {
    const free = 2 ** (8 - bitsOf(prefix, index * 8, 8)) - 1;
    return decimals(first, first + free);
  });
  return `(?:::[fF]{4}:)?${octets.join('\\.')}`;
}

/** The numbers from `first` to `last`, a subset of an octet, without leading zeros. */
function decimals(first: number, last: number): string {
  if (first === 0 && last === 255) return ANY_OCTET;
  const parts: string[] = [];
  for (let tens = Math.floor(first / 10); tens <= Math.floor(last / 10); tens++) {
    const from = Math.max(first - tens * 10, 0);
    const to = Math.min(last - tens * 10, 9);
    parts.push(`${tens === 0 ? '' : tens}${from === to ? from : `[${from}-${to}]`}`);
  }
  return alternatives(parts);
}

/** What a group of four hexadecimal digits may be. */
interface Group {
  readonly pattern: string;
  /** Whether it may be part of the run of zeros that `::` stands for. */
  readonly canBeZero: boolean;
}

function ipv6Pattern({ address, prefix }: Network): string {
  const groups = Array.from({ length: 8 }, (_, index): Group => {
    const value = ((address[index * 2] as number) << 8) | (address[index * 2 + 1] as number);
    return { pattern: groupPattern(value, bitsOf(prefix, index * 16, 16)), canBeZero: value === 0 };
  });
  const written = groups.map(({ pattern }) => pattern);
  return alternatives([written.join(':'), ...groups.flatMap((_, start) => compressed(groups, start))]);
}

/** The forms whose `::` begins at group `start`: it ends anywhere in the run of groups that can be zero. */
function compressed(groups: readonly Group[], start: number): string[] {
  const runEnd = groups.findIndex(({ canBeZero }, index) => index >= start && !canBeZero);
  if (runEnd === start) return [];
  const written = groups.map(({ pattern }) => pattern);
  const left = written.slice(0, start).join(':');
  if (runEnd > start) {
    const optional = nested(written.slice(start + 1, runEnd), ':');
    return [`${left}::${optional}${written.slice(runEnd).join(':')}`];
  }
  const last = written.at(-1);
  return [`${left}::${start === 7 ? '' : `(?:${nested(written.slice(start + 1, -1), ':')}${last})?`}`];
}

/** Any number of the last of `parts`, in order, each followed by `separator`. */
function nested(parts: readonly string[], separator: string): string {
  return parts.reduce((inner, part) => {
    const optional = `${inner}${part}${separator}`;
    return optional.length === 1 ? `${optional}?` : `(?:${optional})?`;
  }, '');
}

/** A group whose first `fixed` bits are those of `value`; the others are free. */
function groupPattern(value: number, fixed: number): string {
  if (fixed === 0) return '[0-9a-fA-F]{1,4}';
  const digits = [0, 1, 2, 3].map((index) => {
    const first = (value >> (12 - index * 4)) & 0xf;
    const free = 2 ** (4 - bitsOf(fixed, index * 4, 4)) - 1;
    return { pattern: hexadecimals(first, first + free), canBeZero: first === 0 };
  });
  const significant = digits.findIndex(({ canBeZero }, index) => !canBeZero || index === 3);
  const leading = digits.slice(0, significant).map(({ pattern }) => pattern);
  const rest = digits.slice(significant).map(({ pattern }) => pattern);
  return `${nested(leading, '')}${rest.join('')}`;
}

function hexadecimals(first: number, last: number): string {
  const digits = '0123456789abcdef'.slice(first, last + 1);
  const written = [...new Set(digits + digits.toUpperCase())].join('');
  return written.length === 1 ? written : `[${written}]`;
}

/** How many of the `length` bits from `start` are inside the prefix. */
function bitsOf(prefix: number, start: number, length: number): number {
  return Math.min(length, Math.max(0, prefix - start));
}

function alternatives(patterns: readonly string[]): string {
  return patterns.length === 1 ? (patterns[0] as string) : `(?:${patterns.join('|')})`;
}
