import type { RealmModel } from '../../../model/realm-model';
import type { Attacker } from './attacker';
import type { Users } from './representation';

/** A rule shown on two realms: one that breaks it and one that follows its remedy. */
export type RuleCase = {
  /** The rule's id. */
  readonly rule: string;
  readonly vulnerable: RealmModel;
  readonly remedied: RealmModel;
  /** What bob and alice have beside their credentials. */
  readonly users?: Users;
  /** What the rule still says of the remedied realm, because nothing helps against it. */
  readonly remains?: RegExp;
} & (Attack | NoAttack);

interface Attack {
  /** Logs in as the attacker, or as the user who is locked out, and says in one line what was asked and what came of it. */
  readonly attack: (attacker: Attacker) => Promise<string>;
  /** What comes of it in the vulnerable realm. */
  readonly succeeds: string;
  /** And in the remedied one. */
  readonly fails: string;
}

interface NoAttack {
  /** Why no login can show the rule. */
  readonly noLogin: string;
}
