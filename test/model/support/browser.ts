import type { RealmModel } from '../../../model/realm-model';
import {
  type LoginRequest,
  type LoginResult,
  type Session,
  type SimulatedUser,
  type SimulationOptions,
  simulate,
} from '../../../model/simulate';

/** Owns a password and an OTP. */
export const BOB: SimulatedUser = { credentials: ['password', 'otp'] };
/** Owns a password only. */
export const ALICE: SimulatedUser = { credentials: ['password'] };

/** A browser with one user, in which time passes. */
export class SimulatedBrowser {
  session: Session | undefined;
  user: SimulatedUser;
  now = 1_700_000_000;

  constructor(
    private readonly model: RealmModel,
    user: SimulatedUser = BOB,
  ) {
    this.user = user;
  }

  /** Logs in to `app` and says in one line what was asked and what came of it. */
  login(request: Partial<LoginRequest> = {}, options: SimulationOptions = {}): string {
    const result = this.attempt(request, options);
    this.session = result.session;
    this.user = result.user;
    return summary(result);
  }

  attempt(request: Partial<LoginRequest> = {}, options: SimulationOptions = {}): LoginResult {
    return simulate(this.model, { clientId: 'app', ...request }, this.user, this.session, {
      now: this.now,
      ...options,
    });
  }

  wait(seconds: number): this {
    this.now += seconds;
    return this;
  }
}

/** For example `username+password, otp → gold` or `→ 400 acr-not-fulfilled`. */
export function summary({ asked, outcome }: LoginResult): string {
  const pages = asked.map(({ page, answer }) => {
    if (page.kind === 'form') return ('give' in answer ? page.accepts[answer.give] : page.accepts[0])?.join('+');
    return page.kind === 'action' ? page.action : page.kind;
  });
  return `${pages.join(', ')} → ${end(outcome)}`.trim();
}

function end(outcome: LoginResult['outcome']): string {
  switch (outcome.kind) {
    case 'granted':
      return String(outcome.acr);
    case 'refused':
      return outcome.error ?? `${outcome.status} ${outcome.reason}`;
    case 'done':
      return 'done';
    case 'abandoned':
      return 'abandoned';
    case 'cannot-tell':
      return `cannot tell: ${outcome.because}`;
  }
}

/** One login in a new browser. */
export function loginOnce(model: RealmModel, request: Partial<LoginRequest> = {}, user: SimulatedUser = BOB): string {
  return new SimulatedBrowser(model, user).login(request);
}

export const GOLD = { acrValues: ['gold'] } as const;
export const ESSENTIAL_GOLD = { acrClaim: { essential: true, values: ['gold'] } } as const;
