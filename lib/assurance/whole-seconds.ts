import type { IConstruct } from 'constructs';
import { insist } from '../support/configuration-error';
import type { Duration } from './duration';

/** Keycloak keeps ages and lifespans as 32-bit numbers. */
const MOST = 2_147_483_647;

export interface WholeSeconds {
  /** The fewest seconds that make sense. */
  readonly least: 0 | 1;
  /** What to write instead. */
  readonly instead: string;
}

/**
 * The seconds of a duration that a construct was given.
 *
 * @throws ConfigurationError at `scope` on what is no `Duration`, on fractions and on what is too little or too much
 */
export function wholeSeconds(
  scope: IConstruct,
  prop: string,
  duration: Duration,
  { least, instead }: WholeSeconds,
): number {
  insist(scope, typeof duration?.toSeconds === 'function', () => ({
    value: `${prop} ${JSON.stringify(duration)}`,
    why: 'it is no Duration, and a bare number does not say its unit',
    instead,
  }));
  const seconds = duration.toSeconds();
  insist(scope, Number.isInteger(seconds) && seconds >= least && seconds <= MOST, () => ({
    value: `${prop} of ${seconds} seconds`,
    why: `Keycloak counts it in whole seconds from ${least}`,
    instead,
  }));
  return seconds;
}
