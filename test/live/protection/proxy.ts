import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** Name of the header in which {@link startProxy} tells the address of its peer. */
export const CLIENT_ADDRESS = 'X-Client-Address';

/** A reverse proxy in front of Keycloak. */
export interface ReverseProxy {
  readonly url: string;
  stop(): void;
}

/**
 * Starts a proxy that tells Keycloak the address of its peer.
 *
 * @param mode `replace` is how it should be; `append` leaves what the client sent, and adds a line of its own
 */
export async function startProxy(keycloak: string, mode: 'replace' | 'append'): Promise<ReverseProxy> {
  const server = createServer((incoming, outgoing) => {
    const sent = pairs(incoming.rawHeaders);
    const kept =
      mode === 'append' ? sent : sent.filter(([name]) => name.toLowerCase() !== CLIENT_ADDRESS.toLowerCase());
    const headers = [...kept, [CLIENT_ADDRESS, incoming.socket.remoteAddress ?? '']].flat();
    const forwarded = request(
      new URL(incoming.url ?? '/', keycloak),
      { method: incoming.method, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    forwarded.once('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await listening(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** `fetch` from an address of this machine, with headers of the client's own. For strings and form data as body. */
export function fetchFrom(localAddress: string, own: Readonly<Record<string, string>> = {}): typeof fetch {
  return async (input, init = {}) => {
    const { url, method, headers, body } = { url: String(input), method: 'GET', ...init };
    const text = body === undefined || body === null ? undefined : String(body);
    const all = Object.fromEntries(new Headers(headers ?? {}));
    if (body instanceof URLSearchParams) all['content-type'] ??= 'application/x-www-form-urlencoded';
    return new Promise<Response>((resolve, reject) => {
      const call = request(url, { method, localAddress, headers: { ...all, ...own }, agent: false }, (answer) => {
        const status = answer.statusCode ?? 500;
        const empty = status === 204 || status === 304;
        const response = new Response(empty ? null : (Readable.toWeb(answer) as ReadableStream), {
          status,
          headers: pairs(answer.rawHeaders),
        });
        // The cookie jar reads it.
        resolve(Object.defineProperty(response, 'url', { value: url }));
      });
      call.once('error', reject).end(text);
    });
  };
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] as string]] : []));
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}
