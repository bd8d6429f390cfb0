import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { RealmModel } from '../../../model';
import { readRealmRepresentation } from '../../../model/readers';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { Mailbox } from '../moves/support/mailbox';
import type { ConformanceCase } from './case';
import { agrees } from './describe';
import { inParallel, OneAtATime } from './parallel';
import { realmRepresentation } from './realm';
import { partnerRepresentation } from './realm-provider';
import { CaseRun, type ComparedLogin } from './run-case';

/** What a login of the simulator and of Keycloak came to, in the same words. */
export interface Comparison {
  readonly case: ConformanceCase;
  readonly index: number;
  readonly login: number;
  readonly simulated: string;
  readonly live: string;
}

export interface BatchResult {
  readonly logins: number;
  readonly disagreements: readonly Comparison[];
  /** Simulated logins, for the coverage. */
  readonly results: readonly { readonly case: ConformanceCase; readonly login: ComparedLogin }[];
  readonly model: RealmModel;
}

/** Seconds between two logins of a user: more than the short ages, less than the long ones. */
const PAUSE_MS = 3_000;
const ROUND_SIMULATED_S = 10;
const CONCURRENCY = 6;

/** Large imports side by side take each other's time, until Keycloak's transactions of five minutes are over. */
const importing = new OneAtATime();

/**
 * Imports cases of one realm's settings into Keycloak and performs their logins, in rounds: the first login of each, then the
 * second, so that time passes between the logins of a user without anyone waiting long.
 *
 * @param keepsRealms whether the server is thrown away with the realms in it
 */
export async function runBatch(
  url: string,
  admin: KeycloakAdminClient,
  cases: readonly ConformanceCase[],
  keepsRealms = false,
): Promise<BatchResult> {
  const realm = `conformance-${randomBytes(5).toString('hex')}`;
  const [first] = cases;
  if (!first) throw new Error('A batch has at least one case');
  const mailbox = new Mailbox();
  await mailbox.open();
  try {
    const place = { url, realm, partner: `${realm}-partner` };
    await importing.run(async () => {
      if (first.realm.provider) await admin.realms.create(partnerRepresentation(place, cases));
      await admin.realms.create(realmRepresentation(realm, first.realm, cases, place, mailbox.settings));
    });
    const model = readRealmRepresentation(await fetchRealm(admin, realm), 'live');
    const runs = cases.map((each, index) => new CaseRun({ ...place, model, mailbox }, admin, each, index));
    return { ...(await perform(runs)), model };
  } finally {
    mailbox.close();
    // Removing one takes about as long as making it.
    for (const each of keepsRealms ? [] : [realm, `${realm}-partner`]) {
      if (await admin.realms.findOne({ realm: each })) await admin.realms.del({ realm: each });
    }
  }
}

async function perform(runs: readonly CaseRun[]): Promise<Pick<BatchResult, 'logins' | 'disagreements' | 'results'>> {
  const disagreements: Comparison[] = [];
  const results: { case: ConformanceCase; login: ComparedLogin }[] = [];
  let running = runs;
  for (let round = 0; running.length > 0; round++) {
    running = running.filter((run) => round < run.settings.logins.length);
    const agreed: CaseRun[] = [];
    await inParallel(CONCURRENCY, running.length, async (at) => {
      const run = running[at] as CaseRun;
      await sleep(Math.max(0, run.since + PAUSE_MS - Date.now()));
      const login = await run.login(round, 1_000_000 + round * ROUND_SIMULATED_S);
      const { simulated, live } = login;
      results.push({ case: run.settings, login });
      // What comes after a disagreement would only repeat it.
      if (login.untold || agrees(simulated, live)) agreed.push(run);
      else disagreements.push({ case: run.settings, index: run.index, login: round, simulated, live });
    });
    running = agreed;
  }
  return { logins: results.length, disagreements, results };
}
