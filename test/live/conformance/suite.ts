import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { type Comparison, runBatch } from './batch';
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
  readonly coverage: Coverage;
}

export interface SuiteOptions {
  readonly onBatch?: (done: number, disagreements: number) => void;
  /** Told of each at once: a run that breaks off has found what it has found. */
  readonly onDisagreement?: (found: Comparison) => void;
  /** Whether the server is thrown away with the realms in it. @default false */
  readonly keepsRealms?: boolean;
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
  options: SuiteOptions = {},
): Promise<SuiteResult> {
  const { keepsRealms = false } = options;
  const first = await runOnce(url, admin, cases, options);
  if (first.disagreements.length === 0) return first;
  const again = await runOnce(
    url,
    admin,
    first.disagreements.map((each) => each.case),
    { keepsRealms },
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
  { keepsRealms, onBatch = () => {}, onDisagreement = () => {} }: SuiteOptions,
): Promise<SuiteResult> {
  const batches = batchesOf(cases);
  const disagreements: Comparison[] = [];
  const coverage = new Coverage();
  let logins = 0;
  let done = 0;
  await inParallel(BATCHES_AT_ONCE, batches.length, async (index) => {
    const batch = batches[index] as ConformanceCase[];
    const result = await runBatch(url, admin, batch, keepsRealms);
    logins += result.logins;
    disagreements.push(...result.disagreements);
    for (const found of result.disagreements) onDisagreement(found);
    coverage.add(result);
    done += batch.length;
    onBatch(done, disagreements.length);
  });
  return { cases: cases.length, logins, disagreements, passing: [], coverage };
}

function batchesOf(cases: readonly ConformanceCase[]): ConformanceCase[][] {
  const byRealm = new Map<string, ConformanceCase[]>();
  for (const each of cases) byRealm.set(realmKey(each), [...(byRealm.get(realmKey(each)) ?? []), each]);
  return [...byRealm.values()].flatMap((group) => {
    const count = Math.ceil(group.length / BATCH);
    return Array.from({ length: count }, (_, index) => group.slice(index * BATCH, (index + 1) * BATCH));
  });
}
