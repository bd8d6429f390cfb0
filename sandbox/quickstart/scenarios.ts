import type { Asked, LoginRequest, LoginResult, TestUser } from '../login';

/** What is compared of a login: what Keycloak asked, and what the client got. */
export interface Observation {
  readonly asked: readonly Asked[];
  readonly outcome: LoginResult['outcome'];
  /** Of the ID token. */
  readonly acr?: string;
  /** Those of {@link Scenario.request}'s scopes that were granted. */
  readonly scope?: readonly string[];
  /** The page that a login ended on. A wrong answer leads to its own page again; an error page means something else. */
  readonly page?: string;
}

/** One row of the quickstart's table. Rows of the same user share a browser, and so a single sign-on session. */
export interface Scenario {
  readonly title: string;
  /** Each session has a user of its own, so that failed logins of one row don't slow another down. */
  readonly user: string;
  /** What the client asks for, in words of the protocol. */
  readonly request: Pick<LoginRequest, 'acrValues' | 'scope'>;
  /** Signs the user in by password before, without a row. */
  readonly signedIn?: true;
  /** Waits until the level gold has expired before. */
  readonly afterMaxAge?: true;
  /** What the user gets wrong. @default nothing */
  readonly mistake?: 'password' | 'otp' | 'expired otp';
  readonly expected: Observation;
}

const GOLD = { acrValues: ['gold'] };
const OTP_PAGE = 'login-login-otp';
const ALL: readonly Asked[] = ['username', 'password', 'otp'];

/** What the stack `dev` promises, as logins. */
export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'routine login',
    user: 'bob',
    request: {},
    expected: { asked: ['username', 'password'], outcome: 'granted', acr: 'silver' },
  },
  {
    title: 'sensitive request',
    user: 'bob',
    request: GOLD,
    expected: { asked: ['otp'], outcome: 'granted', acr: 'gold' },
  },
  {
    title: 'again within max age',
    user: 'bob',
    request: GOLD,
    expected: { asked: [], outcome: 'granted', acr: 'gold' },
  },
  {
    title: 'after max age',
    user: 'bob',
    request: GOLD,
    afterMaxAge: true,
    expected: { asked: ['otp'], outcome: 'granted', acr: 'gold' },
  },
  {
    title: 'wrong OTP',
    user: 'carol',
    request: GOLD,
    mistake: 'otp',
    expected: { asked: ALL, outcome: 'refused', page: OTP_PAGE },
  },
  {
    title: 'wrong password',
    user: 'dave',
    request: GOLD,
    mistake: 'password',
    expected: { asked: ['username', 'password'], outcome: 'refused', page: 'login-login' },
  },
  {
    title: 'expired OTP',
    user: 'erin',
    request: GOLD,
    mistake: 'expired otp',
    expected: { asked: ALL, outcome: 'refused', page: OTP_PAGE },
  },
  {
    title: 'sensitive client scope',
    user: 'frank',
    request: { scope: ['openid', 'payments'] },
    signedIn: true,
    expected: { asked: ['otp'], outcome: 'granted', acr: 'silver', scope: ['payments'] },
  },
];

/** What the user of a scenario answers. */
export function answersOf(user: TestUser, mistake?: Scenario['mistake']) {
  const { totp } = user;
  if (!totp) throw new Error(`The user ${user.username} has no authenticator app`);
  const otp = { otp: () => totp.wrong(), 'expired otp': () => totp.expired(), password: () => totp.next() };
  return {
    username: user.username,
    password: mistake === 'password' ? `not ${user.password}` : user.password,
    otp: mistake ? otp[mistake] : () => totp.next(),
  };
}

/** What of a result a scenario is about. */
export function observe({ request }: Scenario, result: LoginResult): Observation {
  const wanted = request.scope?.filter((scope) => scope !== 'openid' && result.scope.includes(scope)) ?? [];
  return {
    asked: result.asked,
    outcome: result.outcome,
    ...(result.acr !== undefined && { acr: result.acr }),
    ...(wanted.length > 0 && { scope: wanted }),
    ...(result.outcome !== 'granted' && { page: result.page?.id }),
  };
}
