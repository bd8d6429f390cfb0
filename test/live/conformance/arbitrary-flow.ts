import fc from 'fast-check';
import type { Requirement } from '../../../model';
import { compact, maybe, oneOf, strings, weighted, yesNo } from './arbitrary-support';
import {
  CLIENT_ROLE,
  COMPOSITE_ROLE,
  DEFAULT_SCOPE,
  HEADER,
  OPTIONAL_SCOPE,
  PROVIDER,
  ROLES,
  SECOND_SCOPE,
  type TreeNode,
  UNUSED_SCOPE,
} from './case';

/** Ages that either count for the whole case or have passed at the next login. */
const MAX_AGES = ['36000', '36000', '36000', '0', '1', '2147483647', 'abc'];
/** Roles as conditions name them; `own.` stands for the case's client. */
const FLOW_ROLES = [...ROLES, COMPOSITE_ROLE, `own.${CLIENT_ROLE}`];
/** Values and patterns of attributes. */
const VALUES = ['skip', 'sk', 's.*', 's', '.*', 'skip|force', '^force$', '[a-z]+', '(?i)SKIP', 'nor\\w+', ''];
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'];

const requirement = (...values: [number, Requirement][]) => weighted(...values);

const step = (authenticator: string, config?: fc.Arbitrary<Record<string, string> | undefined>) =>
  compact<TreeNode>({
    requirement: requirement([6, 'REQUIRED'], [4, 'ALTERNATIVE'], [1, 'DISABLED']),
    authenticator: fc.constant(authenticator),
    config: config ?? fc.constant(undefined),
  } as never);

const loaConfig = strings({
  'loa-condition-level': fc.oneof(
    { weight: 12, arbitrary: oneOf('1', '2', '3') },
    { weight: 1, arbitrary: oneOf('0', 'abc', '-1') },
  ),
  'loa-max-age': maybe(oneOf(...MAX_AGES), 90),
});

const conditionalOtpConfig = strings({
  otpControlAttribute: maybe(oneOf('tier'), 20),
  skipOtpRole: maybe(oneOf(...FLOW_ROLES, 'role-unknown'), 20),
  forceOtpRole: maybe(oneOf(...FLOW_ROLES), 20),
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
          client_scope: maybe(oneOf(OPTIONAL_SCOPE, SECOND_SCOPE, DEFAULT_SCOPE, UNUSED_SCOPE, 'scope-unknown'), 90),
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
      maybe(strings({ condUserRole: maybe(oneOf(...FLOW_ROLES, 'role-unknown'), 90), negate: yesNo }), 90),
    ),
  },
  {
    weight: 2,
    arbitrary: conditionStep(
      'conditional-user-attribute',
      strings({
        attribute_name: oneOf('tier', 'tier', 'area', 'unknown'),
        attribute_expected_value: oneOf(...VALUES),
        regex: yesNo,
        not: yesNo,
        include_group_attributes: yesNo,
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
  { weight: 4, arbitrary: step('auth-conditional-otp-form', maybe(conditionalOtpConfig, 80)) },
  { weight: 1, arbitrary: step('auth-recovery-authn-code-form') },
  { weight: 1, arbitrary: step('webauthn-authenticator') },
  { weight: 1, arbitrary: step('webauthn-authenticator-passwordless') },
  { weight: 1, arbitrary: step('allow-access-authenticator') },
  { weight: 1, arbitrary: step('deny-access-authenticator') },
  { weight: 1, arbitrary: step('user-session-limits', fc.constant({ behavior: 'Deny new session' })) },
  {
    weight: 1,
    arbitrary: step('identity-provider-redirector', maybe(fc.constant({ defaultProvider: PROVIDER }), 60)),
  },
  { weight: 2, arbitrary: step('organization') },
  { weight: 1, arbitrary: step('auth-x509-client-username-form') },
);

export const { tree } = fc.letrec<{ tree: TreeNode[]; subflow: TreeNode }>((tie) => ({
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

/** A choice of factors. */
const oneOfSeveral: fc.Arbitrary<TreeNode[]> = fc
  .subarray(['auth-otp-form', 'auth-password-form', 'auth-recovery-authn-code-form'], { minLength: 2 })
  .map((factors) => [
    {
      requirement: 'REQUIRED',
      subflow: '',
      nodes: factors.map((authenticator) => ({ requirement: 'ALTERNATIVE', authenticator })),
    },
  ]);

const PASSWORD: TreeNode = { requirement: 'REQUIRED', authenticator: 'auth-username-password-form' };
const NAME_THEN_FACTOR: readonly TreeNode[] = [
  { requirement: 'REQUIRED', authenticator: 'auth-username-form' },
  {
    requirement: 'REQUIRED',
    subflow: '',
    nodes: ['auth-password-form', 'auth-otp-form'].map((authenticator) => ({
      requirement: 'ALTERNATIVE',
      authenticator,
    })),
  },
];
const ORGANIZATION: TreeNode = {
  requirement: 'ALTERNATIVE',
  subflow: '',
  nodes: [{ requirement: 'ALTERNATIVE', authenticator: 'organization' }],
};

/** Flows like those that people write: the documented shape, with proofs and surroundings that vary. */
export const sensibleTree: fc.Arbitrary<TreeNode[]> = fc
  .tuple(
    fc.array(oneOf(...MAX_AGES), { minLength: 3, maxLength: 3 }),
    fc.oneof(
      { weight: 3, arbitrary: fc.array(form, { minLength: 1, maxLength: 2 }) },
      { weight: 2, arbitrary: oneOfSeveral },
    ),
    fc.boolean(),
    weighted([1, 1], [5, 2], [4, 3]),
    maybe(condition, 20),
    maybe(form, 20),
    fc.record({ choosesFactor: weighted([3, false], [1, true]), asksOrganization: weighted([6, false], [1, true]) }),
  )
  .map(([ages, proofs, cookie, levelCount, extra, before, more]): TreeNode[] => {
    const levels = [
      loa('1', ages[0] as string, ...(more.choosesFactor ? NAME_THEN_FACTOR : [PASSWORD])),
      loa('2', ages[1] as string, ...(extra ? [extra] : []), ...proofs),
      loa('3', ages[2] as string, { requirement: 'REQUIRED', authenticator: 'auth-otp-form' }),
    ].slice(0, levelCount);
    const nodes = before ? [before, ...levels] : levels;
    return [
      ...(cookie ? [{ requirement: 'ALTERNATIVE', authenticator: 'auth-cookie' } as const] : []),
      ...(more.asksOrganization ? [ORGANIZATION] : []),
      { requirement: 'ALTERNATIVE', subflow: '', nodes },
    ];
  });

/** Names subflows in order and keeps their number within the letters. */
export function named(nodes: readonly TreeNode[], letters = [...LETTERS]): TreeNode[] {
  return nodes.flatMap((node): TreeNode[] => {
    if (!('subflow' in node)) return [node];
    const letter = letters.shift();
    return letter === undefined ? [] : [{ ...node, subflow: letter, nodes: named(node.nodes, letters) }];
  });
}

/** Names of subflows that the browser flow of the case doesn't have. */
export const DIRECT_GRANT_LETTERS = ['x', 'y'];

/** Flows of the password grant: the user, then what must be right. */
export const directGrantTree: fc.Arbitrary<TreeNode[]> = fc
  .tuple(
    maybe(step('direct-grant-validate-password'), 90),
    maybe(step('direct-grant-validate-otp'), 30),
    maybe(fc.tuple(condition, step('direct-grant-validate-otp'), fc.boolean()), 60),
  )
  .map(([password, otp, conditional]): TreeNode[] => [
    { requirement: 'REQUIRED', authenticator: 'direct-grant-validate-username' },
    ...(password ? [password] : []),
    ...(otp ? [otp] : []),
    ...(conditional ? [conditionalOtp(...conditional)] : []),
  ]);

function conditionalOtp(when: TreeNode, otp: TreeNode, configured: boolean): TreeNode {
  const owned: TreeNode = { requirement: 'REQUIRED', authenticator: 'conditional-user-configured' };
  return { requirement: 'CONDITIONAL', subflow: '', nodes: [...(configured ? [owned] : []), when, otp] };
}
