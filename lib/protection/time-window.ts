import type { IConstruct } from 'constructs';
import { insist } from '../support/configuration-error';

/** First and last value of a span, both included: `{ from: 9, to: 16 }` as hours is 9:00:00 to 16:59:59. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * A window of time, all of whose parts must hold, on the clock and in the time zone of the Keycloak server.
 * Source: Authorization Services Guide, "Time-based policy".
 */
export interface TimeWindow {
  /** `YYYY-MM-DD hh:mm:ss`. @default no beginning */
  readonly notBefore?: string;
  /** `YYYY-MM-DD hh:mm:ss`. @default no end */
  readonly notOnOrAfter?: string;
  /** Days of the month, 1 to 31. @default all */
  readonly dayMonth?: Span;
  /** Months, 1 to 12. @default all */
  readonly month?: Span;
  /** Years. @default all */
  readonly year?: Span;
  /** Hours of the day, 0 to 23. @default all */
  readonly hour?: Span;
  /** Minutes of each hour, 0 to 59. @default all */
  readonly minute?: Span;
}

const LIMITS = { dayMonth: [1, 31], month: [1, 12], year: [1970, 9999], hour: [0, 23], minute: [0, 59] } as const;
/** The attributes of the provider's time policy. */
export type TimeConfig = Readonly<Record<string, string>>;

/** The provider sends what is left out as empty text, and Keycloak refuses to read that as a time: nothing is left out. */
const ALWAYS = { notBefore: '1970-01-01 00:00:00', notOnOrAfter: '9999-12-31 23:59:59' };
type Part = keyof typeof LIMITS;
const PARTS = Object.keys(LIMITS) as Part[];

/**
 * The window as the provider takes it, with all parts written out.
 *
 * @throws ConfigurationError at `scope` on a window without a part, on spans that never hold, and on what is no time
 */
export function timeWindowConfig(scope: IConstruct, window: TimeWindow): TimeConfig {
  const { notBefore, notOnOrAfter } = window;
  const parts = PARTS.filter((part) => window[part] !== undefined);
  insist(scope, parts.length > 0 || notBefore !== undefined || notOnOrAfter !== undefined, () => ({
    value: 'a time window without a part',
    why: 'it is always open',
    instead: 'Give it notBefore, notOnOrAfter or a span, for example hour: { from: 9, to: 16 }',
  }));
  insistOnTime(scope, 'notBefore', notBefore);
  insistOnTime(scope, 'notOnOrAfter', notOnOrAfter);
  insist(scope, notBefore === undefined || notOnOrAfter === undefined || notBefore < notOnOrAfter, () => ({
    value: `notBefore "${notBefore}" and notOnOrAfter "${notOnOrAfter}"`,
    why: 'the window is over before it opens',
    instead: 'Swap them, or leave one out',
  }));
  return {
    notBefore: notBefore ?? ALWAYS.notBefore,
    notOnOrAfter: notOnOrAfter ?? ALWAYS.notOnOrAfter,
    ...Object.fromEntries(PARTS.flatMap((part) => spanConfig(scope, part, window[part]))),
  };
}

function spanConfig(scope: IConstruct, part: Part, span?: Span): [string, string][] {
  const [lowest, highest] = LIMITS[part];
  const { from, to } = span ?? { from: lowest, to: highest };
  const possible = (value: number) => Number.isInteger(value) && value >= lowest && value <= highest;
  insist(scope, possible(from) && possible(to) && from <= to, () => ({
    value: `${part} from ${from} to ${to}`,
    why: `Keycloak compares each value with both ends, which are whole numbers from ${lowest} to ${highest} in ascending order`,
    instead: 'Write a span over the end as two: Allow.any(Allow.during(…), Allow.during(…))',
  }));
  return [
    [part, String(from)],
    [`${part}End`, String(to)],
  ];
}

function insistOnTime(scope: IConstruct, prop: string, time?: string): void {
  if (time === undefined) return;
  // Keycloak's parser takes a 13th month as January of the next year; a round trip finds that out.
  const parsed = new Date(`${time.replace(' ', 'T')}Z`);
  const same = !Number.isNaN(parsed.getTime()) && parsed.toISOString() === `${time.replace(' ', 'T')}.000Z`;
  insist(scope, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time) && same, () => ({
    value: `${prop} ${JSON.stringify(time)}`,
    why: 'Keycloak can not read it as a time',
    instead: 'Write it as "2030-01-31 18:00:00"',
  }));
}
