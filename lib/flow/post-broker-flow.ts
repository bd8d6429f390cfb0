import type { Construct } from 'constructs';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { AuthenticationFlow } from './authentication-flow';
import { execution, subflow } from './flow-node';
import type { StepUpFlow } from './step-up-flow';
import { levelNode, ruleNodes } from './step-up-tree';

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
 * they are asked for, and its rules. The identity provider's own proof counts as the lowest level, whatever it was.
 *
 * Without it a brokered login ends where the identity provider sends the user back, whatever level or scope was asked
 * for. Give its alias to each identity provider as `postBrokerLoginFlowAlias`, and its `handle.dependsOn` as `dependsOn`.
 *
 * Source: Server Administration Guide, "Post login flow" of "Identity brokering".
 */
export class PostBrokerFlow extends AuthenticationFlow {
  constructor(scope: Construct, id: string, { like, name = 'post-broker' }: PostBrokerFlowProps) {
    const [lowest, ...higher] = like.levels as [AssuranceLevel, ...AssuranceLevel[]];
    super(scope, id, {
      realm: like.realm,
      name,
      description: 'Proofs after a login by an identity provider',
      nodes: [
        subflow('levels', 'REQUIRED', [
          // Keycloak takes every level as asked for until one is reached, so the lowest one is granted first.
          levelNode(lowest, [execution('allow-access-authenticator')]),
          ...higher.map((level) => levelNode(level)),
        ]),
        ...like.rules.flatMap(ruleNodes),
      ],
      dependsOn: like.rules.flatMap(({ when = [] }) => when.flatMap(({ dependsOn }) => dependsOn)),
    });
  }
}
