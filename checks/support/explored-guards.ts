import { exploreGoals, type GoalExplanation, type Way } from '../../model';
import type { RealmModel } from '../../model/realm-model';
import type { Guard } from '../guard';
import { bypasses } from './bypasses';
import { type GuardedThing, guardedThings } from './guards';
import type { Inspection } from './inspection';

/** Something that is guarded, and what an attacker has of it for less. */
export interface ExploredGuard {
  readonly thing: GuardedThing;
  /** For each client, or for the account. */
  readonly explained: readonly { readonly of: GoalExplanation; readonly bypasses: readonly Way[] }[];
}

const known = new WeakMap<RealmModel, WeakMap<readonly Guard[], readonly ExploredGuard[]>>();

/** Everything that the realm guards, explored once for all rules. */
export function exploredGuards({ model, guards }: Inspection): readonly ExploredGuard[] {
  const ofModel = known.get(model) ?? new WeakMap<readonly Guard[], readonly ExploredGuard[]>();
  known.set(model, ofModel);
  const explored = ofModel.get(guards) ?? guardedThings(model, guards).map((thing) => exploreThing(model, thing));
  ofModel.set(guards, explored);
  return explored;
}

function exploreThing(model: RealmModel, thing: GuardedThing): ExploredGuard {
  const { goal, clientId } = thing.guard;
  const explained = exploreGoals(model, { goals: [goal], ...(clientId !== undefined && { clientId }) });
  return {
    thing,
    explained: explained.map((of) => ({
      of,
      bypasses: bypasses({ model }, thing, of.ways).filter((way) => goal.kind !== 'token' || !isOfService(way)),
    })),
  };
}

/** A token of the client's own account, which nobody logs in to. */
function isOfService({ witness }: Way): boolean {
  return witness.at(-1)?.by === 'client-credentials';
}
