import { request } from 'node:https';
import type { Certificate } from './authority';

export interface TlsIdentity {
  /** The authority that the server's certificate is checked against, PEM. */
  readonly trusted: string;
  /** What is shown to a server that asks for a certificate. @default none */
  readonly client?: Certificate;
}

/**
 * A `fetch` over TLS with a client certificate, as far as a login needs it: text bodies, and redirects that are left to the
 * caller. Node's own `fetch` takes a certificate by its undici package alone, which Node does not export.
 */
export function tlsFetch({ trusted, client }: TlsIdentity): typeof fetch {
  return async (input, init) => {
    const wanted = new Request(input, init);
    const body = await wanted.text();
    return new Promise<Response>((resolve, reject) => {
      const sent = request(
        wanted.url,
        {
          method: wanted.method,
          headers: Object.fromEntries(wanted.headers),
          ca: trusted,
          ...client,
          // A kept connection would carry one login's certificate into the next.
          agent: false,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            const headers = new Headers();
            for (const [name, values] of Object.entries(response.headersDistinct)) {
              for (const value of values ?? []) headers.append(name, value);
            }
            const { statusCode: status = 500 } = response;
            const empty = status === 204 || status === 304;
            const answer = new Response(empty ? null : Buffer.concat(chunks), { status, headers });
            // A response that is made by hand has no address, and the cookie jar asks for it.
            resolve(Object.defineProperty(answer, 'url', { value: wanted.url }));
          });
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  };
}
