import type { Construct } from 'constructs';
import type { AssuranceLevel } from '../assurance/assurance-level';
import type { StepUpRealm } from '../realm/step-up-realm';
import { AuthenticationFlow } from './authentication-flow';
import { complete } from './complete';
import { proofNodes } from './factor-nodes';
import { type FlowNode, subflow } from './flow-node';
import { inAlias, levelName } from './level-name';

export interface ProofFlowProps {
  /** The realm that the flow belongs to. */
  readonly realm: StepUpRealm;
  /** The level that whoever comes through the flow has proved. */
  readonly level: AssuranceLevel;
  /**
   * Name of the flow; its alias is `<name>-<content hash>`.
   * @default 'proof-<acr>', with what an alias can't have replaced by -
   */
  readonly name?: string;
}

/**
 * A browser flow that asks for every proof of a level and of the levels below it, each time: there is no cookie in it, so
 * a session does not shorten it, and no condition on the Level of Authentication, so no request can skip a proof.
 *
 * As a client's own flow it guards all that the client is given. It is also what a `StepUpPolicy` may enforce: Keycloak
 * stamps the level on whatever comes out of an enforced flow without a look at what was proved; with an ordinary step-up
 * flow that is gold on a password.
 *
 * Source: Server Administration Guide, "Using client policies to select an authentication flow".
 *
 * @throws ConfigurationError on a level of another realm
 */
export class ProofFlow extends AuthenticationFlow {
  readonly level: AssuranceLevel;

  constructor(scope: Construct, id: string, { realm, level, name }: ProofFlowProps) {
    const proved = realm.levels.filter(({ loa }) => loa <= level.loa);
    super(scope, id, {
      realm,
      name: name ?? `proof-${inAlias(level.acr)}`,
      description: `Proof of ${proved.map(({ acr }) => acr).join(' and ')}, asked for every time`,
      nodes: proofFlowNodes(proved),
    });
    realm.insistOnOwnLevel(this, 'level', level);
    this.level = level;
  }

  override alwaysProves(level: AssuranceLevel): boolean {
    return level.loa <= this.level.loa;
  }

  override guardsEnrolment(level: AssuranceLevel): boolean {
    return level.loa <= this.level.loa;
  }
}

/** The proofs of levels, one after the other. */
export function proofFlowNodes(levels: readonly AssuranceLevel[]): FlowNode[] {
  const proofs = levels.map((level) => subflow(levelName(level), 'REQUIRED', proofNodes(level, levelName(level))));
  return [...proofs, complete('proofs', proofs)];
}
