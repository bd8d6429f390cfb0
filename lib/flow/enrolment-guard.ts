import type { AssuranceLevel } from '../assurance/assurance-level';
import { singleFactors } from '../assurance/factor';
import { type FlowNode, levelOf } from './flow-node';

/** What Keycloak calls the reference category of an authenticator: the type of the credential that it verifies. */
const CREDENTIAL_TYPES: Readonly<Record<string, string>> = {
  'auth-otp-form': 'otp',
  'auth-conditional-otp-form': 'otp',
  'auth-recovery-authn-code-form': 'recovery-authn-codes',
  'webauthn-authenticator': 'webauthn',
  'webauthn-authenticator-passwordless': 'webauthn-passwordless',
};

/**
 * Whether a user who owns a credential of the level must prove the level before enrolling another one, or deleting one,
 * in a login by this flow (`kc_action`).
 *
 * Keycloak gives each type of credential the LoA of the last execution in the flow that verifies it, and 0 where no condition
 * on the LoA stands before it in its subflow. It asks for no more than that.
 * Source: Server Administration Guide, "Application initiated actions".
 */
export function guardsEnrolment(nodes: readonly FlowNode[], level: AssuranceLevel): boolean {
  if (nodes.some((node) => isDenial(node))) return true;
  const levels = new Map<string, number>();
  fill(levels, nodes, 0);
  return singleFactors(level.provedBy)
    .filter(({ enrolment }) => enrolment !== undefined)
    .every(({ credentialType }) => (levels.get(credentialType) ?? 0) >= level.loa);
}

function fill(levels: Map<string, number>, nodes: readonly FlowNode[], inherited: number): void {
  let current = inherited;
  for (const node of nodes) {
    if (node.kind === 'subflow') {
      fill(levels, node.children, current);
    } else {
      current = levelOf(node) ?? current;
      const type = CREDENTIAL_TYPES[node.authenticator];
      if (type !== undefined) levels.set(type, current);
    }
  }
}

function isDenial(node: FlowNode): boolean {
  return (
    node.kind === 'execution' && node.authenticator === 'deny-access-authenticator' && node.requirement === 'REQUIRED'
  );
}
