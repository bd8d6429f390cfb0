import type { Problem } from '../support/configuration-error';

/** A request header and the value that Keycloak looks for in it. */
export interface HeaderValue {
  readonly header: string;
  readonly value: string | RegExp;
}

const HEADER = /^[A-Za-z][A-Za-z0-9-]*$/;

/** Headers in which proxies tell addresses: lists of them, or one that can be written in many ways. */
const OF_ADDRESSES = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/** Why the name of a header can't be one, if so. */
export function nameProblem(header: string, example: string): Problem | undefined {
  if (typeof header === 'string' && HEADER.test(header)) return undefined;
  return {
    value: `header ${JSON.stringify(header)}`,
    why: 'it is no name of a header',
    instead: `Name the header that your proxy sets, for example "${example}"`,
  };
}

/** Why Keycloak can't tell anything by the header and value, if so. */
export function headerProblem({ header, value }: HeaderValue, example: string): Problem | undefined {
  const unnamed = nameProblem(header, example);
  if (unnamed) return unnamed;
  if (OF_ADDRESSES.includes(header.toLowerCase())) {
    return {
      value: `header "${header}"`,
      why: 'it tells addresses, of which a pattern on text matches too many: one in a list, or one that only begins alike',
      instead: 'Write otpUnlessFrom with the networks, and a header of your proxy that tells one address',
    };
  }
  if (typeof value === 'string' ? value === '' : !(value instanceof RegExp)) {
    return {
      value: `value ${JSON.stringify(value)}`,
      why: 'it is neither the text to look for nor a regular expression',
      instead: 'Write the exact value that your proxy sends',
    };
  }
  if (typeof value !== 'string' && value.flags !== '') {
    return {
      value: `value ${value}`,
      why: 'Keycloak takes a Java regular expression without flags',
      instead: 'Leave the flags out, and write [Yy]es for /yes/i',
    };
  }
  return undefined;
}

/** The value as a group of a regular expression, in the dialect of Java and of JavaScript alike. */
export function valuePattern({ value }: HeaderValue): string {
  return `(?:${typeof value === 'string' ? value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&') : value.source})`;
}
