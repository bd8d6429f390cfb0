import type { KeycloakServer } from '../../sandbox/keycloak';
import type { Dice } from '../../test/live/attacker/random';
import type { Fault } from './fault-proxy';
import type { Change } from './stacks';

/** What the probe needs of a Keycloak. */
export type ProbedServer = Pick<KeycloakServer, 'url' | 'clientId' | 'clientSecret' | 'crash' | 'restart'>;

export const KINDS = ['answer lost', 'refused', 'Terraform killed', 'Keycloak killed'] as const;
export type Kind = (typeof KINDS)[number];

/** One apply that is broken off. */
export interface Interruption {
  readonly change: Change;
  readonly kind: Kind;
  /** Which changing request of the apply, from 1. */
  readonly at: number;
  readonly when: Fault['when'];
  /** What the provider gets of a request that is refused. */
  readonly answer: NonNullable<Fault['answer']>;
  readonly parallelism: 1 | 10;
}

/** All interruptions of a change that makes so many requests, each once; whether before or after is left to the dice. */
export function interruptionsOf(change: Change, requests: number, kinds: readonly Kind[], dice: Dice): Interruption[] {
  const all: Interruption[] = [];
  for (let at = 1; at <= requests; at++) {
    for (const kind of kinds) {
      for (const parallelism of [1, 10] as const) {
        const when = kind === 'answer lost' || (kind !== 'refused' && dice.chance(50)) ? 'after' : 'before';
        const answer = kind === 'refused' && dice.chance(50) ? '503' : 'nothing';
        all.push({ change, kind, at, when, answer, parallelism });
      }
    }
  }
  return all;
}

/** In an order that the dice decide. */
export function shuffled<T>(items: readonly T[], dice: Dice): T[] {
  return items
    .map((item) => ({ item, place: dice.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

export function faultOf({ kind, at, when, answer }: Interruption, server: ProbedServer, kill: () => void): Fault {
  if (kind === 'Terraform killed') return { at, when, act: kill };
  if (kind === 'Keycloak killed') return { at, when, act: () => server.crash?.() };
  return { at, when, answer };
}

/** In one line, for the progress and for whoever wants to see it again. */
export function shownInterruption({ change, kind, at, when, answer, parallelism }: Interruption): string {
  const how = kind === 'refused' ? ` (${answer === '503' ? '503' : 'reset'})` : '';
  return `${change.name}, parallelism ${parallelism}: ${kind}${how} ${when} request ${at}`;
}
