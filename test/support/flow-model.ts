import type { FlowNode } from '../../lib';
import type { Execution, Flow } from '../../model/realm-model';

/** A flow as the model has it, of nodes as the constructs write them. */
export function modelFlow(alias: string, nodes: readonly FlowNode[]): Flow {
  return flowOf(alias, nodes, (name) => `${alias}.${name}`, true);
}

function flowOf(alias: string, nodes: readonly FlowNode[], aliasOf: (name: string) => string, topLevel: boolean): Flow {
  const executions = nodes.map((node, index): Execution => {
    const place = {
      id: `${alias}/${index}:${node.name}`,
      priority: 10 * (index + 1),
      requirement: node.requirement,
    };
    if (node.kind === 'subflow') {
      return { ...place, kind: 'subflow', flow: flowOf(aliasOf(node.name), node.children, aliasOf, false) };
    }
    const { authenticator, config } = node;
    const values = Object.entries(config ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : aliasOf(value.aliasOf),
    ]);
    return {
      ...place,
      kind: 'authenticator',
      authenticator,
      ...(config && { config: { alias: place.id, values: Object.fromEntries(values) } }),
    };
  });
  return { alias, provider: 'basic-flow', builtIn: false, executions, ...(topLevel && { id: `id-of-${alias}` }) };
}
