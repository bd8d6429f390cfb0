import type { FlowNode } from './flow-node';

/**
 * Whether a login by the flow can come past its user name form without a password. Keycloak notes the credential "password"
 * as used when that form is sent, so there it says nothing about a password.
 *
 * Source: `UsernamePasswordForm.action`, from which the user name form inherits.
 */
export function countsUserNameAsPassword(nodes: readonly FlowNode[], chosen = false): boolean {
  const choices = nodes.filter(
    (node) =>
      node.requirement === 'ALTERNATIVE' && !(node.kind === 'execution' && node.authenticator === 'auth-cookie'),
  );
  return nodes.some((node) => {
    const optional = chosen || (choices.length > 1 && choices.includes(node));
    if (node.kind === 'subflow') return countsUserNameAsPassword(node.children, optional);
    if (node.authenticator !== 'auth-username-form' || node.requirement === 'DISABLED') return false;
    return optional || !nodes.some((other) => isPasswordForm(other));
  });
}

function isPasswordForm(node: FlowNode): boolean {
  return node.kind === 'execution' && node.authenticator === 'auth-password-form' && node.requirement === 'REQUIRED';
}
