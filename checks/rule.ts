import type { RealmModel } from '../model/realm-model';
import type { Inspection } from './support/inspection';

/** How bad a finding is: an error lets an attacker through or locks users out, a warning may, a note is to be known. */
export type Level = 'error' | 'warning' | 'note';

/** Levels from the worst on. */
export const LEVELS: readonly Level[] = ['error', 'warning', 'note'];

/** Something that Keycloak accepts and that makes a login do what nobody meant. */
export interface Rule {
  /** For suppressions, links and file names. */
  readonly id: string;
  /** Short and never reused: `SU101`. */
  readonly code: string;
  /** The level of what it finds, if a finding doesn't say otherwise. */
  readonly level: Level;
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** What Keycloak does, and why. */
  readonly cause: string;
  /** What an attacker does, or what happens to a user, step by step. */
  readonly attack: readonly string[];
  /** What to write instead. */
  readonly remedy: string;
  /** Where this can be read up. */
  readonly sources: readonly string[];
  /** Looks at one realm and tells the inspection what it finds and what it can't tell. Keeps no state. */
  readonly inspect: (inspection: Inspection) => void;
}

/** Where something is. */
export interface Location {
  /** Way to it in the realm: `flow step-up > forms > gold > auth-otp-form`, `client shop`. */
  readonly path: string;
  /** Terraform address or Keycloak id, if the source says. */
  readonly address?: string;
}

/** What a rule says about one place. */
export interface Finding {
  readonly rule: string;
  readonly code: string;
  readonly level: Level;
  /** `cannot-tell` if the source leaves open whether the rule is broken. */
  readonly verdict: 'found' | 'cannot-tell';
  readonly location: Location;
  /** What is there. */
  readonly what: string;
  /** What an attacker gains by it, or what happens to users; of `cannot-tell`, why it can't be told. */
  readonly gain: string;
  /** What to write instead. */
  readonly instead: string;
}

/** A finding that somebody has judged and accepts. */
export interface Suppression {
  /** The rule's id. */
  readonly id: string;
  /** Why it is accepted. Listed with the results. */
  readonly reason: string;
  /**
   * Only findings whose path or address contains this.
   * @default all findings of the rule
   */
  readonly at?: string;
}

/** A realm and what the rules say of it. */
export interface CheckedRealm {
  readonly realm: string;
  readonly model: RealmModel;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly { readonly finding: Finding; readonly reason: string }[];
  /** Suppressions that no finding needed. */
  readonly unused: readonly Suppression[];
}
