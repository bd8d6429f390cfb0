import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { type BatchResult, type Comparison, runBatch } from './batch';
import type { ConformanceCase } from './case';
import { Coverage } from './coverage';
import { inParallel } from './parallel';
import { realmKey } from './realm';

export interface SuiteResult {
  readonly cases: number;
  readonly logins: number;
  /** Those that came again when the case was run once more. */
  readonly disagreements: readonly Comparison[];
  /** Those that didn't: a busy machine let an age pass, or a server was slow. */
  readonly passing: readonly Comparison[];
  readonly rejected: BatchResult['rejected'];
  readonly coverage: Coverage;
}

/** Larger realms are slower to read, smaller ones wait more. */
const BATCH = 50;
/** Batches mostly wait for time to pass between logins. */
const BATCHES_AT_ONCE = 4;

/**
 * Runs cases on a Keycloak, those of the same realm's settings together. What disagrees is run once more: ages of a second are
 * in play, and a machine that is busy elsewhere can take longer than that between two pages.
 */
export async function runCases(
  url: string,
  admin: KeycloakAdminClient,
  cases: readonly ConformanceCase[],
  onBatch?: (done: number, disagreements: number) => void,
): Promise<SuiteResult> {
  const first = await runOnce(url, admin, cases, onBatch);
  if (first.disagreements.length === 0) return first;
  const again = await runOnce(
    url,
    admin,
    first.disagreements.map((each) => each.case),
  );
  const confirmed = new Set(again.disagreements.map((each) => each.case));
  return {
    ...first,
    disagreements: again.disagreements,
    passing: first.disagreements.filter((each) => !confirmed.has(each.case)),
  };
}

async function runOnce(
  url: string,
  admin: KeycloakAdminClient,
  cases: readonly ConformanceCase[],
  onBatch: (done: number, disagreements: number) => void = () => {},
): Promise<SuiteResult> {
  const batches = batchesOf(cases);
  const disagreements: Comparison[] = [];
  const rejected: BatchResult['rejected'][number][] = [];
  const coverage = new Coverage();
  let logins = 0;
  let done = 0;
  await inParallel(BATCHES_AT_ONCE, batches.length, async (index) => {
    const batch = batches[index] as ConformanceCase[];
    const result = await runBatch(url, admin, batch);
    logins += result.logins;
    disagreements.push(...result.disagreements);
    rejected.push(...result.rejected);
    coverage.add(result);
    done += batch.length;
    onBatch(done, disagreements.length);
  });
  return { cases: cases.length, logins, disagreements, passing: [], rejected, coverage };
}

function batchesOf(cases: readonly ConformanceCase[]): ConformanceCase[][] {
  const byRealm = new Map<string, ConformanceCase[]>();
  for (const each of cases) byRealm.set(realmKey(each), [...(byRealm.get(realmKey(each)) ?? []), each]);
  return [...byRealm.values()].flatMap((group) => {
    const count = Math.ceil(group.length / BATCH);
    return Array.from({ length: count }, (_, index) => group.slice(index * BATCH, (index + 1) * BATCH));
  });
}
