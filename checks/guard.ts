import type { Goal } from '../model';

/** Something that must not be had for less than the proof of a level. */
export interface Guard {
  readonly goal: Goal;
  /** The client whose tokens it is about; of a `token`, the guarded one. @default every client */
  readonly clientId?: string;
  /** The acr name of the level. */
  readonly level: string;
}

/** A guard that can't be read. The message is for the user. */
export class GuardError extends Error {
  override readonly name = 'GuardError';
}

const KINDS = ['acr', 'scope', 'client', 'role', 'action'] as const;

/**
 * Reads a guard as the command line and files write it: `scope:payments=gold`, `client:admin=gold`, `role:auditor=gold`,
 * `action:CONFIGURE_TOTP=gold`.
 *
 * @throws GuardError if it is nothing of that
 */
export function parseGuard(text: string): Guard {
  const [, kind, name, level] = /^([a-z]+):(.+)=([^=]+)$/.exec(text) ?? [];
  if (name === undefined || level === undefined || !KINDS.some((each) => each === kind)) {
    throw new GuardError(
      `Guard "${text}": write KIND:NAME=LEVEL, for example scope:payments=gold; KIND is one of ${KINDS.join(', ')}`,
    );
  }
  if (kind === 'client') return { goal: { kind: 'token' }, clientId: name, level };
  return { goal: { kind: kind as 'acr' | 'scope' | 'role' | 'action', name }, level };
}

/** A guard in words. */
export function guardText({ goal, clientId }: Omit<Guard, 'level'>): string {
  const of = clientId === undefined ? '' : ` of client "${clientId}"`;
  switch (goal.kind) {
    case 'token':
      return `a token${of}`;
    case 'acr':
      return `acr "${goal.name}"${of}`;
    case 'scope':
      return `scope "${goal.name}"${of}`;
    case 'role':
      return `role "${goal.name}"${of}`;
    case 'action':
      return `the action ${goal.name}`;
  }
}
