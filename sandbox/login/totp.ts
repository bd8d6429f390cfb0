import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';

/** How Keycloak checks a code; the defaults are those of a new realm. */
export interface TotpOptions {
  /** Length of a code. @default 6 */
  readonly digits?: number;
  /** Seconds that a code counts. @default 30 */
  readonly period?: number;
  /** @default 'SHA1' */
  readonly algorithm?: 'SHA1' | 'SHA256' | 'SHA512';
  /** Periods before and after the current one whose codes the realm takes as well (OTP policy). @default 1 */
  readonly lookAround?: number;
}

/**
 * An authenticator app with one secret. Keycloak takes a code once only (unless the realm's OTP policy says otherwise), so the
 * app gives out the unused codes of the realm's look-around window before it waits for a new one.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_otp_policies and RFC 6238
 */
export class TotpDevice {
  readonly options: Required<TotpOptions>;
  private readonly totp: TOTP;
  private readonly used = new Set<number>();

  /**
   * @param secret the characters whose UTF-8 bytes are the key, as Keycloak stores them
   */
  constructor(
    readonly secret: string,
    options: TotpOptions = {},
  ) {
    this.options = { digits: 6, period: 30, algorithm: 'SHA1', lookAround: 1, ...options };
    this.totp = new TOTP({ ...this.options, secret: Secret.fromUTF8(secret) });
  }

  /** A code that the realm takes and that was not given out before; waits for the next period if all of them were. */
  async next(): Promise<string> {
    for (;;) {
      const now = this.counter();
      // The past ones come last: they fall out of the window when the period ends, perhaps while the code is on its way.
      for (const step of this.window()) {
        if (this.used.has(now + step)) continue;
        this.used.add(now + step);
        return this.codeAt(now + step);
      }
      await sleep(this.totp.remaining() + 100);
    }
  }

  /** The code that an app displays now, whether it was used or not. */
  now(): string {
    return this.codeAt(this.counter());
  }

  /** A code that was right once and has left the window. */
  expired(): string {
    const valid = this.validCodes();
    for (let past = this.options.lookAround + 2; ; past++) {
      const code = this.codeAt(this.counter() - past);
      if (!valid.has(code)) return code;
    }
  }

  /** A code of the right form that is none of the window's, nor of its neighbours'. */
  wrong(): string {
    const valid = this.validCodes();
    for (;;) {
      const code = String(randomInt(10 ** this.options.digits)).padStart(this.options.digits, '0');
      if (!valid.has(code)) return code;
    }
  }

  /** The otpauth URI that an authenticator app takes. It holds the secret. */
  uri(issuer: string, label: string): string {
    return new TOTP({ ...this.options, secret: Secret.fromUTF8(this.secret), issuer, label }).toString();
  }

  private window(): number[] {
    const steps = [0];
    for (let step = 1; step <= this.options.lookAround; step++) steps.push(step);
    for (let step = 1; step <= this.options.lookAround; step++) steps.push(-step);
    return steps;
  }

  private validCodes(): Set<string> {
    const now = this.counter();
    const reach = this.options.lookAround + 1;
    return new Set(Array.from({ length: 2 * reach + 1 }, (_, index) => this.codeAt(now - reach + index)));
  }

  private counter(): number {
    return this.totp.counter();
  }

  private codeAt(counter: number): string {
    return this.totp.generate({ timestamp: counter * this.options.period * 1000 });
  }
}
