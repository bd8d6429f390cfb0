import { aliasOf, condition, execution, type FlowNode, type Subflow, subflow } from './flow-node';

/** Passes a login, whatever it is. */
export const ALLOW = execution('allow-access-authenticator');

/** Holds if the subflow of the same flow was run to its end, or if it wasn't. */
export function wasExecuted(name: string, executed: boolean, options: { readonly name?: string } = {}): FlowNode {
  const check = condition('conditional-sub-flow-executed', {
    flow_to_check: aliasOf(name),
    check_result: executed ? 'executed' : 'not-executed',
  });
  return { ...check, name: options.name ?? check.name };
}

/**
 * Stands behind REQUIRED subflows and is passed only if each of them was run to its end. Keycloak goes on without a REQUIRED subflow
 * that is missing or DISABLED, as one is until its requirement has been set; with this it refuses.
 *
 * @param name of what they make up, part of its own name
 */
export function complete(name: string, subflows: readonly FlowNode[]): Subflow {
  return subflow(`${name}.complete`, 'REQUIRED', [
    subflow(`${name}.complete.if`, 'CONDITIONAL', [
      ...subflows.map((one, index) => wasExecuted(one.name, true, { name: `executed-${index + 1}` })),
      ALLOW,
    ]),
  ]);
}
