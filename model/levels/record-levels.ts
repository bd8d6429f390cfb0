import { type LevelHistory, RECORD, type RecordedLevel } from './level-history';
import {
  type DeclaredLevel,
  hadByOthers,
  movedMeaning,
  type NumberedLevel,
  type NumberProblem,
  numberLevels,
  unrecorded,
} from './level-numbers';

/** The levels of a realm, as one stack declares them. */
export interface DeclaredRealm {
  /** Under which name the history keeps the levels. */
  readonly realm: string;
  /** Lowest first. */
  readonly levels: readonly DeclaredLevel[];
}

/** A change of meaning that is meant. */
export type Meant =
  /** The level `acr` is called `as` from now on, and keeps its number. */
  | { readonly kind: 'rename'; readonly acr: string; readonly as: string }
  /** The level gets a number that nobody has. */
  | { readonly kind: 'renumber'; readonly acr: string }
  /** A retired level is there again with its number. */
  | { readonly kind: 'again'; readonly acr: string }
  /** The sessions of before are ended. */
  | { readonly kind: 'settled'; readonly acr: string };

export interface LevelChange extends NumberedLevel {
  readonly realm: string;
  readonly kind: 'new' | 'between' | 'renamed' | 'renumbered' | 'again' | 'settled' | 'retired';
  /** What of sessions, tokens and clients is to be known. */
  readonly note: string;
}

/** A level can't be recorded as it is. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

/**
 * Adds the declared levels to the history, and marks as retired what no stack declares any more. Nothing is dropped, and the levels of
 * realms that are not declared stay as they are.
 *
 * @throws RecordError on a change of meaning that is not said to be meant
 */
export function recordLevels(
  history: LevelHistory,
  declared: readonly DeclaredRealm[],
  meant: readonly Meant[] = [],
): { readonly history: LevelHistory; readonly changes: readonly LevelChange[] } {
  const realms = [...new Set(declared.map(({ realm }) => realm))];
  for (const one of meant) {
    if (!realms.some((realm) => appliesTo(one, history[realm] ?? []))) throw new RecordError(unmet(one));
    const isDeclared = declared.some(({ levels }) => levels.some(({ acr }) => acr === one.acr));
    if ((one.kind === 'again' || one.kind === 'renumber') && !isDeclared) {
      throw new RecordError(`--${one.kind} ${one.acr}: no stack has a level of this name`);
    }
  }
  const isNamed = (name: string, realm: string) =>
    declared.some((one) => one.realm === realm && one.levels.some(({ acr }) => acr === name));
  /** Of several realms with the old name, those that have the new one are meant. */
  const isMeantIn = (one: Meant, realm: string) =>
    one.kind !== 'rename' || isNamed(one.as, realm) || !realms.some((other) => isNamed(one.as, other));
  const changes: LevelChange[] = [];
  const after: Record<string, readonly RecordedLevel[]> = { ...history };
  for (const realm of realms) {
    const lists = declared.filter((one) => one.realm === realm).map(({ levels }) => levels);
    const recorded = after[realm] ?? [];
    after[realm] = ofRealm(
      realm,
      recorded,
      lists,
      meant.filter((one) => appliesTo(one, recorded) && isMeantIn(one, realm)),
      changes,
    );
  }
  return { history: after, changes };
}

function appliesTo({ kind, acr }: Meant, recorded: readonly RecordedLevel[]): boolean {
  return recorded.some((level) => {
    if (level.acr !== acr) return false;
    if (kind === 'rename') return !level.retired;
    if (kind === 'again') return level.retired === true;
    if (kind === 'settled') return level.sessions !== undefined;
    return true;
  });
}

function unmet({ kind, acr }: Meant): string {
  const lacks: Readonly<Record<Meant['kind'], string>> = {
    rename: 'no level of this name is in use there',
    renumber: 'no level of this name is there',
    again: 'no level of this name is retired there',
    settled: 'no sessions are open there',
  };
  return `--${kind} ${acr}: ${lacks[kind]}. Look at the names with "npx step-up levels"`;
}

function ofRealm(
  realm: string,
  before: readonly RecordedLevel[],
  lists: readonly (readonly DeclaredLevel[])[],
  meant: readonly Meant[],
  changes: LevelChange[],
): readonly RecordedLevel[] {
  const say = (kind: LevelChange['kind'], { acr, loa }: NumberedLevel, note: string) =>
    changes.push({ realm, kind, acr, loa, note });
  const isMeant = (kind: Meant['kind'], acr: string) => meant.some((one) => one.kind === kind && one.acr === acr);
  const isDeclared = (acr: string) => lists.some((levels) => levels.some((level) => level.acr === acr));

  let now: readonly RecordedLevel[] = before;
  for (const one of meant) {
    if (one.kind === 'rename') {
      now = renamed(now, one, isDeclared);
      const level = { acr: one.as, loa: numberOf(now, one.as) };
      say('renamed', level, renameNote(one.acr, one.as));
    }
    if (one.kind === 'renumber') now = now.map((level) => (level.acr === one.acr ? retired(level) : level));
    if (one.kind === 'again') insistOnOneNumber(now, one.acr);
    if (one.kind === 'settled') {
      now = now.map((level) => (level.acr === one.acr ? settled(level) : level));
      say('settled', { acr: one.acr, loa: numberOf(now, one.acr) }, 'no session of before is left');
    }
  }

  const mayMove = new Set(meant.flatMap(({ kind, acr }) => (kind === 'renumber' ? [acr] : [])));
  for (const levels of lists) {
    const seen = now.map((level) => (isMeant('again', level.acr) ? inUse(level) : level));
    const numbered = numberLevels(levels, seen);
    if (!Array.isArray(numbered)) throw new RecordError(sentence(realm, numbered));
    const problem = movedMeaning(numbered, seen, mayMove) ?? hadByOthers(numbered, now);
    if (problem) throw new RecordError(sentence(realm, problem));
    for (const level of unrecorded(numbered, now)) {
      if (mayMove.has(level.acr) && unrecorded([level], before).length === 0) {
        throw new RecordError(
          `--renumber ${level.acr}: the stack says loa: ${level.loa}. Leave it out there, or write another`,
        );
      }
      const was = before.find(({ acr, retired }) => acr === level.acr && !retired)?.loa ?? Number.POSITIVE_INFINITY;
      const higher = before.filter(
        ({ acr, loa, retired }) => !retired && acr !== level.acr && loa > level.loa && loa < was,
      );
      const open = higher.length > 0;
      const others = now.filter(({ acr, loa }) => acr !== level.acr || loa !== level.loa);
      now = [...others, { ...level, ...(open && { sessions: 'open' }) }];
      const rest = open ? `; ${openNote(level, higher)}` : '';
      if (isMeant('again', level.acr)) say('again', level, `sessions of before have it again${rest}`);
      else if (mayMove.has(level.acr)) say('renumbered', level, `sessions of before have the next lower level${rest}`);
      else say(open ? 'between' : 'new', level, open ? openNote(level, higher) : 'no session of before has it');
    }
  }
  return now.map((level) => {
    if (level.retired || isDeclared(level.acr)) return level;
    say(
      'retired',
      level,
      `sessions with ${level.loa} have the next lower level; neither name nor number is free again`,
    );
    return retired(level);
  });
}

function renamed(
  levels: readonly RecordedLevel[],
  { acr, as }: { readonly acr: string; readonly as: string },
  isDeclared: (acr: string) => boolean,
): readonly RecordedLevel[] {
  const said = `--rename ${acr}=${as}`;
  const used = levels.find((level) => level.acr === as);
  if (used) throw new RecordError(`${said}: "${as}" had ${used.loa}. Choose a name that no level had`);
  if (!isDeclared(as)) throw new RecordError(`${said}: no level is called "${as}". Name it so in the stack first`);
  if (isDeclared(acr))
    throw new RecordError(`${said}: a level is called "${acr}" still. Take the name out of the stack`);
  return levels.flatMap((level) =>
    level.acr === acr && !level.retired ? [retired(level), { ...level, acr: as }] : [level],
  );
}

function insistOnOneNumber(levels: readonly RecordedLevel[], acr: string): void {
  const numbers = levels.filter((level) => level.acr === acr).map(({ loa }) => loa);
  const other = levels.find((level) => !level.retired && numbers.includes(level.loa));
  if (numbers.length === 1 && !other) return;
  const why = other ? `its number is that of "${other.acr}"` : `it had the numbers ${numbers.join(', ')}`;
  throw new RecordError(`--again ${acr}: ${why}. Write --renumber ${acr}, for a number that no session has`);
}

function numberOf(levels: readonly RecordedLevel[], acr: string): number {
  return levels.find((level) => level.acr === acr && !level.retired)?.loa as number;
}

function retired({ acr, loa }: RecordedLevel): RecordedLevel {
  return { acr, loa, retired: true };
}

function inUse({ acr, loa, sessions }: RecordedLevel): RecordedLevel {
  return { acr, loa, ...(sessions && { sessions }) };
}

function settled({ sessions: _, ...level }: RecordedLevel): RecordedLevel {
  return level;
}

function renameNote(from: string, to: string): string {
  return `sessions of before have "${to}"; a client that still asks for "${from}" gets what it would without asking, and no error: give it an acrMap with the old name, or tell it the new one first`;
}

function openNote({ acr }: NumberedLevel, higher: readonly RecordedLevel[]): string {
  const names = higher.map((level) => `"${level.acr}"`).join(' and ');
  return `sessions, refresh and offline tokens of ${names} from before count for "${acr}", which nobody proved in them: end them after the deploy, then run "${RECORD} --settled ${acr}"; or run "${RECORD} --renumber ${higher.map((level) => level.acr).join(' --renumber ')}" instead, and they count for less`;
}

function sentence(realm: string, { value, why, instead }: NumberProblem): string {
  return `realm "${realm}": ${value}: ${why}. ${instead}`;
}
