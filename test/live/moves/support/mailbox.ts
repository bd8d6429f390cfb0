import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const POLLS = 100;
const POLL_MS = 100;

/** A mail server that takes every mail, so that a test can open the links in it. */
export class Mailbox {
  private readonly mails: string[] = [];
  private readonly server: Server = createServer((socket) => this.talk(socket));

  /** Of the realm representation's `smtpServer`. */
  settings: Record<string, string> = {};

  async open(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The mail server has no port');
    this.settings = { host: '127.0.0.1', port: String(address.port), from: 'keycloak@moves.invalid' };
  }

  close(): void {
    this.server.close();
  }

  /** The link in the newest mail to an address; waits for it. */
  async linkTo(address: string): Promise<URL> {
    for (let poll = 0; poll < POLLS; poll++) {
      const link = this.newestLinkTo(address);
      if (link) return link;
      await sleep(POLL_MS);
    }
    throw new Error(`No mail came to ${address}`);
  }

  /** The link in the newest mail to an address that is there by now; each is taken once. */
  newestLinkTo(address: string): URL | undefined {
    const index = this.mails.findLastIndex((mail) => mail.includes(`To: ${address}`));
    const [mail] = index < 0 ? [] : this.mails.splice(index, 1);
    const link = /https?:\/\/\S+action-token\S+/.exec(mail ?? '')?.[0];
    return link === undefined ? undefined : new URL(link);
  }

  private talk(socket: Socket): void {
    let buffer = '';
    let mail: string | undefined;
    const say = (line: string) => socket.write(`${line}\r\n`);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      buffer += chunk.toString();
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (mail === undefined) {
          if (/^DATA/i.test(line)) {
            mail = '';
            say('354 go on');
          } else if (/^QUIT/i.test(line)) {
            say('221 bye');
            socket.end();
          } else say('250 ok');
        } else if (line === '.') {
          this.mails.push(decoded(mail));
          mail = undefined;
          say('250 ok');
        } else mail += `${line}\n`;
      }
    });
    say('220 mailbox');
  }
}

/** Mails come in quoted-printable: soft line breaks and escaped characters. */
function decoded(mail: string): string {
  return mail
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll('&amp;', '&');
}
