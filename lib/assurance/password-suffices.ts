import type { Factor } from './factor';

/** Whether one way to prove the factor is a password and nothing else. */
export function passwordSuffices(factor: Factor): boolean {
  if (factor.kind === 'single') return factor.credentialType === 'password';
  return factor.kind === 'anyOf' ? factor.factors.some(passwordSuffices) : factor.factors.every(passwordSuffices);
}

/** Whether no way to prove the factor comes past a password. */
export function alwaysTakesPassword(factor: Factor): boolean {
  if (factor.kind === 'single') return factor.credentialType === 'password';
  return factor.kind === 'anyOf' ? factor.factors.every(alwaysTakesPassword) : factor.factors.some(alwaysTakesPassword);
}
