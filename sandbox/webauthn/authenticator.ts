import type { CDPSession, Page } from 'playwright-core';

/** A credential of a virtual authenticator, with its private key. Source: Chrome DevTools Protocol, domain WebAuthn. */
export type Credential = Awaited<ReturnType<VirtualAuthenticator['credentials']>>[number];

export interface AuthenticatorOptions {
  /** Whether it can check who uses it, and does. @default true */
  readonly verifiesUser?: boolean;
  /** Credentials that it holds from the start. @default none */
  readonly credentials?: readonly Credential[];
}

/** A security key in software, plugged into one page, whose owner touches it whenever it is asked for. */
export class VirtualAuthenticator {
  private constructor(
    private readonly session: CDPSession,
    private readonly authenticatorId: string,
  ) {}

  static async plugInto(page: Page, options: AuthenticatorOptions = {}): Promise<VirtualAuthenticator> {
    const verifies = options.verifiesUser ?? true;
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'usb',
        hasResidentKey: true,
        hasUserVerification: verifies,
        isUserVerified: verifies,
        automaticPresenceSimulation: true,
      },
    });
    for (const credential of options.credentials ?? []) {
      await session.send('WebAuthn.addCredential', { authenticatorId, credential });
    }
    return new VirtualAuthenticator(session, authenticatorId);
  }

  /** What it holds, to plug the same key into another browser. */
  async credentials() {
    const { credentials } = await this.session.send('WebAuthn.getCredentials', {
      authenticatorId: this.authenticatorId,
    });
    return credentials;
  }
}
