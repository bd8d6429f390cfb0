import {
  type LoginRequest,
  type LoginResult,
  type Page,
  type RealmModel,
  type Session,
  type SimulatedUser,
  simulate,
} from '../../../model';
import { REDIRECT_URI } from '../../support/imported-realm';
import type { Move } from './case';
import type { Arrival, LiveLogin, LivePage } from './driver';
import { answerFor } from './moves';

/** A realm of a live Keycloak, and its model. */
export interface Place {
  readonly url: string;
  readonly realm: string;
  readonly model: RealmModel;
}

/** One login, as it is simulated and performed. */
export interface Attempt {
  readonly request: LoginRequest;
  /** What of the request is written otherwise in the live one. */
  readonly live?: Partial<LoginRequest>;
  /** What the user does on each page, in order; afterwards the right thing. */
  readonly moves: readonly Move[];
  readonly user: SimulatedUser;
  readonly session: Session | undefined;
  /** On the simulated clock. */
  readonly now: number;
  readonly browser: LiveLogin;
}

/** What the login comes to in the simulator and in Keycloak, in the same words: pages in order, then the end. */
export async function compareLogin(
  place: Place,
  { request, live, moves, user, session, now, browser }: Attempt,
): Promise<{ readonly result: LoginResult; readonly simulated: string; readonly live: string }> {
  let page = 0;
  const result = simulate(place.model, request, user, session, {
    now,
    actor: (shown) => answerFor(shown, moves[page++] ?? 'right', user),
  });
  const simulated = [...result.asked.map(({ page: each }) => describePage(each)), endOf(result)].join(', ');
  return { result, simulated, live: await performLive(place, { ...request, ...live }, browser, result) };
}

/** Does what the simulated user did, as long as the pages are the same, and says what was seen. */
async function performLive(
  place: Place,
  request: LoginRequest,
  browser: LiveLogin,
  { asked }: LoginResult,
): Promise<string> {
  const seen: string[] = [];
  const headers = { ...request.headers };
  let arrival = await browser.open(authorizationUrl(place, request), { headers });
  for (const { page, answer } of asked) {
    if ('redirect' in arrival) break;
    seen.push(arrival.page.text);
    if (arrival.page.text !== describePage(page)) return seen.join(', ');
    if ('stop' in answer) return [...seen, 'abandoned'].join(', ');
    arrival = await answerLive(browser, arrival.page, page, answer, headers);
  }
  return [...seen, await endOfLive(place, request.clientId, arrival)].join(', ');
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

export function endOf({ outcome }: LoginResult): string {
  switch (outcome.kind) {
    case 'granted':
      return `acr ${outcome.acr}`;
    case 'refused':
      return outcome.error ?? `refused ${outcome.status}${outcome.reason === 'acr-not-fulfilled' ? ' acr' : ''}`;
    case 'done':
      return 'done';
    case 'abandoned':
      return 'abandoned';
    case 'cannot-tell':
      return `cannot tell: ${outcome.because}`;
  }
}

export async function endOfLive(place: Place, clientId: string, arrival: Arrival): Promise<string> {
  if ('redirect' in arrival) {
    const error = arrival.redirect.searchParams.get('error');
    if (error !== null) return error;
    return `acr ${await acrOf(place, clientId, arrival.redirect.searchParams.get('code') ?? '')}`;
  }
  const { kind, status, html, text } = arrival.page;
  if (kind !== 'error' && status < 400) return text;
  return `refused ${status}${html.includes('Authentication requirements not fulfilled') ? ' acr' : ''}`;
}

async function acrOf({ url, realm }: Place, clientId: string, code: string): Promise<string | undefined> {
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

export function authorizationUrl({ url, realm }: Place, request: LoginRequest): URL {
  const authorization = new URL(`${url}/realms/${realm}/protocol/openid-connect/auth`);
  const parameters = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: REDIRECT_URI,
    scope: (request.scope ?? ['openid']).join(' '),
    acr_values: request.acrValues?.join(' '),
    claims: request.acrClaim && JSON.stringify({ id_token: { acr: request.acrClaim } }),
    prompt: request.prompt?.join(' '),
    max_age: request.maxAge?.toString(),
    kc_action: request.action,
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) authorization.searchParams.set(name, value);
  }
  return authorization;
}
