import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import {
  type LoginResult,
  type Page,
  type RealmModel,
  type Session,
  type SimulatedUser,
  simulate,
} from '../../../model';
import { readRealmRepresentation } from '../../../model/readers';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { type ConformanceCase, HEADER, type LoginSettings } from './case';
import { type Arrival, LiveLogin, type LivePage } from './driver';
import { answerFor } from './moves';
import { inParallel } from './parallel';
import { aliasOf, clientIdOf, otpSecret, PLAIN_CLIENT, REDIRECT_URI, realmRepresentation, usernameOf } from './realm';

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
    return { ...(await perform(url, realm, model, cases, rejected)), model };
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
  url: string,
  realm: string,
  model: RealmModel,
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
      const { result, simulated, live } = await compare(url, realm, model, progress, login, round);
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

async function compare(
  url: string,
  realm: string,
  model: RealmModel,
  progress: Progress,
  login: LoginSettings,
  round: number,
): Promise<{ readonly result: LoginResult; readonly simulated: string; readonly live: string }> {
  const clientId = login.to === 'plain' ? PLAIN_CLIENT : clientIdOf(progress.index);
  let page = 0;
  const { user } = progress;
  const result = simulate(
    model,
    {
      clientId,
      acrValues: login.acrValues,
      acrClaim: login.acrClaim,
      scope: login.scope,
      prompt: login.prompt,
      maxAge: login.maxAge,
      action: login.action,
      ...(login.header !== undefined && { headers: { [HEADER]: login.header } }),
    },
    user,
    progress.session,
    {
      now: 1_000_000 + round * ROUND_SIMULATED_S,
      actor: (shown) => answerFor(shown, login.moves[page++] ?? 'right', user),
    },
  );
  const live = await performLive(url, realm, clientId, login, progress.live, result);
  progress.session = result.session;
  progress.user = result.user;
  return {
    result,
    simulated: [...result.asked.map(({ page: each }) => describePage(each)), endOf(result)].join(', '),
    live,
  };
}

/** Does what the simulated user did, as long as the pages are the same, and says what was seen. */
async function performLive(
  url: string,
  realm: string,
  clientId: string,
  login: LoginSettings,
  browser: LiveLogin,
  { asked }: LoginResult,
): Promise<string> {
  const seen: string[] = [];
  const headers: Record<string, string> = login.header === undefined ? {} : { [HEADER]: login.header };
  let arrival = await browser.open(authorizationUrl(url, realm, clientId, login), { headers });
  for (const { page, answer } of asked) {
    if ('redirect' in arrival) break;
    seen.push(arrival.page.text);
    if (arrival.page.text !== describePage(page)) return seen.join(', ');
    if ('stop' in answer) return [...seen, 'abandoned'].join(', ');
    arrival = await answerLive(browser, arrival.page, page, answer, headers);
  }
  return [...seen, await endOfLive(url, realm, clientId, arrival)].join(', ');
}

async function answerLive(
  browser: LiveLogin,
  live: LivePage,
  page: Page,
  answer: LoginResult['asked'][number]['answer'],
  headers: Record<string, string>,
): Promise<Arrival> {
  if ('choose' in answer && page.kind === 'form') {
    const index = page.choices.findIndex(({ execution }) => execution === answer.choose);
    return browser.choose(live, index, headers);
  }
  if ('cancel' in answer) return browser.cancel(live, headers);
  return browser.answer(live, headers, 'wrong' in answer);
}

export function describePage(page: Page): string {
  if (page.kind === 'action') return page.action;
  if (page.kind === 'consent') return 'consent';
  // Both kinds of WebAuthn show the same page; the passwordless one takes an empty answer.
  if (page.authenticator.startsWith('webauthn-')) return 'webauthn';
  return (page.accepts[0] ?? []).join('+');
}

function endOf({ outcome }: LoginResult): string {
  switch (outcome.kind) {
    case 'granted':
      return `acr ${outcome.acr}`;
    case 'refused':
      return outcome.error ?? `refused ${outcome.status}${outcome.reason === 'acr-not-fulfilled' ? ' acr' : ''}`;
    case 'abandoned':
      return 'abandoned';
    case 'cannot-tell':
      return `cannot tell: ${outcome.because}`;
  }
}

async function endOfLive(url: string, realm: string, clientId: string, arrival: Arrival): Promise<string> {
  if ('redirect' in arrival) {
    const error = arrival.redirect.searchParams.get('error');
    if (error !== null) return error;
    return `acr ${await acrOf(url, realm, clientId, arrival.redirect.searchParams.get('code') ?? '')}`;
  }
  const { kind, status, html, text } = arrival.page;
  if (kind !== 'error' && status < 400) return text;
  return `refused ${status}${html.includes('Authentication requirements not fulfilled') ? ' acr' : ''}`;
}

async function acrOf(url: string, realm: string, clientId: string, code: string): Promise<string | undefined> {
  const response = await fetch(`${url}/realms/${realm}/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      code,
      redirect_uri: REDIRECT_URI,
    }),
  });
  const { id_token: idToken, error } = (await response.json()) as { id_token?: string; error?: string };
  if (idToken === undefined) throw new Error(`The token request was refused: ${error}`);
  const payload = Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(payload) as { acr?: string }).acr;
}

function authorizationUrl(url: string, realm: string, clientId: string, login: LoginSettings): URL {
  const authorization = new URL(`${url}/realms/${realm}/protocol/openid-connect/auth`);
  const claims = login.acrClaim && JSON.stringify({ id_token: { acr: login.acrClaim } });
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    scope: (login.scope ?? ['openid']).join(' '),
    acr_values: login.acrValues?.join(' '),
    claims,
    prompt: login.prompt?.join(' '),
    max_age: login.maxAge?.toString(),
    kc_action: login.action,
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) authorization.searchParams.set(name, value);
  }
  return authorization;
}
