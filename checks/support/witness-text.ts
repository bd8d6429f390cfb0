import type { Way } from '../../model';

/** What the attacker does, step by step, in one text. */
export function witnessText({ witness }: Way): string {
  const steps = witness.map(({ does, clientId, pages = [] }) =>
    [`${does}${clientId ? ` ${clientId}` : ''}`, ...pages].join(': '),
  );
  return `${steps.join('. ')}.`;
}
