import type { Factor } from './factor';

/** Whether one way to prove the factor is a password and nothing else. */
export function passwordSuffices(factor: Factor): boolean {
  if (factor.kind === 'single') return factor.credentialType === 'password';
  return factor.kind === 'anyOf' ? factor.factors.some(passwordSuffices) : factor.factors.every(passwordSuffices);
}
