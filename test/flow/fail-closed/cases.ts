import type { Role } from '@cdktf/provider-keycloak/lib/role';
import {
  type AssuranceLevel,
  type AssuranceLevelProps,
  Factor,
  type FlowNode,
  type LoginCondition,
  otpIfHeader,
  otpUnlessHeader,
  type StepUpClientScope,
  type StepUpRule,
  When,
} from '../../../lib';
import { proofFlowNodes } from '../../../lib/flow/proof-flow';
import { stepUpNodes } from '../../../lib/flow/step-up-tree';
import { level, testStack } from '../../support/stack';

/** Something that a flow guards, and what of the flow is damaged. */
export interface Case {
  /** What the page calls it. */
  readonly name: string;
  readonly nodes: readonly FlowNode[];
  /** The damaged parts, by their paths in the tree. */
  readonly parts: RegExp;
  /** Whether the request asks for the level `gold`, else for the scope `payments`. @default false */
  readonly asksForGold?: boolean;
  /** What the thief has. @default 'password' */
  readonly stolen?: 'name' | 'password';
}

const gold = (props: Partial<AssuranceLevelProps> = {}) => level(testStack(), { acr: 'gold', loa: 2, ...props });
const silver = level(testStack(), { acr: 'silver', loa: 1 });
const byOtp = gold();
const { password, otp, recoveryCode, webAuthn, usernameThenPasskey, allOf, anyOf } = Factor;

/** What both victims have. */
export const ROLE_OF_VICTIMS = 'admin';
export const ATTRIBUTES_OF_VICTIMS = { tier: ['high'] };
/** What nobody has. */
export const ROLE_OF_NOBODY = 'trusted';
export const SCOPES = ['payments', 'spared'] as const;

const role = (name: string) => ({ name }) as Role;
const scope = (name: (typeof SCOPES)[number]) => ({ name }) as StepUpClientScope;

const byScope = When.clientScope(scope('payments'));

/** Conditions that hold for the victims. */
const CONDITIONS: Readonly<Record<string, LoginCondition>> = {
  clientScope: byScope,
  noClientScope: When.noClientScope(scope('spared')),
  'realmRole, clientRole': When.realmRole(role(ROLE_OF_VICTIMS)),
  'noRealmRole, noClientRole': When.noRealmRole(role(ROLE_OF_NOBODY)),
  userAttribute: When.userAttribute({ name: 'tier', value: 'high' }),
  'userAttribute, by a regular expression': When.userAttribute({ name: 'tier', value: /h.*/ }),
  noUserAttribute: When.noUserAttribute({ name: 'tier', value: 'low' }),
  credentialUsed: When.credentialUsed(password()),
  credentialNotUsed: When.credentialNotUsed(webAuthn()),
  subflowExecuted: When.subflowExecuted('forms'),
  subflowNotExecuted: When.subflowNotExecuted('level-2.gold'),
};

const OF_RULE = /^rules?\./;
const OF_LEVEL = /level-2\.\S+ > /;

function ruled(name: string, rules: readonly StepUpRule[], requires = byOtp, parts = OF_RULE): Case {
  return { name, nodes: stepUpNodes([silver, requires], rules), parts };
}

const rule = (requires: AssuranceLevel, ...when: LoginCondition[]): StepUpRule => ({ name: 'it', when, requires });

/** A rule for each condition, of which the parts that hang on it are damaged. */
export const BY_CONDITION: readonly Case[] = Object.entries(CONDITIONS).map(([name, one]) =>
  ruled(`When.${name}`, [rule(byOtp, one)], byOtp, /\.exempt|\.holds/),
);

const [byTwo, byEither, open] = [
  gold({ provedBy: allOf(password(), otp()) }),
  gold({ provedBy: anyOf(otp(), recoveryCode()) }),
  gold({ unenrolled: 'enrol' }),
];

/** Rules, of which every part is damaged. */
export const RULES: readonly Case[] = [
  ruled('a rule for a scope', [rule(byOtp, byScope)]),
  ruled('a rule without conditions', [rule(byOtp)]),
  ruled('a rule of two conditions', [rule(byOtp, byScope, When.realmRole(role(ROLE_OF_VICTIMS)))]),
  ruled('two rules for one level', [
    { name: 'scope', when: [byScope], requires: byOtp },
    { name: 'trusted', when: [When.realmRole(role(ROLE_OF_NOBODY))], requires: byOtp },
  ]),
  ruled('a rule for a level of two proofs', [rule(byTwo, byScope)], byTwo),
  ruled('a rule for a level of either proof', [rule(byEither, byScope)], byEither),
  ruled('a rule for a level with enrolment', [rule(open, byScope)], open),
];

function leveled(name: string, levels: readonly AssuranceLevel[], rest: Partial<Case> = {}): Case {
  return { name, nodes: stepUpNodes(levels, []), parts: OF_LEVEL, asksForGold: true, ...rest };
}

/** Levels and proofs, of which every part is damaged. */
export const LEVELS: readonly Case[] = [
  leveled('a level', [silver, byOtp]),
  leveled('a level of two proofs', [silver, byTwo]),
  leveled('a level of either proof', [silver, byEither]),
  leveled('a level by otpUnlessHeader', [
    silver,
    gold({ provedBy: otpUnlessHeader({ header: 'X-Device-Trust', value: 'managed' }) }),
  ]),
  leveled('a level by otpIfHeader', [silver, gold({ provedBy: otpIfHeader({ header: 'X-Risk', value: 'high' }) })]),
  leveled('a lowest level by a passkey', [gold({ provedBy: usernameThenPasskey() })], { stolen: 'name' }),
  {
    name: 'a ProofFlow',
    nodes: proofFlowNodes([silver, byOtp]),
    parts: /^level-2|^proofs/,
  },
];
