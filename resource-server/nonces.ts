import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Values that a client must put into its proofs, so that none can be made in advance (RFC 9449, section 9). */
export interface Nonces {
  /** The value for the next proofs. */
  issue(): string;
  /** Whether it was issued, and not too long ago. */
  accepts(nonce: string): boolean;
}

/**
 * Nonces that need no memory: the time, authenticated by a key.
 *
 * @param lifetime seconds that a nonce is good for
 * @param key of 32 bytes at least, the same in all processes that serve one API
 * @throws TypeError on a lifetime that is no whole number from 1, and on a short key
 */
export function rollingNonces(lifetime = 300, key: Uint8Array = randomBytes(32)): Nonces {
  if (!Number.isInteger(lifetime) || lifetime < 1) {
    throw new TypeError(`lifetime ${lifetime}: no nonce would be good. Write whole seconds from 1.`);
  }
  if (key.length < 32) {
    throw new TypeError(`key of ${key.length} bytes: it can be guessed. Write 32 random bytes or more.`);
  }
  const sign = (time: string) => createHmac('sha256', key).update(time).digest('base64url');
  return {
    issue() {
      const time = String(Math.floor(Date.now() / 1000));
      return `${time}.${sign(time)}`;
    },
    accepts(nonce) {
      const [time = '', signature = ''] = nonce.split('.');
      const [given, right] = [Buffer.from(signature), Buffer.from(sign(time))];
      if (given.length !== right.length || !timingSafeEqual(given, right)) return false;
      return Math.floor(Date.now() / 1000) - Number(time) <= lifetime;
    },
  };
}
