import { RULES } from '../../../model';
import type { BatchResult } from './batch';
import type { ConformanceCase, TreeNode } from './case';
import { MOVES } from './moves-seen';
import type { ComparedLogin } from './run-case';

/** Fewer logins than this say little about a move. */
export const ENOUGH = 20;

/** What the flows of logins were made of, which rules decided and which moves were made: so that nothing is taken for tested that never ran. */
export class Coverage {
  /** Cases whose flow has it, by requirement. */
  private readonly steps = new Map<string, number>();
  private readonly rules = new Map<string, number>();
  private readonly moves = new Map<string, number>(Object.keys(MOVES).map((move) => [move, 0]));
  /** Rules that decided together with a move, by the move. */
  private readonly together = new Map<string, Set<string>>();
  private readonly outcomes = new Map<string, number>();
  /** Why the simulator could not tell. */
  private readonly untold = new Map<string, number>();

  add({ results }: Pick<BatchResult, 'results'>): void {
    for (const each of new Set(results.map((result) => result.case))) this.addCase(each);
    for (const { login } of results) this.addLogin(login);
  }

  /** Rules of the simulator that no login ran into. */
  get unseenRules(): string[] {
    return Object.keys(RULES).filter((rule) => !this.rules.has(rule));
  }

  /** Moves that fewer than {@link ENOUGH} logins made. */
  get rareMoves(): string[] {
    return [...this.moves].filter(([, times]) => times < ENOUGH).map(([move]) => move);
  }

  /** Of the rules that decided somewhere, those that never did together with a move. */
  get rulesMissingByMove(): string[] {
    return [...this.moves.keys()].flatMap((move) => {
      const missing = [...this.rules.keys()].filter((rule) => !this.together.get(move)?.has(rule)).sort();
      return missing.length > 0 ? [`never with ${move}: ${missing.join(', ')}`] : [];
    });
  }

  toString(): string {
    return [
      'cases with each step, by requirement:',
      ...table(this.steps),
      'logins by outcome:',
      ...table(this.outcomes),
      'logins that the simulator can not tell:',
      ...table(this.untold),
      'logins in which each rule decided:',
      ...table(this.rules),
      'logins with each move, and how many rules decided in them:',
      ...[...this.moves].map(
        ([move, times]) => `  ${String(times).padStart(5)} ${move} (${this.together.get(move)?.size ?? 0} rules)`,
      ),
      `rules that decided in none: ${this.unseenRules.join(', ') || '-'}`,
      `moves in fewer than ${ENOUGH}: ${this.rareMoves.join(', ') || '-'}`,
    ].join('\n');
  }

  private addCase({ flow }: ConformanceCase): void {
    for (const step of new Set(stepsOf(flow))) count(this.steps, step);
  }

  private addLogin(login: ComparedLogin): void {
    const { outcome } = login.result;
    if (outcome.kind === 'cannot-tell') {
      count(this.untold, outcome.because.replace(/\S*\d\S*/g, '…'));
      return;
    }
    const rules = new Set(login.results.flatMap(({ trace }) => trace.map(({ rule }) => rule)));
    for (const rule of rules) count(this.rules, rule);
    for (const [move, did] of Object.entries(MOVES)) {
      if (!did(login)) continue;
      count(this.moves, move);
      const decided = this.together.get(move) ?? new Set();
      this.together.set(move, decided);
      for (const rule of rules) decided.add(rule);
    }
    count(this.outcomes, outcome.kind === 'refused' ? `refused: ${outcome.reason}` : outcome.kind);
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
