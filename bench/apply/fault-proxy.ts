import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** What happens to one changing request (POST, PUT or DELETE of the Admin REST API) of an apply. */
export interface Fault {
  /** Which one it happens to, from 1. */
  readonly at: number;
  /** Before Keycloak sees it, or when Keycloak has done it and its answer is on the way. */
  readonly when: 'before' | 'after';
  /** What is done then, such as ending a process. @default nothing */
  readonly act?: () => void | Promise<void>;
  /** What the provider gets: no answer (the connection is reset), or a 503 of a load balancer. @default 'nothing' */
  readonly answer?: 'nothing' | '503';
}

/** An HTTP proxy before Keycloak that breaks off one request, and tells what went through it. */
export interface FaultProxy {
  readonly url: string;
  /** Counts anew, and breaks the request that the fault names; without a fault it only passes on. */
  arm(fault?: Fault): void;
  /** Changing requests since it was armed, as `PUT /admin/realms/…`; with one that was refused. */
  readonly changes: readonly string[];
  /** Whether the fault has come about. */
  readonly struck: boolean;
  /** Settles when what the fault does is done. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** @param target base URL of Keycloak */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  let fault: Fault | undefined;
  let changes: string[] = [];
  let struck = false;
  let acting: Promise<void> = Promise.resolve();

  const strike = async ({ act, answer = 'nothing' }: Fault, response: ServerResponse): Promise<void> => {
    struck = true;
    acting = Promise.resolve(act?.());
    await acting;
    if (answer === 'nothing') {
      response.socket?.destroy();
    } else {
      response.writeHead(503, { 'content-type': 'text/html', connection: 'close' });
      response.end('<html><body>Service Unavailable</body></html>');
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = request;
    const body = await collect(request);
    let hit: Fault | undefined;
    if (method !== 'GET' && url.startsWith('/admin/')) {
      changes.push(`${method} ${url}`);
      if (fault?.at === changes.length) hit = fault;
    }
    if (hit?.when === 'before') return strike(hit, response);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const upstream = httpRequest({ hostname, port, method, path: url, headers }, resolve);
      upstream.once('error', reject);
      upstream.end(body);
    });
    const answered = await collect(answer);
    if (hit) return strike(hit, response);
    response.writeHead(answer.statusCode ?? 502, withoutFraming(answer.rawHeaders));
    response.end(answered);
  };

  const server = createServer((request, response) => {
    // Keycloak is gone, or went in the middle of an answer: to its client that is a connection that ends.
    handle(request, response).catch(() => response.socket?.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    arm: (next) => {
      fault = next;
      changes = [];
      struck = false;
    },
    get changes() {
      return changes;
    },
    get struck() {
      return struck;
    },
    settled: () => acting,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function collect(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The body is sent on whole, so what said how it was cut goes. */
function withoutFraming(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!/^(transfer-encoding|connection|keep-alive)$/i.test(name)) kept.push(name, value);
  }
  return kept;
}
