import type { Construct } from 'constructs';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { passwordSuffices } from '../assurance/password-suffices';
import { AuthenticationFlow } from './authentication-flow';
import { condition, execution, type FlowNode, subflow } from './flow-node';
import { ruleNodes } from './rule-nodes';
import type { StepUpFlow } from './step-up-flow';
import { levelNode } from './step-up-tree';

export interface PostBrokerFlowProps {
  /** The flow whose levels and rules also hold for brokered logins: the realm's browser flow. */
  readonly like: StepUpFlow;
  /**
   * Name of the flow; its alias is `<name>-<content hash>`.
   * @default 'post-broker'
   */
  readonly name?: string;
}

/**
 * What a login by an identity provider still has to prove here: the levels of a step-up flow above the lowest, as far as
 * they are asked for, and its rules. The identity provider's own proof counts as a password, whatever it was: as the lowest
 * level where a password proves that, and as none where more is needed; then the user proves the lowest level here too.
 *
 * Without it a brokered login ends where the identity provider sends the user back, whatever level or scope was asked
 * for. Give its alias to each identity provider as `postBrokerLoginFlowAlias`, and its `handle.dependsOn` as `dependsOn`.
 *
 * Source: Server Administration Guide, "Post login flow" of "Identity brokering".
 */
export class PostBrokerFlow extends AuthenticationFlow {
  constructor(scope: Construct, id: string, { like, name = 'post-broker' }: PostBrokerFlowProps) {
    const allowed = [execution('allow-access-authenticator')];
    const [lowest, ...higher] = like.levels as [AssuranceLevel, ...AssuranceLevel[]];
    const trusted = passwordSuffices(lowest.provedBy);
    super(scope, id, {
      realm: like.realm,
      name,
      description: 'Proofs after a login by an identity provider',
      nodes: [
        subflow('levels', 'REQUIRED', [
          // Keycloak takes every level as asked for until one is reached, so the provider's own is granted first.
          ...(trusted
            ? [levelNode(lowest, allowed), ...higher.map((level) => levelNode(level))]
            : [nobodysLevel(allowed), ...like.levels.map((level) => levelNode(level))]),
        ]),
        ...ruleNodes(like.rules, trusted ? higher : like.levels),
      ],
      dependsOn: like.rules.flatMap(({ when = [] }) => when.flatMap(({ dependsOn }) => dependsOn)),
    });
  }
}

/** LoA 1, which stands for no acr where the lowest level is more than a password. */
function nobodysLevel(nodes: readonly FlowNode[]): FlowNode {
  return subflow('level-1.identity-provider', 'CONDITIONAL', [
    condition('conditional-level-of-authentication', { 'loa-condition-level': '1', 'loa-max-age': '0' }),
    ...nodes,
  ]);
}
