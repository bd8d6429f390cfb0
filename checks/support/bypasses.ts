import type { Way } from '../../model';
import { isUnknown, type RealmModel } from '../../model/realm-model';
import { enrolmentByAction } from '../rules/enrolment-by-action';
import { levelByEnrolment } from '../rules/level-by-enrolment';
import type { GuardedThing } from './guards';
import { Inspection } from './inspection';
import { covers, type ProofSet, proofsOfLevel } from './level-proofs';
import { takeoversOf } from './providers';

/**
 * The ways that take less than a guard. By design a mailbox or a login at an identity provider stands for the password, a session of a level
 * for that level's proofs, and in an account of their own people hold what they set up; a forged header is another rule's matter.
 */
export function bypasses({ model }: Pick<Inspection, 'model'>, { proofs }: GuardedThing, ways: readonly Way[]): Way[] {
  return ways.filter((way) => !way.proofs.includes('header') && !isEnough(model, way, proofs(lackedBy(way))));
}

function isEnough(model: RealmModel, way: Way, needed: readonly ProofSet[]): boolean {
  const held = new Set<string>();
  for (const proof of way.proofs) {
    held.add(proof);
    if (standsForPassword(proof, way) || isReportedTakeover(model, proof)) held.add('password');
    const enrolled = /^enrol:(.*)$/.exec(proof)?.[1];
    if (enrolled !== undefined && (way.own || enrolled === 'password' || enrolmentIsReported(model)))
      held.add(enrolled);
  }
  return bySession(model, way).some((session) => covers(new Set([...held, ...session]), needed));
}

/** Whether another rule says that an identity at that provider is enough for the account: said once is enough. */
function isReportedTakeover(model: RealmModel, proof: string): boolean {
  const alias = /^identity-provider-account:(.*)$/.exec(proof)?.[1];
  return alias !== undefined && takeoversOf(model).has(alias);
}

/** Credentials that the account of the way doesn't have. */
function lackedBy({ when }: Way): string[] {
  return when.flatMap((fact) => /^not has:(.*)$/.exec(fact)?.[1] ?? []).sort();
}

function standsForPassword(proof: string, { own = false }: Way): boolean {
  if (proof === 'email' || proof === 'session' || proof === 'client-secret' || proof === 'registration') return true;
  if (proof.startsWith('identity-provider:')) return true;
  return own && proof.startsWith('identity-provider-account:');
}

/** What the session among the proofs stands for; several sets where its level is proved in several ways. */
function bySession(model: RealmModel, { proofs }: Way): readonly ReadonlySet<string>[] {
  const [, acr] = proofs.find((proof) => proof.startsWith('session:'))?.split(/:(.*)/) ?? [];
  if (acr === undefined) return [new Set()];
  const { acrLoaMap } = model;
  const named = isUnknown(acrLoaMap) ? undefined : acrLoaMap.levels.find((level) => level.acr === acr)?.loa;
  const sets = proofsOfLevel(model, named ?? Number(acr));
  return sets.length > 0 ? sets : [new Set(['password'])];
}

const reported = new WeakMap<RealmModel, boolean>();

/** Whether other rules say that a credential can be enrolled for less than it will prove: said once is enough. */
function enrolmentIsReported(model: RealmModel): boolean {
  const known = reported.get(model);
  if (known !== undefined) return known;
  const found = [levelByEnrolment, enrolmentByAction].some((rule) => {
    const inspection = new Inspection(model, rule);
    rule.inspect(inspection);
    return inspection.findings.some(({ verdict }) => verdict === 'found');
  });
  reported.set(model, found);
  return found;
}
