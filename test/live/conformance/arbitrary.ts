import fc from 'fast-check';
import type { Requirement } from '../../../model';
import {
  type ClientSettings,
  type ConformanceCase,
  DEFAULT_SCOPE,
  HEADER,
  type LoginSettings,
  type Move,
  OPTIONAL_SCOPE,
  type PolicySettings,
  type RealmSettings,
  ROLES,
  type TreeNode,
  UNUSED_SCOPE,
  type UserSettings,
} from './case';

/** Ages that either count for the whole case or have passed at the next login. */
const MAX_AGES = ['36000', '36000', '36000', '0', '1', '2147483647', 'abc'];
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** @param percent of the cases that have it */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, percent: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: percent, arbitrary }, { weight: 100 - percent, arbitrary: fc.constant(undefined) });

/** Leaves out what is undefined, so that a case reads like what a person would write. */
function compact<T extends object>(record: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc
    .record(record)
    .map((value) => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T);
}

const requirement = (...weighted: [number, Requirement][]) =>
  fc.oneof(...weighted.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

const step = (authenticator: string, config?: fc.Arbitrary<Record<string, string> | undefined>) =>
  compact<TreeNode>({
    requirement: requirement([6, 'REQUIRED'], [4, 'ALTERNATIVE'], [1, 'DISABLED']),
    authenticator: fc.constant(authenticator),
    config: config ?? fc.constant(undefined),
  } as never);

const strings = (record: Record<string, fc.Arbitrary<string | undefined>>) =>
  compact<Record<string, string>>(record as never);
const oneOf = (...values: string[]) => fc.constantFrom(...values);
const yesNo = maybe(oneOf('true', 'false'), 50);

const loaConfig = strings({
  'loa-condition-level': fc.oneof(
    { weight: 12, arbitrary: oneOf('1', '2', '3') },
    { weight: 1, arbitrary: oneOf('0', 'abc', '-1') },
  ),
  'loa-max-age': maybe(oneOf(...MAX_AGES), 90),
});

const conditionalOtpConfig = strings({
  otpControlAttribute: maybe(oneOf('tier'), 20),
  skipOtpRole: maybe(oneOf(...ROLES, 'role-unknown'), 20),
  forceOtpRole: maybe(oneOf(...ROLES), 20),
  noOtpRequiredForHeaderPattern: maybe(oneOf(`${HEADER}: inside.*`), 20),
  forceOtpForHeaderPattern: maybe(oneOf(`${HEADER}: outside`), 20),
  defaultOtpOutcome: maybe(oneOf('skip', 'force', 'nonsense'), 50),
});

/** Conditions, the level first: it is what flows are about. */
const condition: fc.Arbitrary<TreeNode> = fc.oneof(
  { weight: 8, arbitrary: conditionStep('conditional-level-of-authentication', maybe(loaConfig, 97)) },
  { weight: 3, arbitrary: conditionStep('conditional-user-configured') },
  {
    weight: 2,
    arbitrary: conditionStep(
      'conditional-client-scope',
      maybe(
        strings({
          client_scope: maybe(oneOf(OPTIONAL_SCOPE, DEFAULT_SCOPE, UNUSED_SCOPE, 'scope-unknown'), 90),
          negate: yesNo,
        }),
        90,
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: conditionStep(
      'conditional-user-role',
      maybe(strings({ condUserRole: maybe(oneOf(...ROLES, 'role-unknown'), 90), negate: yesNo }), 90),
    ),
  },
  {
    weight: 2,
    arbitrary: conditionStep(
      'conditional-user-attribute',
      strings({
        attribute_name: oneOf('tier', 'unknown'),
        attribute_expected_value: oneOf('skip', 'sk', 's.*'),
        regex: yesNo,
        not: yesNo,
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: conditionStep(
      'conditional-credential',
      maybe(
        strings({
          credentials: maybe(oneOf('otp', 'password', 'none', 'otp##password', 'webauthn'), 90),
          included: yesNo,
        }),
        90,
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: conditionStep(
      'conditional-sub-flow-executed',
      maybe(
        strings({
          flow_to_check: maybe(oneOf(...LETTERS, 'unknown'), 90),
          check_result: maybe(oneOf('executed', 'not-executed'), 90),
        }),
        90,
      ),
    ),
  },
);

function conditionStep(
  authenticator: string,
  config: fc.Arbitrary<Record<string, string> | undefined> = fc.constant(undefined),
) {
  return compact<TreeNode>({
    requirement: requirement([20, 'REQUIRED'], [1, 'ALTERNATIVE'], [1, 'DISABLED']),
    authenticator: fc.constant(authenticator),
    config,
  } as never);
}

const form: fc.Arbitrary<TreeNode> = fc.oneof(
  { weight: 6, arbitrary: step('auth-username-password-form') },
  { weight: 3, arbitrary: step('auth-username-form') },
  { weight: 3, arbitrary: step('auth-password-form') },
  { weight: 6, arbitrary: step('auth-otp-form') },
  { weight: 2, arbitrary: step('auth-conditional-otp-form', maybe(conditionalOtpConfig, 80)) },
  { weight: 1, arbitrary: step('auth-recovery-authn-code-form') },
  { weight: 1, arbitrary: step('webauthn-authenticator') },
  { weight: 1, arbitrary: step('webauthn-authenticator-passwordless') },
  { weight: 1, arbitrary: step('allow-access-authenticator') },
  { weight: 1, arbitrary: step('deny-access-authenticator') },
  { weight: 1, arbitrary: step('user-session-limits', fc.constant({ behavior: 'Deny new session' })) },
  { weight: 1, arbitrary: step('identity-provider-redirector') },
  { weight: 1, arbitrary: step('auth-x509-client-username-form') },
);

const { tree } = fc.letrec<{ tree: TreeNode[]; subflow: TreeNode }>((tie) => ({
  tree: fc.array(
    fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 4, arbitrary: form },
      { weight: 1, arbitrary: condition },
      { weight: 2, arbitrary: step('auth-cookie') },
      { weight: 4, arbitrary: tie('subflow') as fc.Arbitrary<TreeNode> },
    ),
    { minLength: 1, maxLength: 4 },
  ),
  subflow: fc
    .tuple(
      requirement([3, 'REQUIRED'], [4, 'ALTERNATIVE'], [6, 'CONDITIONAL'], [1, 'DISABLED']),
      fc.array(condition, { maxLength: 2 }),
      tie('tree') as fc.Arbitrary<TreeNode[]>,
    )
    .map(
      ([chosen, conditions, nodes]): TreeNode => ({
        requirement: chosen,
        subflow: '',
        nodes: chosen === 'CONDITIONAL' ? [...conditions, ...nodes] : nodes,
      }),
    ),
}));

const loa = (level: string, age: string, ...nodes: TreeNode[]): TreeNode => ({
  requirement: 'CONDITIONAL',
  subflow: '',
  nodes: [
    {
      requirement: 'REQUIRED',
      authenticator: 'conditional-level-of-authentication',
      config: { 'loa-condition-level': level, 'loa-max-age': age },
    },
    ...nodes,
  ],
});

/** Flows like those that people write: the documented shape, with proofs and surroundings that vary. */
const sensibleTree: fc.Arbitrary<TreeNode[]> = fc
  .tuple(
    fc.array(oneOf(...MAX_AGES), { minLength: 3, maxLength: 3 }),
    fc.array(form, { minLength: 1, maxLength: 2 }),
    fc.boolean(),
    fc.boolean(),
    maybe(condition, 20),
    maybe(form, 20),
  )
  .map(([ages, proofs, cookie, third, extra, before]): TreeNode[] => {
    const password: TreeNode = { requirement: 'REQUIRED', authenticator: 'auth-username-password-form' };
    const levels = [
      loa('1', ages[0] as string, password),
      loa('2', ages[1] as string, ...(extra ? [extra] : []), ...proofs),
      ...(third ? [loa('3', ages[2] as string, { requirement: 'REQUIRED', authenticator: 'auth-otp-form' })] : []),
    ];
    const nodes = before ? [before, ...levels] : levels;
    return [
      ...(cookie ? [{ requirement: 'ALTERNATIVE', authenticator: 'auth-cookie' } as const] : []),
      { requirement: 'ALTERNATIVE', subflow: '', nodes },
    ];
  });

/** Names subflows in order and keeps their number within the letters. */
function named(nodes: readonly TreeNode[], count = { value: 0 }): TreeNode[] {
  return nodes.flatMap((node): TreeNode[] => {
    if (!('subflow' in node)) return [node];
    const letter = LETTERS[count.value++];
    return letter === undefined ? [] : [{ ...node, subflow: letter, nodes: named(node.nodes, count) }];
  });
}

const acr = oneOf('silver', 'gold', 'platinum', 'unknown', '1', '2', '3', '0');
const acrMap = fc.constantFrom<Record<string, number>>(
  { silver: 1, gold: 2 },
  { silver: 1, gold: 2, platinum: 3 },
  { gold: 2, platinum: 4 },
  { bronze: 1, silver: 1, gold: 2 },
  { gold: 1 },
  {},
);

const realm = compact<RealmSettings>({
  acrMap: fc.constantFrom<Record<string, number>>({ silver: 1, gold: 2 }, { silver: 1, gold: 2, platinum: 3 }),
  otpEnrolment: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  actionMaxAge: maybe(oneOf('0', '1', 'abc'), 20),
} as never);

const client = compact<ClientSettings>({
  acrMap: maybe(acrMap, 20),
  defaultAcr: maybe(acr, 20),
  minimumAcr: maybe(oneOf('silver', 'gold', '1', '2'), 20),
  consent: maybe(fc.constant(true), 20),
} as never);

const policy = compact<PolicySettings>({
  when: oneOf('always', 'gold', 'scope'),
  flow: fc.oneof({ weight: 6, arbitrary: oneOf('own', 'strong') }, { weight: 1, arbitrary: oneOf('missing') }),
  loa: maybe(fc.constantFrom(1, 2, 99), 20),
} as never);

const user: fc.Arbitrary<UserSettings> = fc.record({
  credentials: fc.constantFrom<('password' | 'otp')[]>(['password', 'otp'], ['password'], ['otp', 'password']),
  roles: fc.subarray([...ROLES]),
  attributes: fc.constantFrom<Record<string, string>>({}, { tier: 'skip' }, { tier: 'force' }),
});

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 16, arbitrary: fc.constant('right' as const) },
  { weight: 2, arbitrary: fc.constant('other' as const) },
  { weight: 1, arbitrary: fc.constant('wrong' as const) },
  { weight: 1, arbitrary: fc.constant('cancel' as const) },
);

const login = compact<LoginSettings>({
  to: fc.oneof({ weight: 4, arbitrary: fc.constant('own') }, { weight: 1, arbitrary: fc.constant('plain') }),
  acrValues: maybe(fc.array(acr, { minLength: 1, maxLength: 2 }), 50),
  acrClaim: maybe(
    compact<{ essential?: boolean; values: string[] }>({
      essential: maybe(fc.boolean(), 60),
      values: fc.array(acr, { minLength: 1, maxLength: 2 }),
    } as never),
    20,
  ),
  scope: maybe(fc.constant(['openid', OPTIONAL_SCOPE]), 20),
  prompt: maybe(fc.constantFrom(['none'], ['login']), 20),
  maxAge: maybe(fc.constantFrom(0, 1, 10_000), 20),
  action: maybe(oneOf('CONFIGURE_TOTP', 'UPDATE_PASSWORD', 'CONFIGURE_RECOVERY_AUTHN_CODES', 'unknown-action'), 20),
  header: maybe(oneOf('inside', 'inside and more', 'outside'), 20),
  moves: fc.array(move, { maxLength: 4 }),
} as never);

/** Cases of all that the simulator follows and a browser without a screen can do. */
export const conformanceCase: fc.Arbitrary<ConformanceCase> = compact<ConformanceCase>({
  realm,
  client,
  flow: fc.oneof({ weight: 3, arbitrary: sensibleTree }, { weight: 2, arbitrary: tree }).map((nodes) => named(nodes)),
  policy: maybe(policy, 20),
  user,
  logins: fc.array(login, { minLength: 1, maxLength: 4 }),
} as never).map(withAcrsThatKeycloakTakes);

/** Keycloak refuses to save a default or minimum acr that neither the map nor a level of the realm's flow names. */
function withAcrsThatKeycloakTakes(each: ConformanceCase): ConformanceCase {
  const { defaultAcr, minimumAcr, ...rest } = each.client;
  const own = Object.keys(rest.acrMap ?? {});
  const names = new Set([...(own.length > 0 ? own : Object.keys(each.realm.acrMap)), '0', '1', '2']);
  const kept = {
    ...rest,
    ...(defaultAcr !== undefined && names.has(defaultAcr) && { defaultAcr }),
    ...(minimumAcr !== undefined && names.has(minimumAcr) && { minimumAcr }),
  };
  return { ...each, client: kept };
}
