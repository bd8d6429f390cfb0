import type { IConstruct } from 'constructs';
import { insist } from '../support/configuration-error';

const SEGMENT = /^([A-Za-z0-9._~!$&'()+,;=:@%-]+|\{[A-Za-z0-9_]+\})$/;

/**
 * Checks that Keycloak's path matcher reads a path as its writer means it: exact (`/orders`), with a part that differs
 * (`/orders/{id}/items`), everything below and the path itself (`/orders/*`), or everything with an extension (`/*.pdf`).
 *
 * Source: Authorization Services Guide, "Policy enforcers".
 *
 * @throws ConfigurationError at `scope`
 */
export function insistOnPath(scope: IConstruct, resource: string, path: string): void {
  const segments = typeof path === 'string' && path.startsWith('/') ? path.slice(1).split('/') : undefined;
  const last = segments?.pop();
  const sound =
    segments !== undefined &&
    last !== undefined &&
    segments.every((segment) => isPlain(segment)) &&
    (isPlain(last) || last === '*' || /^\*\.[A-Za-z0-9]+$/.test(last) || path === '/');
  insist(scope, sound, () => ({
    value: `path ${JSON.stringify(path)} of resource "${resource}"`,
    why: 'a path begins with a slash, has no empty part, query or "..", and a star only as its last part',
    instead: 'Write for example "/orders", "/orders/*", "/orders/{id}/items" or "/*.pdf"',
  }));
}

function isPlain(segment: string): boolean {
  return SEGMENT.test(segment) && segment !== '.' && segment !== '..';
}
