import type { Flow, RealmModel } from '../../../model/realm-model';
import { type Actor, type LoginRequest, type SimulatedUser, simulate } from '../../../model/simulate';
import { realm as realmOf } from '../../checks/support/realms';
import { COOKIE, client, flow, PASSWORD } from '../../model/support/realm';
import { modelFlow } from '../../support/flow-model';
import { ATTRIBUTES_OF_VICTIMS, type Case, ROLE_OF_NOBODY, ROLE_OF_VICTIMS, SCOPES } from './cases';
import { type Damage, damaged } from './damages';

/** What becomes of a thief: asked for what they lack, refused, given a lower level than the one asked for, or let through. */
export type Fate = 'asked' | 'refused' | 'lower level' | 'PASSES';

/** Whose password the thief has: bob owns an OTP, alice nothing else. */
export const VICTIMS = ['bob', 'alice'] as const;
export type Victim = (typeof VICTIMS)[number];

/** One damage of one part of a case's flow. */
export interface Row {
  readonly of: Case;
  readonly part: string;
  /** @default the flow as it is declared */
  readonly damage?: Damage;
  /** Whether the part stands in what exempts logins from a rule. @default false */
  readonly spares?: boolean;
  readonly flow: Flow;
}

/** The flows of the cases, each as it is declared and with each damage. @param prefix of their aliases */
export function rowsOf(cases: readonly Case[], prefix = 'flow'): Row[] {
  return cases
    .flatMap((of) => [
      { of, part: '', nodes: of.nodes },
      ...damaged(of.nodes, of.parts).map((each) => ({ of, ...each })),
    ])
    .map(({ nodes, ...row }, index) => ({ ...row, flow: modelFlow(`${prefix}-${index}`, nodes) }));
}

/** A realm with a client for each row, of the name of its flow. */
export function realmOfRows(rows: readonly Row[]): RealmModel {
  const model = realmOf(flow('plain', [COOKIE, PASSWORD]), { flows: rows.map((row) => row.flow) });
  return {
    ...model,
    roles: [...model.roles, ROLE_OF_VICTIMS, ROLE_OF_NOBODY],
    clientScopes: [...model.clientScopes, ...SCOPES.map((name) => ({ name, protocol: 'openid-connect', mappers: [] }))],
    clients: rows.map(({ flow: { alias } }) =>
      client(alias, { flowOverrides: { browser: { alias } }, optionalScopes: [...SCOPES] }),
    ),
  };
}

/** What the thief asks for. */
export function requestOf({ of, flow: { alias } }: Row): LoginRequest {
  return of.asksForGold ? { clientId: alias, acrValues: ['gold'] } : { clientId: alias, scope: ['openid', 'payments'] };
}

const ACCOUNTS: Readonly<Record<Victim, SimulatedUser>> = {
  bob: { credentials: ['password', 'otp'], roles: [ROLE_OF_VICTIMS], attributes: ATTRIBUTES_OF_VICTIMS },
  alice: { credentials: ['password'], roles: [ROLE_OF_VICTIMS], attributes: ATTRIBUTES_OF_VICTIMS },
};

/** What the simulator says becomes of the thief. */
export function fate(model: RealmModel, row: Row, victim: Victim): Fate {
  const held = row.of.stolen === 'name' ? ['username'] : ['username', 'password'];
  const thief: Actor = (page) => {
    if (page.kind !== 'form') return { stop: true };
    const give = page.accepts.findIndex((proofs) => proofs.every((proof) => held.includes(proof)));
    return give >= 0 ? { give } : { stop: true };
  };
  const { outcome } = simulate(model, requestOf(row), ACCOUNTS[victim], undefined, { actor: thief });
  switch (outcome.kind) {
    case 'granted':
      return row.of.asksForGold && outcome.acr !== 'gold' ? 'lower level' : 'PASSES';
    case 'abandoned':
      return 'asked';
    case 'cannot-tell':
      throw new Error(`${row.of.name}, ${row.part} ${row.damage}: ${outcome.because}`);
    default:
      return 'refused';
  }
}
