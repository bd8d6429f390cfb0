import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import type { LoginRequest, LoginResult, RealmModel, Session, SimulatedUser } from '../../../model';
import { readRealmRepresentation } from '../../../model/readers';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { type ConformanceCase, HEADER, type LoginSettings } from './case';
import { compareLogin, type Place } from './compare';
import { LiveLogin } from './driver';
import { inParallel } from './parallel';
import { aliasOf, clientIdOf, otpSecret, PLAIN_CLIENT, realmRepresentation, usernameOf } from './realm';

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
  /** Cases that Keycloak doesn't take; they say nothing about logins. */
  readonly rejected: readonly { readonly case: ConformanceCase; readonly because: string }[];
  /** Simulated logins, for the coverage. */
  readonly results: readonly { readonly case: ConformanceCase; readonly result: LoginResult }[];
  readonly model: RealmModel;
}

/** Seconds between two logins of a user: more than the short ages, less than the long ones. */
const PAUSE_MS = 3_000;
const ROUND_SIMULATED_S = 10;
const CONCURRENCY = 6;

/** Where a case stands: the same user in the same browser, simulated and live. */
interface Progress {
  readonly case: ConformanceCase;
  readonly index: number;
  readonly live: LiveLogin;
  session: Session | undefined;
  user: SimulatedUser;
  /** When the last login ended. */
  since: number;
}

/**
 * Imports cases of one realm's settings into Keycloak and performs their logins, in rounds: the first login of each, then the
 * second, so that time passes between the logins of a user without anyone waiting long.
 */
export async function runBatch(
  url: string,
  admin: KeycloakAdminClient,
  cases: readonly ConformanceCase[],
): Promise<BatchResult> {
  const realm = `conformance-${randomBytes(5).toString('hex')}`;
  const [first] = cases;
  if (!first) throw new Error('A batch has at least one case');
  await admin.realms.create(realmRepresentation(realm, first.realm, cases));
  try {
    const rejected = await overrideFlows(admin, realm, cases);
    const model = readRealmRepresentation(await fetchRealm(admin, realm), 'live');
    return { ...(await perform({ url, realm, model }, cases, rejected)), model };
  } finally {
    await admin.realms.del({ realm });
  }
}

async function overrideFlows(admin: KeycloakAdminClient, realm: string, cases: readonly ConformanceCase[]) {
  const flows = await admin.authenticationManagement.getFlows({ realm });
  const ids = new Map(flows.map(({ alias, id }) => [alias, id]));
  const clients = await admin.clients.find({ realm });
  const rejected = new Map<number, string>();
  await inParallel(CONCURRENCY, cases.length, async (index) => {
    const client = clients.find(({ clientId }) => clientId === clientIdOf(index));
    const browser = ids.get(aliasOf(index));
    if (!client?.id || !browser) throw new Error(`Case ${index} was not imported`);
    try {
      await admin.clients.update(
        { realm, id: client.id },
        { ...client, authenticationFlowBindingOverrides: { browser } },
      );
    } catch (error) {
      rejected.set(index, (error as Error).message);
    }
  });
  return rejected;
}

async function perform(
  place: Place,
  cases: readonly ConformanceCase[],
  rejected: ReadonlyMap<number, string>,
): Promise<Omit<BatchResult, 'model'>> {
  const disagreements: Comparison[] = [];
  const results: { case: ConformanceCase; result: LoginResult }[] = [];
  let logins = 0;
  let running = cases.flatMap((each, index) => (rejected.has(index) ? [] : [progressOf(each, index)]));
  for (let round = 0; running.length > 0; round++) {
    running = running.filter((progress) => round < progress.case.logins.length);
    const agreed: Progress[] = [];
    await inParallel(CONCURRENCY, running.length, async (at) => {
      const progress = running[at] as Progress;
      const login = progress.case.logins[round] as LoginSettings;
      await sleep(Math.max(0, progress.since + PAUSE_MS - Date.now()));
      const { result, simulated, live } = await compareLogin(place, {
        request: requestOf(login, progress.index),
        moves: login.moves,
        user: progress.user,
        session: progress.session,
        now: 1_000_000 + round * ROUND_SIMULATED_S,
        browser: progress.live,
      });
      progress.session = result.session;
      progress.user = result.user;
      progress.since = Date.now();
      logins++;
      results.push({ case: progress.case, result });
      // What comes after a disagreement would only repeat it.
      if (simulated === live) agreed.push(progress);
      else disagreements.push({ case: progress.case, index: progress.index, login: round, simulated, live });
    });
    running = agreed;
  }
  return {
    logins,
    disagreements,
    results,
    rejected: [...rejected].map(([index, because]) => ({ case: cases[index] as ConformanceCase, because })),
  };
}

function progressOf(each: ConformanceCase, index: number): Progress {
  const { credentials, roles, attributes } = each.user;
  return {
    case: each,
    index,
    live: new LiveLogin(usernameOf(index), credentials.includes('otp') ? otpSecret(index) : undefined),
    session: undefined,
    since: 0,
    user: {
      credentials,
      roles,
      attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, [value]])),
    },
  };
}

function requestOf({ to, header, moves, ...request }: LoginSettings, index: number): LoginRequest {
  return {
    ...request,
    clientId: to === 'plain' ? PLAIN_CLIENT : clientIdOf(index),
    ...(header !== undefined && { headers: { [HEADER]: header } }),
  };
}
