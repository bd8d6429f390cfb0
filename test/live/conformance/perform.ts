import { randomUUID } from 'node:crypto';
import { load } from 'cheerio';
import type { LoginRequest, Page, RealmModel } from '../../../model';
import type { ProfileChange } from '../../../model/simulate';
import { PASSWORD, REDIRECT_URI } from '../../support/imported-realm';
import { actionUrl } from '../moves/support/action-url';
import type { Mailbox } from '../moves/support/mailbox';
import { samlAddress, samlStatus } from '../moves/support/saml';
import { acrText, describePage, isSaml, scopesText } from './describe';
import type { Arrival, LiveLogin, LivePage } from './driver';
import { PLAIN_CLIENT } from './realm';
import { ISSUER_CLIENT, SECRET } from './realm-provider';
import type { Done, SimulatedLogin } from './simulated-login';

/** A realm of a live Keycloak, and its model. */
export interface Place {
  readonly url: string;
  readonly realm: string;
  readonly model: RealmModel;
  /** The realm that is its identity provider. @default there is none */
  readonly partner?: string;
  /** Where mails of the realm come to. @default nothing sends any */
  readonly mailbox?: Mailbox;
}

/** A login in a browser, with what is done at each page as long as the pages are the expected ones. */
export async function performLogin(
  place: Place,
  request: LoginRequest,
  browser: LiveLogin,
  login: SimulatedLogin,
): Promise<string> {
  const seen: string[] = [];
  const first = await browser.open(beginning(place, request), { headers: { ...request.headers } });
  const arrival = request.midway ? first : await throughDoor(request, browser, first);
  const end = await goThrough(place, request, browser, login, arrival, seen);
  if (typeof end === 'string') return [...seen, end].join(', ');
  return [...seen, await endOfLogin(place, request, login.result.account ? undefined : browser, end)].join(', ');
}

/** The address at which a login begins. */
export function beginning(place: Place, request: LoginRequest): URL {
  if (isSaml(place.model, request)) return samlAddress(`${place.url}/realms/${place.realm}/protocol`, request);
  return authorizationUrl(place, request);
}

/** The device asks for a code, its user logs in on the page that takes it, and the device polls once. */
export async function performDeviceLogin(
  place: Place,
  request: LoginRequest,
  browser: LiveLogin,
  login: SimulatedLogin,
): Promise<string> {
  const device = await post(place, 'auth/device', { client_id: request.clientId, scope: scopeOf(request) });
  if (device.error !== undefined) return device.error;
  const seen: string[] = [];
  const verification = new URL(device.verification_uri_complete as string);
  const arrival = await browser.open(verification, { headers: { ...request.headers } });
  const end = await goThrough(place, request, browser, login, arrival, seen);
  if (typeof end === 'string') return [...seen, end].join(', ');
  if ('page' in end && end.page.kind === 'error') return [...seen, `refused ${end.page.status}`].join(', ');
  const tokens = await post(place, 'token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: device.device_code as string,
    client_id: request.clientId,
  });
  const shown = 'page' in end && tokens.error !== undefined ? ` (${end.page.text})` : '';
  return [...seen, `${endOfTokens(request, browser, tokens)}${shown}`].join(', ');
}

/** One token request with what the simulated user gave. */
export async function performPasswordGrant(
  place: Place,
  request: LoginRequest,
  browser: LiveLogin,
  { done }: SimulatedLogin,
): Promise<string> {
  const given: Record<string, string> = {};
  for (const { page, answer } of done) {
    if (page.kind !== 'form') continue;
    if ('wrong' in answer && !page.accepts[0]?.includes('password')) continue;
    const proofs = 'give' in answer ? page.accepts[answer.give] : page.accepts[0];
    for (const proof of proofs ?? []) {
      if (proof === 'username' || proof === 'password') given[proof] = browser.valueFor(proof, 'wrong' in answer);
      if (proof === 'otp') given.totp = browser.valueFor('otp', false);
    }
  }
  const fields = { grant_type: 'password', client_id: request.clientId, scope: scopeOf(request), ...given };
  const tokens = await post(place, 'token', fields, request.headers);
  if (tokens.error === undefined) return endOfTokens(request, browser, tokens);
  return tokens.error_description === 'Account is not fully set up' ? 'not set up' : 'refused';
}

/** A request to the token endpoint with the secret of a client. */
export async function performTokenRequest(place: Place, request: LoginRequest, browser: LiveLogin): Promise<string> {
  const { clientId, grant } = request;
  const asClient = (fields: Record<string, string>) =>
    post(place, 'token', { client_id: clientId, client_secret: SECRET, scope: scopeOf(request), ...fields });
  if (grant === 'client-credentials') return said(await asClient({ grant_type: 'client_credentials' }));
  if (grant === 'jwt-authorization') {
    const partner = { ...place, realm: place.partner ?? '' };
    const user = { grant_type: 'password', username: browser.identity, password: PASSWORD };
    const { access_token: assertion = '' } = await post(partner, 'token', { client_id: ISSUER_CLIENT, ...user });
    return said(await asClient({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }));
  }
  let text = 'refused';
  for (const subject_token of browser.tokens.values()) {
    text = said(
      await asClient({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }),
    );
    if (text !== 'refused') break;
  }
  return text;

  function said(tokens: TokenAnswer): string {
    return tokens.error === undefined ? endOfTokens(request, undefined, tokens) : 'refused';
  }
}

/** Goes from a page of a login to the other door of it. */
async function throughDoor({ door, broker }: LoginRequest, browser: LiveLogin, arrival: Arrival): Promise<Arrival> {
  if ('redirect' in arrival || door === undefined || door === 'login') return arrival;
  if (door === 'broker') return browser.open(providerUrl(arrival.page, broker ?? ''));
  return browser.open(actionUrl(arrival.page, door === 'reset' ? 'reset-credentials' : 'registration'));
}

/** The address that sends a login to a provider, with the code of any page of it that has a form. */
function providerUrl(page: LivePage, provider: string): URL {
  const action = load(page.html)('form[action*="session_code"]').first().attr('action') ?? '';
  const url = actionUrl(page, 'authenticate');
  url.pathname = url.pathname.replace(/\/login-actions\/.*$/, `/broker/${provider}/login`);
  url.searchParams.set('session_code', new URL(action, page.url).searchParams.get('session_code') ?? '');
  return url;
}

/** @returns where the login has come to, or how it ended otherwise */
async function goThrough(
  place: Place,
  request: LoginRequest,
  browser: LiveLogin,
  { done }: SimulatedLogin,
  first: Arrival,
  seen: string[],
): Promise<Arrival | string> {
  let arrival = first;
  for (const each of done) {
    if ('redirect' in arrival) break;
    const text = isMail(each.page) ? describePage(each.page) : textOf(place, arrival.page);
    if (text !== describePage(each.page)) return text;
    seen.push(text);
    if (each.leaves) {
      arrival = await throughDoor(request, browser, arrival);
      continue;
    }
    if ('stop' in each.answer && each.interruption === undefined) return 'abandoned';
    arrival = await answerLive(place, browser, arrival, each, { ...request.headers });
  }
  return arrival;
}

function textOf({ partner }: Place, { url, text }: LivePage): string {
  return url.pathname.startsWith(`/realms/${partner}/`) ? 'provider' : text;
}

async function answerLive(
  place: Place,
  browser: LiveLogin,
  { page: live }: Extract<Arrival, { page: unknown }>,
  { page, answer, interruption }: Done,
  headers: Record<string, string>,
): Promise<Arrival> {
  switch (interruption) {
    case 'restart':
      return browser.restart(live, headers, false);
    case 'restart-in-session':
      return browser.restart(live, headers, true);
    case 'lose-cookie':
      await browser.forget('AUTH_SESSION_ID', live.url);
      // The login is not found, whatever is sent.
      return load(live.html)('form[action*="login-actions"]').length > 0
        ? browser.send(live, {}, headers)
        : browser.open(actionUrl(live, 'authenticate'), { headers });
    case 'second-tab':
      await browser.open(authorizationUrl(place, { clientId: PLAIN_CLIENT }), { headers });
  }
  if (isMail(page) && !('choose' in answer)) {
    if (!place.mailbox) throw new Error('The realm has no mailbox');
    return browser.open(await place.mailbox.linkTo(browser.address));
  }
  if (live.text === 'UPDATE_PROFILE' && page.kind === 'action' && 'give' in answer) {
    return browser.send(live, changed(page.changes?.[answer.give], browser));
  }
  if (textOf(place, live) === 'provider') {
    const arrival = await browser.send(live, { username: browser.identity, password: PASSWORD });
    // Or the next login would not be asked there.
    await browser.forgetRealm(live.url, place.partner ?? '');
    return arrival;
  }
  if ('choose' in answer && page.kind === 'form') {
    const index = page.choices.findIndex(({ execution }) => execution === answer.choose);
    return browser.choose(live, index, headers);
  }
  if (live.text === 'idp-confirm-link') return browser.send(live, { submitAction: 'linkAccount' });
  if (live.text === 'idp-review-profile') return browser.send(live, {});
  if (live.text === 'registration') return browser.send(live, newAccount());
  if (live.text === 'username') return browser.send(live, { username: browser.username });
  if ('cancel' in answer) return browser.cancel(live, headers);
  return browser.answer(live, headers, 'wrong' in answer);
}

/** How a login ends that has come there; what of the request is in the token, and whose it is, is left out. */
export function endOfLive(place: Place, clientId: string, arrival: Arrival): Promise<string> {
  return endOfLogin(place, { clientId }, undefined, arrival);
}

/** A page that waits for the link of a mail: which one it is tells nothing. */
function isMail(page: Page): boolean {
  return page.kind === 'form' && (page.accepts[0] ?? []).includes('email');
}

function changed(change: ProfileChange | undefined, browser: LiveLogin): Record<string, string> {
  if (change?.kind === 'email') browser.address = `moved-${browser.username}@conformance.invalid`;
  else if (change?.kind !== 'attribute') return {};
  else if (change.name !== 'email') return { [change.name]: change.value };
  else browser.address = change.value;
  return { email: browser.address };
}

function newAccount(): Record<string, string> {
  const username = `registered-${randomUUID()}`;
  const names = { username, email: `${username}@conformance.invalid`, firstName: 'New', lastName: 'User' };
  return { ...names, password: PASSWORD, 'password-confirm': PASSWORD };
}

async function endOfLogin(
  place: Place,
  request: LoginRequest,
  browser: LiveLogin | undefined,
  arrival: Arrival,
): Promise<string> {
  if ('redirect' in arrival) {
    if (isSaml(place.model, request)) return samlStatus(arrival.redirect);
    const error = arrival.redirect.searchParams.get('error');
    if (error !== null) return error;
    const tokens = await redeem(place, request.clientId, arrival.redirect);
    if (browser && tokens.access_token !== undefined) browser.tokens.set(request.clientId, tokens.access_token);
    return endOfTokens(request, browser, tokens);
  }
  const { kind, status, html, text } = arrival.page;
  if (kind !== 'error' && status < 400) return text;
  return `refused ${status}${html.includes('Authentication requirements not fulfilled') ? ' acr' : ''}`;
}

/** The tokens for the code that a login has ended with. */
export function redeem(place: Place, clientId: string, redirect: URL): Promise<TokenAnswer> {
  return post(place, 'token', {
    grant_type: 'authorization_code',
    client_id: clientId,
    code: redirect.searchParams.get('code') ?? '',
    redirect_uri: REDIRECT_URI,
  });
}

export interface TokenAnswer {
  readonly access_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  readonly error?: string;
  readonly error_description?: string;
  readonly [field: string]: unknown;
}

/** Posts a form to an endpoint below `protocol/openid-connect/`. */
export async function post(
  { url, realm }: Place,
  endpoint: string,
  fields: Record<string, string>,
  headers: LoginRequest['headers'] = {},
): Promise<TokenAnswer> {
  const response = await fetch(`${url}/realms/${realm}/protocol/openid-connect/${endpoint}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { ...headers },
  });
  // A flow that denies answers with a page.
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return isJson ? ((await response.json()) as TokenAnswer) : { error: `page ${response.status}` };
}

function endOfTokens(request: LoginRequest, browser: LiveLogin | undefined, tokens: TokenAnswer): string {
  const issued = [tokens.id_token, tokens.access_token].flatMap((token) => token ?? []).map(claimsOf);
  const [claims] = issued;
  if (!claims) return `no tokens: ${tokens.error}`;
  const { preferred_username: username } = claims;
  const asked = (tokens.scope ?? '').split(' ').filter((name) => name !== 'acr' && request.scope?.includes(name));
  const whose = !browser || username === undefined || username === browser.username ? '' : ` of ${username}`;
  return `${acrText(issued.map(({ acr }) => acr))}${scopesText(asked.filter((name) => name !== 'openid'))}${whose}`;
}

function claimsOf(token: string): { readonly acr?: string; readonly preferred_username?: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

function scopeOf({ scope }: LoginRequest): string {
  return (scope ?? ['openid']).join(' ');
}

export function authorizationUrl({ url, realm }: Place, request: LoginRequest): URL {
  const authorization = new URL(`${url}/realms/${realm}/protocol/openid-connect/auth`);
  const parameters = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: REDIRECT_URI,
    scope: scopeOf(request),
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
