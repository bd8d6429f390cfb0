import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from 'cheerio';

const PATIENCE_MS = 20_000;

/** A mail as it came in: whom it is for, and its text. */
interface Mail {
  readonly to: string;
  readonly text: string;
}

/** The mail server of a realm under test: it takes every mail, on the loopback interface alone, and keeps it in memory. */
export interface Mailbox {
  /** What Keycloak is told of it: `smtpServer` of the realm. */
  smtpServer(): { host: string; port: string; from: string };
  /**
   * The link of the next mail to this address. A mail's link is read once.
   * @throws Error if none comes
   */
  link(address: string): Promise<URL>;
  /** Whether a mail to this address is there, now. */
  has(address: string): boolean;
}

/** Opens a mailbox for the tests of this block. */
export function withMailbox(): Mailbox {
  const mails: Mail[] = [];
  let server: Server | undefined;
  let port = 0;
  beforeAll(async () => {
    server = createServer((socket) => receive(socket, (mail) => mails.push(mail)));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  afterAll(() => new Promise<void>((resolve) => void server?.close(() => resolve())));
  const take = (to: string) => {
    const index = mails.findIndex((mail) => mail.to === to);
    return index < 0 ? undefined : mails.splice(index, 1)[0];
  };
  return {
    smtpServer: () => ({ host: '127.0.0.1', port: String(port), from: 'keycloak@sandbox.invalid' }),
    has: (to) => mails.some((mail) => mail.to === to),
    async link(address) {
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) {
        const mail = take(address);
        const link = mail && /https?:\/\/\S+action-token\S+|https?:\/\/\S+registrations\S+/.exec(mail.text)?.[0];
        if (mail && !link) throw new Error(`The mail to ${address} has no link:\n${mail.text}`);
        if (link) return new URL(load(link).text());
      }
      throw new Error(`No mail to ${address} came within ${PATIENCE_MS / 1000} seconds`);
    },
  };
}

/** One connection. As much of RFC 5321 as a client needs that sends one mail after another. */
function receive(socket: Socket, keep: (mail: Mail) => void): void {
  let buffer = '';
  let to = '';
  let body: string[] | undefined;
  const say = (line: string) => socket.write(`${line}\r\n`);
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const lines = (buffer + chunk).split('\r\n');
    buffer = lines.pop() ?? '';
    for (const line of lines) {
      if (body) {
        if (line !== '.') {
          body.push(line);
          continue;
        }
        keep({ to, text: plainText(body.join('\n')) });
        body = undefined;
        say('250 taken');
      } else if (/^RCPT TO:/i.test(line)) {
        to = /<(.*)>/.exec(line)?.[1] ?? '';
        say('250 fine');
      } else if (/^DATA/i.test(line)) {
        body = [];
        say('354 go on');
      } else if (/^QUIT/i.test(line)) {
        say('221 bye');
        socket.end();
      } else say('250 fine');
    }
  });
  say('220 sandbox');
}

/** The plain part of a mail, with its quoted-printable undone. */
function plainText(mail: string): string {
  return mail
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
