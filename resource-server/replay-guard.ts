/** Remembers the proofs that were used, so that none is used twice (RFC 9449, section 11.1). */
export interface ReplayGuard {
  /**
   * Notes that a proof is used.
   *
   * @param id of the key and the `jti`; 43 characters
   * @param until milliseconds since 1970 at which the proof is too old anyway, so that it may be forgotten
   * @returns whether this is the first use. Of two calls at the same time, at most one may be told so.
   */
  firstUse(id: string, until: number): boolean | Promise<boolean>;
}

/**
 * Remembers in this process. Where several processes serve one API, a proof is good once in each: give them a guard that they
 * share, for example Redis's `SET id 1 NX PXAT until`.
 *
 * @param capacity most proofs that are remembered at a time; beyond it every proof counts as used, as forgetting one would let it
 * be used again. The default holds 1,500 requests a second of the default lifetime, in some 20 MB.
 */
export function inMemoryReplayGuard(capacity = 100_000): ReplayGuard {
  const used = new Map<string, number>();
  return {
    firstUse(id, until) {
      const now = Date.now();
      // A map keeps the order of insertion, which is about that of the ends.
      for (const [oldest, end] of used) {
        if (end > now) break;
        used.delete(oldest);
      }
      if (used.has(id) || used.size >= capacity) return false;
      used.set(id, until);
      return true;
    },
  };
}
