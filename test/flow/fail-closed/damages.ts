import type { FlowNode } from '../../../lib';

/** What an apply that broke off, or a hand in the console, can leave of one part of a flow. */
export const DAMAGES = [
  'deleted',
  'no config',
  'twice, once without config',
  'twice, once with no requirement set',
  'no requirement set',
] as const;

export type Damage = (typeof DAMAGES)[number];

/** A part of a flow, and what it looks like where it is damaged. */
export interface Damaged {
  /** Name and requirement of the part. */
  readonly part: string;
  readonly damage: Damage;
  /** Whether the part stands in what exempts logins from a rule. */
  readonly spares: boolean;
  readonly nodes: readonly FlowNode[];
}

/**
 * Every damage of every part whose path, names joined by ` > `, matches. Keycloak makes an execution DISABLED, and the provider
 * sets its requirement by its next request.
 */
export function damaged(declared: readonly FlowNode[], parts: RegExp): Damaged[] {
  const nodes = copied(declared);
  return placesIn(nodes)
    .filter(({ path }) => parts.test(path))
    .flatMap(({ node, path }) =>
      DAMAGES.flatMap((damage) => {
        const left = leftOf(node, damage);
        const part = `${node.name} ${node.requirement}`;
        return left ? [{ part, damage, spares: path.includes('.exempt > '), nodes: replaced(nodes, node, left) }] : [];
      }),
    );
}

function placesIn(nodes: readonly FlowNode[], prefix = ''): { readonly node: FlowNode; readonly path: string }[] {
  return nodes.flatMap((node) => {
    const path = `${prefix}${node.name}`;
    return [{ node, path }, ...(node.kind === 'subflow' ? placesIn(node.children, `${path} > `) : [])];
  });
}

/** The same tree, in which no node stands twice. */
function copied(nodes: readonly FlowNode[]): FlowNode[] {
  return nodes.map((node) => (node.kind === 'subflow' ? { ...node, children: copied(node.children) } : { ...node }));
}

/** What stands in the place of the part. */
function leftOf(part: FlowNode, damage: Damage): FlowNode[] | undefined {
  const off: FlowNode = { ...part, requirement: 'DISABLED' };
  switch (damage) {
    case 'deleted':
      return [];
    case 'no requirement set':
      return [off];
    case 'no config':
      return part.kind === 'execution' && part.config ? [bare(part)] : undefined;
    case 'twice, once without config':
      return part.kind === 'execution' ? [bare(part), part] : undefined;
    case 'twice, once with no requirement set':
      return part.kind === 'execution' ? [bare(off), part] : undefined;
  }
}

function bare(part: FlowNode): FlowNode {
  return part.kind === 'execution' ? { ...part, name: `${part.name}-again`, config: undefined } : part;
}

function replaced(nodes: readonly FlowNode[], part: FlowNode, by: readonly FlowNode[]): FlowNode[] {
  return nodes.flatMap((node) => {
    if (node === part) return by;
    return [node.kind === 'subflow' ? { ...node, children: replaced(node.children, part, by) } : node];
  });
}
