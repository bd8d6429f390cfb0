import { type Factor, singleFactors } from './factor';

/** Whether one way to prove the factor is a password and nothing else. */
export function passwordSuffices(factor: Factor): boolean {
  if (factor.kind === 'single') return factor.credentialType === 'password';
  return factor.kind === 'anyOf' ? factor.factors.some(passwordSuffices) : factor.factors.every(passwordSuffices);
}

/** Whether no way to prove the factor comes past a password. */
function alwaysTakesPassword(factor: Factor): boolean {
  if (factor.kind === 'single') return factor.credentialType === 'password';
  return factor.kind === 'anyOf' ? factor.factors.every(alwaysTakesPassword) : factor.factors.some(alwaysTakesPassword);
}

/** The level that a password proves on top of the lowest, if there is one: the lowest is had without a password, this one by it. */
export function levelOfAddedPassword<T extends { readonly provedBy: Factor }>(levels: readonly T[]): T | undefined {
  const [lowest, ...higher] = levels;
  if (lowest === undefined || alwaysTakesPassword(lowest.provedBy)) return undefined;
  return higher.find(({ provedBy }) =>
    singleFactors(provedBy).some(({ credentialType }) => credentialType === 'password'),
  );
}
