import { type AcrLoa, type AcrLoaMap, type Client, isUnknown, type Known, type RealmModel } from '../model';
import type { RecordedLevel } from '../model/levels';

/** What a change of a realm does to names and numbers of levels, as sessions, refresh and offline tokens of before meet it. */
export type MovedLevel = { readonly client?: string } & (
  | {
      /** Sessions with a number have another name than before. */
      readonly kind: 'number-renamed';
      readonly loa: number;
      readonly before: string;
      /** None where no name is left that is not above the number: tokens then have the bare number. */
      readonly after?: string;
      /**
       * What the sessions are worth: `more`, a name that had a higher number; `less`, one that had a lower number, or none; `other`, a name
       * that was not there: it may be another word for the same level, or another level.
       */
      readonly worth: 'more' | 'less' | 'other';
    }
  /** A name has another number. */
  | { readonly kind: 'name-renumbered'; readonly acr: string; readonly before: number; readonly after: number }
  /** A number that was retired is another level's. */
  | { readonly kind: 'number-reused'; readonly loa: number; readonly before: string; readonly after: string }
  /** A name is new below others, whose sessions of before count for it, although nobody proved it in them. */
  | { readonly kind: 'put-below'; readonly acr: string; readonly loa: number; readonly above: readonly string[] }
  /** A client's minimum or default has no number any more. Keycloak lets it count for nothing, without an error. */
  | { readonly kind: 'name-gone'; readonly acr: string; readonly of: 'minimum' | 'default' }
  /** A map or a name is not known, so that nothing can be told about it. */
  | { readonly kind: 'cannot-tell'; readonly why: string }
);

/**
 * Compares the levels of one realm before and after a change: those of the realm's acr map, and those of clients with a map of their own.
 *
 * Keycloak keeps the LoA number in sessions and gives it a name at each token: the highest that is not above it
 * (`AcrUtils.mapLoaToAcr`).
 *
 * @param recorded what the levels were before that, if a history says
 */
export function movedLevels(
  before: RealmModel,
  after: RealmModel,
  recorded: readonly RecordedLevel[] = [],
): MovedLevel[] {
  const ofRealm = movedIn(before.acrLoaMap, after.acrLoaMap, recorded);
  const ofClients = after.clients.flatMap((client) => {
    const old = before.clients.find(({ clientId }) => clientId === client.clientId);
    if (!old) return [];
    const [was, is] = [effective(before, old), effective(after, client)];
    // Where neither has a map of its own, all is said of the realm.
    const own = [was, is].some((map) => map !== before.acrLoaMap && map !== after.acrLoaMap);
    const moved = own ? movedIn(was, is, recorded) : [];
    return [...moved, ...namesGone(old, client, was, is)].map((one) => ({ client: client.clientId, ...one }));
  });
  return [...ofRealm, ...ofClients];
}

/** The map that counts for a client: its own, if it has levels. */
function effective({ acrLoaMap: ofRealm }: RealmModel, { acrLoaMap: own }: Client): Known<AcrLoaMap> {
  return own !== undefined && (isUnknown(own) || own.levels.length > 0) ? own : ofRealm;
}

function movedIn(was: Known<AcrLoaMap>, is: Known<AcrLoaMap>, recorded: readonly RecordedLevel[]): MovedLevel[] {
  if (isUnknown(was)) return [{ kind: 'cannot-tell', why: `the acr map of before: ${was.unknown}` }];
  if (isUnknown(is)) return [{ kind: 'cannot-tell', why: `the acr map of after: ${is.unknown}` }];
  const [before, after] = [was.levels, is.levels];
  return [
    ...renamed(before, after),
    ...before.flatMap(({ acr, loa }): MovedLevel[] => {
      const now = numberOf(after, acr);
      return now === undefined || now === loa ? [] : [{ kind: 'name-renumbered', acr, before: loa, after: now }];
    }),
    ...reused(before, after, recorded),
    ...putBelow(before, after),
  ];
}

function renamed(before: readonly AcrLoa[], after: readonly AcrLoa[]): MovedLevel[] {
  return before.flatMap(({ acr, loa }): MovedLevel[] => {
    const names = namesOf(after, loa);
    if (names.includes(acr)) return [];
    const [name] = names;
    const old = name === undefined ? undefined : numberOf(before, name);
    const worth =
      name === undefined || (old !== undefined && old <= loa) ? 'less' : old === undefined ? 'other' : 'more';
    return [{ kind: 'number-renamed', loa, before: acr, ...(name !== undefined && { after: name }), worth }];
  });
}

function reused(before: readonly AcrLoa[], after: readonly AcrLoa[], recorded: readonly RecordedLevel[]): MovedLevel[] {
  return after.flatMap(({ acr, loa }): MovedLevel[] => {
    if (before.some((level) => level.loa === loa)) return [];
    const old = recorded.filter((level) => level.loa === loa);
    const [first] = old;
    if (first === undefined || old.some((level) => level.acr === acr)) return [];
    return [{ kind: 'number-reused', loa, before: first.acr, after: acr }];
  });
}

function putBelow(before: readonly AcrLoa[], after: readonly AcrLoa[]): MovedLevel[] {
  return after.flatMap(({ acr, loa }): MovedLevel[] => {
    if (numberOf(before, acr) !== undefined) return [];
    const above = before.filter((level) => level.loa > loa && numberOf(after, level.acr) === level.loa);
    return above.length === 0 ? [] : [{ kind: 'put-below', acr, loa, above: above.map((level) => level.acr) }];
  });
}

function namesGone(old: Client, client: Client, was: Known<AcrLoaMap>, is: Known<AcrLoaMap>): MovedLevel[] {
  const gone = (of: 'minimum' | 'default', names: Known<readonly string[]>): MovedLevel[] => {
    if (isUnknown(names)) return [{ kind: 'cannot-tell', why: `the ${of} acr of after: ${names.unknown}` }];
    if (isUnknown(is) || isUnknown(was)) return [];
    // What was no name before is the matter of the checks.
    return names
      .filter((acr) => !/^\d+$/.test(acr) && numberOf(is.levels, acr) === undefined && wasName(acr, of))
      .map((acr) => ({ kind: 'name-gone', acr, of }));
  };
  const wasName = (acr: string, of: 'minimum' | 'default'): boolean =>
    (!isUnknown(was) && numberOf(was.levels, acr) !== undefined) || !asked(old, of).includes(acr);
  const minimum = client.minimumAcr;
  return [
    ...(minimum === undefined ? [] : gone('minimum', isUnknown(minimum) ? minimum : [minimum])),
    ...gone('default', client.defaultAcrValues),
  ];
}

function asked({ minimumAcr, defaultAcrValues }: Client, of: 'minimum' | 'default'): readonly string[] {
  if (of === 'default') return isUnknown(defaultAcrValues) ? [] : defaultAcrValues;
  return minimumAcr === undefined || isUnknown(minimumAcr) ? [] : [minimumAcr];
}

/** The names that a session with the number may have: of several with one number it is left to chance. */
function namesOf(levels: readonly AcrLoa[], loa: number): string[] {
  const reached = levels.filter((level) => level.loa <= loa);
  const highest = Math.max(...reached.map((level) => level.loa));
  return reached.filter((level) => level.loa === highest).map(({ acr }) => acr);
}

function numberOf(levels: readonly AcrLoa[], acr: string): number | undefined {
  return levels.find((level) => level.acr === acr)?.loa;
}
