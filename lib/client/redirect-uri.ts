import type { IConstruct } from 'constructs';
import { insist } from '../support/configuration-error';
import { isKnown } from '../support/known';

/** With a host where the scheme has one; relative to the client's root URL without a scheme. */
const WILDCARD = /^(https?:\/\/[^/?#*]+|(?!https?:)[a-z][a-z0-9+.-]*:(\/\/[^/?#*]+)?)?\/(?!\/)[^?#*]*\*$/i;

/**
 * Checks that there is a redirect URI, and that none is so wide that a login could return to anybody's host. Keycloak takes
 * a star at the end as "whatever follows"; anywhere else it stands for itself.
 *
 * Source: RFC 9700, section 2.1; Keycloak's `RedirectUtils`.
 *
 * @throws ConfigurationError at `client`
 */
export function insistOnRedirectUris(client: IConstruct, uris: readonly string[]): void {
  insist(client, (uris?.length ?? 0) > 0, () => ({
    value: 'validRedirectUris []',
    why: 'a login must have somewhere to return to',
    instead: 'Give at least one exact URI',
  }));
  for (const uri of uris) {
    if (!isKnown(uri)) continue;
    const value = `validRedirectUris ${JSON.stringify(uri)}`;
    const instead = 'Give the exact URI, for example "https://shop.example.com/callback"';
    insist(client, typeof uri === 'string' && /^\S+$/.test(uri), () => ({
      value,
      why: 'it is no URI, so no login could return to it',
      instead,
    }));
    insist(client, !uri.includes('*') || WILDCARD.test(uri), () => ({
      value,
      why: 'a star that is not the end of a path after the host lets a login return to any host, or nowhere',
      instead: `${instead}, or a star at the end of its path, "https://shop.example.com/*"`,
    }));
  }
}
