import fc from 'fast-check';
import { compact, maybe, oneOf, weighted } from './arbitrary-support';
import { DEFAULT_SCOPE, type LoginSettings, type Move, OPTIONAL_SCOPE, SECOND_SCOPE, UNUSED_SCOPE } from './case';

const acr = oneOf('silver', 'gold', 'platinum', 'unknown', '1', '2', '3', '0');

const move: fc.Arbitrary<Move> = weighted<Move>(
  [32, 'right'],
  [14, 'other'],
  [5, 'wrong'],
  [10, 'cancel'],
  [10, 'change'],
  [3, 'restart'],
  [3, 'restart-in-session'],
  [3, 'lose-cookie'],
  [3, 'second-tab'],
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
    } as never),
    20,
  ),
  scope,
  prompt: maybe(fc.constantFrom(['none'], ['login'], ['consent']), 20),
  maxAge: maybe(fc.constantFrom(0, 1, 10_000), 20),
  action: maybe(oneOf(...ACTIONS), 30),
  header,
  moves,
  usual,
} as never);

const BEGINS_ANEW: ReadonlySet<Move> = new Set<Move>(['restart', 'restart-in-session', 'lose-cookie', 'second-tab']);

/**
 * What is asked for counts for less there. A door that is left half-way by beginning anew is not made here: who then logs in, the old
 * account or the one that was just made, is not told apart by what performs it.
 */
const doorLogin = compact<LoginSettings>({
  to,
  door: weighted<LoginSettings['door']>([5, 'reset'], [2, 'registration']),
  acrValues: maybe(fc.array(acr, { minLength: 1, maxLength: 2 }), 30),
  acrClaim: maybe(
    fc.array(acr, { minLength: 1, maxLength: 1 }).map((values) => ({ essential: true, values })),
    20,
  ),
  scope,
  action: maybe(oneOf(...ACTIONS), 15),
  moves: moves.map((all) => all.map((each): Move => (BEGINS_ANEW.has(each) ? 'right' : each))),
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

export const login: fc.Arbitrary<LoginSettings> = fc.oneof(
  { weight: 12, arbitrary: browserLogin },
  { weight: 4, arbitrary: doorLogin },
  { weight: 1, arbitrary: deviceLogin },
  { weight: 1, arbitrary: passwordLogin },
);
