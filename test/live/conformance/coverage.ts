import { RULES } from '../../../model';
import type { BatchResult } from './batch';
import type { ConformanceCase, TreeNode } from './case';

/** What the flows of logins were made of, and which rules decided: so that nothing is taken for tested that never ran. */
export class Coverage {
  /** Cases whose flow has it, by requirement. */
  private readonly steps = new Map<string, number>();
  private readonly rules = new Map<string, number>();
  private readonly outcomes = new Map<string, number>();

  add({ results }: Pick<BatchResult, 'results'>): void {
    for (const each of new Set(results.map((result) => result.case))) this.addCase(each);
    for (const { result } of results) {
      for (const rule of new Set(result.trace.map((entry) => entry.rule))) count(this.rules, rule);
      count(
        this.outcomes,
        result.outcome.kind === 'refused' ? `refused: ${result.outcome.reason}` : result.outcome.kind,
      );
    }
  }

  /** Rules of the simulator that no login ran into. */
  get unseenRules(): string[] {
    return Object.keys(RULES).filter((rule) => !this.rules.has(rule));
  }

  toString(): string {
    return [
      'cases with each step, by requirement:',
      ...table(this.steps),
      'logins by outcome:',
      ...table(this.outcomes),
      'logins in which each rule decided:',
      ...table(this.rules),
      `rules that decided in none: ${this.unseenRules.join(', ') || '-'}`,
    ].join('\n');
  }

  private addCase({ flow }: ConformanceCase): void {
    for (const step of new Set(stepsOf(flow))) count(this.steps, step);
  }
}

function stepsOf(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap((node) =>
    'subflow' in node
      ? [`subflow ${node.requirement}`, ...stepsOf(node.nodes)]
      : [`${node.authenticator} ${node.requirement}`],
  );
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function table(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, value]) => `  ${String(value).padStart(5)} ${key}`);
}
