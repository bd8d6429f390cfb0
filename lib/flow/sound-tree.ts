import type { IConstruct } from 'constructs';
import { insist } from '../support/configuration-error';
import { type Execution, type FlowNode, walk } from './flow-node';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * Checks what must hold for a tree to become resources at all. What a sound tree would do at a login is another matter.
 *
 * @throws ConfigurationError at `scope`
 */
export function insistOnSoundTree(scope: IConstruct, name: string, nodes: readonly FlowNode[]): void {
  insistOnName(scope, 'flow', name);
  const subflows = new Set<string>();
  for (const node of walk(nodes)) {
    insistOnName(scope, node.kind, node.name);
    if (node.kind === 'subflow') {
      insist(scope, !subflows.has(node.name), () => ({
        value: `subflow "${node.name}"`,
        why: 'the flow has two subflows of this name, and an alias is unique in a realm',
        instead: 'Give each subflow of a flow a name of its own',
      }));
      subflows.add(node.name);
      insistOnOwnNames(scope, node.children);
    } else {
      insist(scope, node.requirement !== 'CONDITIONAL', () => ({
        value: `execution "${node.name}" CONDITIONAL`,
        why: 'only a subflow can be CONDITIONAL; Keycloak ignores such an execution',
        instead: 'Put it REQUIRED in a CONDITIONAL subflow, behind a condition',
      }));
    }
  }
  insistOnOwnNames(scope, nodes);
  for (const node of walk(nodes)) {
    if (node.kind === 'execution') insistOnKnownAliases(scope, node, subflows);
  }
}

function insistOnName(scope: IConstruct, what: string, name: string): void {
  insist(scope, NAME.test(name), () => ({
    value: `${what} name ${JSON.stringify(name)}`,
    why: 'it becomes part of an alias, which stands in paths of the Admin REST API',
    instead: 'Begin with a letter or digit and use letters, digits and . _ - only',
  }));
}

function insistOnOwnNames(scope: IConstruct, siblings: readonly FlowNode[]): void {
  const names = new Set<string>();
  for (const { name } of siblings) {
    insist(scope, !names.has(name), () => ({
      value: `"${name}" twice`,
      why: 'executions and subflows side by side need names of their own',
      instead: 'Give one of them another name',
    }));
    names.add(name);
  }
}

function insistOnKnownAliases(scope: IConstruct, node: Execution, subflows: ReadonlySet<string>): void {
  for (const [key, value] of Object.entries(node.config ?? {})) {
    insist(scope, typeof value === 'string' || subflows.has(value.aliasOf), () => ({
      value: `${key} of "${node.name}" refers to subflow "${typeof value === 'string' ? value : value.aliasOf}"`,
      why: 'the flow has no such subflow, and Keycloak takes an unknown one as not executed',
      instead: `Name one of: ${[...subflows].join(', ')}`,
    }));
  }
}
