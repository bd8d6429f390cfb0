import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type fc from 'fast-check';
import { conformanceCase } from './arbitrary';
import type { Comparison } from './batch';
import type { ConformanceCase } from './case';
import { runCases } from './suite';

/** Smaller cases that are tried at once: a realm takes as long for one as for many. */
const CHUNK = 60;
/** Shrinking ends here, with what is smallest by then. */
const TIME_MS = 120_000;

/**
 * Looks for the smallest case that still disagrees, going on from any smaller one that does. fast-check makes the smaller cases;
 * they are run together, not one by one.
 */
export async function shrink(
  url: string,
  admin: KeycloakAdminClient,
  found: Comparison,
  sample: fc.Value<ConformanceCase>,
): Promise<Comparison> {
  const deadline = Date.now() + TIME_MS;
  let smallest = found;
  let candidates = smallerThan(sample);
  while (Date.now() < deadline) {
    const chunk = candidates.take(CHUNK);
    if (chunk.length === 0) break;
    const { disagreements } = await runCases(
      url,
      admin,
      chunk.map((each) => each.value_),
    );
    const next = chunk.find((each) => disagreements.some((comparison) => comparison.case === each.value_));
    if (!next) continue;
    smallest = disagreements.find((comparison) => comparison.case === next.value_) as Comparison;
    candidates = smallerThan(next);
  }
  return smallest;
}

/** A lazy sequence, each smaller case once, that goes on where it was left. */
function smallerThan(value: fc.Value<ConformanceCase>): { take(count: number): fc.Value<ConformanceCase>[] } {
  const stream = conformanceCase().shrink(value.value_, value.context);
  const seen = new Set<string>();
  return {
    take(count) {
      const taken: fc.Value<ConformanceCase>[] = [];
      while (taken.length < count) {
        const next = stream.next();
        if (next.done) break;
        const key = JSON.stringify(next.value.value_);
        if (seen.has(key)) continue;
        seen.add(key);
        taken.push(next.value);
      }
      return taken;
    },
  };
}
