import type { Actor, SimulatedUser } from './types';

/** Someone who gives what the account and the client have, does what is due, consents, and goes away when asked for anything else. */
export function honestOwner(user: SimulatedUser): Actor {
  const owned = new Set<string>(['username', 'client-secret', 'authentication-device', ...user.credentials]);
  return (page) => {
    if (page.kind !== 'form') return { give: 0 };
    const set = page.accepts.findIndex((proofs) =>
      proofs.every((proof) => owned.has(proof) || /^(identity-provider|step):/.test(proof)),
    );
    return set >= 0 ? { give: set } : { stop: true };
  };
}
