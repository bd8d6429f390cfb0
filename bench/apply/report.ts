import Table from 'cli-table3';
import { type Interruption, shownInterruption } from './interruption';
import type { Outcome } from './probe';

/** An interruption and what came of it. */
export interface Result {
  readonly interruption: Interruption;
  readonly outcome: Outcome;
}

const COLUMNS = [
  'change',
  'interruption',
  'runs',
  'hostile logins that passed',
  'owners refused',
  'bound flows that differ',
  'stuck without the command',
  'healed by the next apply',
  'healed by the command',
  'state at 0 bytes',
] as const;

/** One row a change and kind of interruption, and one of all. */
export function shownTable(results: readonly Result[]): string {
  const reached = results.filter(({ outcome }) => outcome.end !== 'not reached');
  const groups = new Map<string, Result[]>();
  for (const result of reached) {
    const { change, kind } = result.interruption;
    const key = JSON.stringify([change.name, kind]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  const table = new Table({ head: [...COLUMNS], wordWrap: true, style: { head: [], border: [], compact: true } });
  for (const [key, group] of [...groups].sort()) table.push([...JSON.parse(key), ...counts(group)]);
  table.push(['all', '', ...counts(reached)]);
  return table.toString();
}

function counts(group: readonly Result[]): number[] {
  const looks = (pick: (look: Outcome['looks'][number]) => readonly string[]) =>
    group.flatMap(({ outcome }) => outcome.looks.flatMap(pick)).length;
  const having = (test: (outcome: Outcome) => boolean) => group.filter(({ outcome }) => test(outcome)).length;
  return [
    group.length,
    looks(({ passed }) => passed),
    looks(({ refused }) => refused),
    having(({ looks: all }) => all.some(({ differs }) => differs.length > 0)),
    having(({ end }) => end === 'stuck'),
    having(({ end }) => end === 'healed by the next apply'),
    having(({ end }) => end === 'healed by the command'),
    having(({ stateRestored }) => stateRestored),
  ];
}

/** Whether something is wrong: a login, a flow, or an apply that is stuck. */
export function isBad({ outcome: { end } }: Result): boolean {
  return end === 'stuck' || end === 'wrong';
}

/** All that is wrong with a result, a line each. */
export function shownFaults({ interruption, outcome }: Result): string[] {
  return [
    `${shownInterruption(interruption)}: ${outcome.end}`,
    ...outcome.looks.flatMap(({ when, passed, refused, differs, error }) => [
      ...passed.map((what) => `  ${when}, a password has ${what}`),
      ...refused.map((what) => `  ${when}, the owner lacks ${what}`),
      ...differs.map((line) => `  ${when}, the bound flow ${line}`),
      ...(error && when !== 'after the break' ? [`  ${when}: ${error.slice(0, 300)}`] : []),
    ]),
  ];
}
