import { isUnknown, type RealmModel } from '../model';
import { type Drift, drift } from '../review/drift';
import { CouldNotRun } from './could-not-run';
import { loadSource } from './source/load';
import { shownSource } from './source/shown';

/** A realm as it is, compared with its stack: what `--json` prints a list of. */
export interface ComparedRealm extends Drift {
  readonly realm: string;
  readonly source: RealmModel['source'];
  /** What it was compared with. */
  readonly against: RealmModel['source'];
}

/**
 * Compares realms with what a stack declares of them.
 *
 * @param realms as they are
 * @param stack a source with the realms as they should be
 * @throws CouldNotRun if the stack is none, or declares none of the realms
 */
export async function compareAgainst(realms: readonly RealmModel[], stack: string): Promise<ComparedRealm[]> {
  const { realms: declared } = await loadSource(stack);
  return realms.map((live) => {
    const realm = isUnknown(live.realm) ? undefined : live.realm;
    const [only, ...others] = declared;
    // Where its name is a variable without a default, a stack of one realm is meant.
    const wanted =
      declared.find((each) => each.realm === realm) ??
      (others.length === 0 && only && isUnknown(only.realm) ? only : undefined);
    if (realm === undefined || !wanted) {
      const names = declared.map((each) => (isUnknown(each.realm) ? '(name not known)' : each.realm));
      throw new CouldNotRun(
        `${shownSource(stack)} does not declare the realm ${realm ?? '(name not known)'}, but ${names.join(', ')}: name its stack`,
      );
    }
    return { realm, source: live.source, against: wanted.source, ...drift(live, wanted) };
  });
}

/** One line each, with how to mend it. */
export function comparedText(compared: readonly ComparedRealm[]): string {
  return compared
    .map(({ realm, differences, open }) => {
      const lines = differences.map(
        ({ path, what, mend, address }) =>
          `  ${path}: ${what}. Mend: ${mend}${!address || mend.includes(address) || mend.includes('-replace') ? '' : ` (${address})`}`,
      );
      const notes = open.map((each) => `  not compared: ${each}`);
      const total =
        differences.length === 0
          ? 'nothing differs from what the stack declares'
          : `${differences.length} ${differences.length === 1 ? 'difference' : 'differences'} from what the stack declares`;
      return [`Realm ${realm}: ${total}.`, ...lines, ...notes].join('\n');
    })
    .join('\n\n');
}
