import fc from 'fast-check';
import { compact, maybe, oneOf, weighted } from './arbitrary-support';
import {
  classOf,
  DEFAULT_SCOPE,
  type LoginSettings,
  type Move,
  OPTIONAL_SCOPE,
  PROVIDER,
  SECOND_SCOPE,
  UNUSED_SCOPE,
} from './case';

const acr = oneOf('silver', 'gold', 'platinum', 'unknown', '1', '2', '3', '0');

const move: fc.Arbitrary<Move> = weighted<Move>(
  [32, 'right'],
  [20, 'other'],
  [5, 'wrong'],
  [10, 'cancel'],
  [14, 'change'],
  [3, 'restart'],
  [3, 'restart-in-session'],
  [4, 'lose-cookie'],
  [4, 'second-tab'],
);

const moves = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Move[]>([]) },
  { weight: 3, arbitrary: fc.array(move, { maxLength: 4 }) },
);
const usual = maybe(weighted<LoginSettings['usual']>([2, 'other'], [2, 'cancel'], [2, 'change']), 50);
const to = weighted<LoginSettings['to']>([8, 'own'], [3, 'second'], [2, 'plain']);
const by = maybe(fc.constant('other' as const), 30);
const scope = maybe(
  fc
    .shuffledSubarray([OPTIONAL_SCOPE, SECOND_SCOPE, UNUSED_SCOPE, DEFAULT_SCOPE, 'acr'], {
      minLength: 1,
      maxLength: 3,
    })
    .map((scopes) => ['openid', ...scopes]),
  30,
);
const header = maybe(oneOf('inside', 'inside and more', 'outside'), 20);

/** Required actions and what they delete, as `kc_action` has them. */
const ACTIONS = [
  'CONFIGURE_TOTP',
  'UPDATE_PASSWORD',
  'CONFIGURE_RECOVERY_AUTHN_CODES',
  'delete_credential:otp',
  'delete_credential:recovery-authn-codes',
  'UPDATE_PROFILE',
  'UPDATE_PROFILE',
  'UPDATE_PROFILE',
  'UPDATE_PROFILE',
  'unknown-action',
];

const browserLogin = compact<LoginSettings>({
  to,
  by,
  acrValues: maybe(fc.array(acr, { minLength: 1, maxLength: 2 }), 50),
  acrClaim: maybe(
    compact<{ essential?: boolean; values: string[] }>({
      essential: maybe(fc.boolean(), 60),
      values: fc.array(acr, { minLength: 1, maxLength: 2 }),
      value: maybe(acr, 30),
    } as never),
    20,
  ),
  scope,
  prompt: maybe(fc.constantFrom(['none'], ['login'], ['consent']), 20),
  maxAge: maybe(fc.constantFrom(0, 1, 10_000), 20),
  action: maybe(oneOf(...ACTIONS), 30),
  identityProviderHint: maybe(oneOf(PROVIDER, '', 'no-such-provider'), 8),
  header,
  moves,
  usual,
} as never);

/** Where a login with a door is begun anew matters more than where others are. */
const doorMoves = fc.array(
  weighted<Move>(
    [10, 'right'],
    [3, 'other'],
    [2, 'wrong'],
    [2, 'cancel'],
    [4, 'restart'],
    [2, 'restart-in-session'],
    [5, 'lose-cookie'],
    [5, 'second-tab'],
  ),
  { maxLength: 4 },
);
const identity = maybe(fc.constant('new' as const), 15);

/** What is asked for counts for less there. */
const doorLogin = compact<LoginSettings>({
  to,
  door: weighted<LoginSettings['door']>([4, 'reset'], [4, 'registration'], [6, 'broker']),
  identity,
  acrValues: maybe(fc.array(acr, { minLength: 1, maxLength: 2 }), 30),
  acrClaim: maybe(
    fc.array(acr, { minLength: 1, maxLength: 1 }).map((values) => ({ essential: true, values })),
    20,
  ),
  scope,
  action: maybe(oneOf(...ACTIONS), 15),
  moves: doorMoves,
} as never);

/** The door is gone through after some pages. */
const midwayLogin = compact<LoginSettings>({
  to,
  door: weighted<LoginSettings['door']>([2, 'reset'], [2, 'broker']),
  midway: fc.constant(true),
  acrValues: maybe(fc.array(acr, { minLength: 1, maxLength: 1 }), 60),
  scope,
  moves: fc.tuple(fc.array(move, { maxLength: 2 }), moves).map(([before, after]) => [...before, 'leave', ...after]),
} as never);

const samlLogin = compact<LoginSettings>({
  to: fc.constant('saml'),
  by,
  door: maybe(weighted<LoginSettings['door']>([1, 'reset'], [1, 'broker']), 15),
  acrValues: maybe(
    fc.array(oneOf('silver', 'gold', 'platinum', 'unknown').map(classOf), { minLength: 1, maxLength: 2 }),
    60,
  ),
  comparison: maybe(weighted<LoginSettings['comparison']>([2, 'minimum'], [1, 'maximum'], [2, 'better']), 40),
  prompt: maybe(fc.constantFrom(['none'], ['login']), 15),
  header,
  moves,
  usual,
} as never);

const grantLogin = compact<LoginSettings>({
  to: fc.constant('service'),
  grant: weighted<LoginSettings['grant']>([1, 'client-credentials'], [3, 'token-exchange'], [2, 'jwt-authorization']),
  scope,
  moves: fc.constant([]),
} as never);

const deviceLogin = compact<LoginSettings>({ to, by, grant: fc.constant('device'), scope, header, moves } as never);

const passwordLogin = compact<LoginSettings>({
  to,
  by,
  grant: fc.constant('password'),
  scope,
  header,
  moves: fc.array(weighted<Move>([6, 'right'], [1, 'wrong']), { maxLength: 3 }),
} as never);

/** Doors are shown to whom the browser doesn't know: at first. */
export const firstLogin: fc.Arbitrary<LoginSettings> = fc.oneof(
  { weight: 3, arbitrary: doorLogin },
  { weight: 1, arbitrary: midwayLogin },
);

/** An access token, and what comes of it at another client. */
export const exchange: fc.Arbitrary<LoginSettings[]> = fc
  .tuple(scope, scope)
  .map(([first, second]): LoginSettings[] => [
    { to: 'own', ...(first && { scope: first }), moves: [] },
    { to: 'service', grant: 'token-exchange', ...(second && { scope: second }), moves: [] },
  ]);

export const login: fc.Arbitrary<LoginSettings> = fc.oneof(
  { weight: 12, arbitrary: browserLogin },
  { weight: 5, arbitrary: doorLogin },
  { weight: 2, arbitrary: midwayLogin },
  { weight: 4, arbitrary: samlLogin },
  { weight: 3, arbitrary: grantLogin },
  { weight: 1, arbitrary: deviceLogin },
  { weight: 1, arbitrary: passwordLogin },
);
