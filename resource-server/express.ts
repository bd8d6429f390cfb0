import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessToken } from './access-token';
import type { Requirement, ResourceServer } from './resource-server';

/** A handler for Express, Connect or Node's own server. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

const tokens = new WeakMap<IncomingMessage, AccessToken>();

/**
 * Lets a request through to the next handler if it meets the requirement, else answers it:
 * `app.post('/payments', protect(server, { acr: 'gold', maxAge: 300, amr: ['otp'] }), pay)`.
 *
 * The peer is that of the socket, whatever Express's own "trust proxy" says. If Keycloak's keys can't be had, `next` gets
 * an error with status 503.
 *
 * @throws TypeError as {@link ResourceServer.requires} does
 */
export function protect(server: ResourceServer, requirement: Requirement): Middleware {
  const guard = server.requires(requirement);
  return (request, response, next) => {
    const { authorization, 'x-forwarded-for': forwarded, dpop } = request.headers;
    guard({
      authorization,
      dpop: joined(dpop),
      forwardedFor: joined(forwarded),
      method: request.method,
      target: targetOf(request),
      remoteAddress: request.socket.remoteAddress,
    }).then((verdict) => {
      if (verdict.granted) {
        tokens.set(request, verdict.token);
        next();
        return;
      }
      response.writeHead(verdict.status, { 'Content-Type': 'application/json', ...verdict.headers });
      response.end(JSON.stringify(verdict.body));
    }, next);
  };
}

function joined(lines: string | string[] | undefined): string | undefined {
  return Array.isArray(lines) ? lines.join() : lines;
}

/** Express and Connect cut the path of a mounted router off the URL, and keep the whole one here. */
function targetOf(request: IncomingMessage & { originalUrl?: string }): string | undefined {
  return request.originalUrl ?? request.url;
}

/**
 * The verified token of a request that {@link protect} let through.
 * @throws Error for any other request
 */
export function accessTokenOf(request: IncomingMessage): AccessToken {
  const token = tokens.get(request);
  if (token === undefined) throw new Error(`${request.method} ${request.url} was not let through by protect()`);
  return token;
}
