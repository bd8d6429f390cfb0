import { randomUUID } from 'node:crypto';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { load } from 'cheerio';
import {
  type Answer,
  type IdentityProvider,
  type LoginRequest,
  type LoginResult,
  type Page,
  type RealmModel,
  type SimulatedUser,
  simulate,
} from '../../../model';
import { importedOtp, PASSWORD, REDIRECT_URI } from '../../support/imported-realm';
import { type Arrival, LiveLogin, type LivePage } from '../conformance/driver';
import { claimsOf, redeem } from '../support/grants';
import type { Mailbox } from './support/mailbox';

/** A realm whose identity providers are clients of another realm of the same server. */
export interface Place {
  readonly admin: KeycloakAdminClient;
  readonly url: string;
  readonly realm: string;
  readonly partner: string;
  readonly model: RealmModel;
  /** Where mails to its accounts come to. @default the realm sends none */
  readonly mailbox?: Mailbox;
}

/** Who logs in at the provider, in the order of the answers to its page. */
export const IDENTITIES = ['linked', 'matching', 'new'] as const;
export type Identity = (typeof IDENTITIES)[number];

const SECRET = 'known-to-the-test-alone';

/** Makes the model's identity providers, each a client of the partner realm. */
export async function addProviders({ admin, url, realm, partner, model }: Place): Promise<void> {
  const there = `${url}/realms/${partner}/protocol/openid-connect`;
  for (const provider of model.identityProviders) {
    const { alias } = provider;
    await admin.clients.create({
      realm: partner,
      clientId: alias,
      secret: SECRET,
      redirectUris: [`${url}/realms/${realm}/broker/${alias}/endpoint`],
    });
    await admin.identityProviders.create({
      realm,
      alias,
      providerId: 'oidc',
      enabled: provider.enabled as boolean,
      ...flowsOf(provider),
      linkOnly: provider.linkOnly as boolean | undefined,
      config: {
        clientId: alias,
        clientSecret: SECRET,
        clientAuthMethod: 'client_secret_post',
        defaultScope: 'openid profile email',
        authorizationUrl: `${there}/auth`,
        tokenUrl: `${there}/token`,
        userInfoUrl: `${there}/userinfo`,
        jwksUrl: `${there}/certs`,
        useJwksUrl: 'true',
        validateSignature: 'true',
        issuer: `${url}/realms/${partner}`,
      },
    });
  }
}

function flowsOf({ firstLoginFlow, postLoginFlow }: IdentityProvider) {
  return {
    firstBrokerLoginFlowAlias: (firstLoginFlow as string | undefined) ?? 'first broker login',
    ...(postLoginFlow !== undefined && { postBrokerLoginFlowAlias: postLoginFlow as string }),
  };
}

export interface Attempt {
  readonly provider: string;
  readonly as: Identity;
  readonly user: SimulatedUser;
  /** Whether the person opens the mails to the account. @default another way is chosen */
  readonly opensMail?: boolean;
  readonly request?: Partial<LoginRequest>;
  /** Whether the flow sends the browser to the provider by itself. @default the link on the login page is followed */
  readonly redirected?: boolean;
}

/** What the login comes to in the simulator and in Keycloak, in the same words: pages in order, then the end. */
export async function compareProviderLogin(
  place: Place,
  attempt: Attempt,
): Promise<{ readonly result: LoginResult; readonly simulated: string; readonly live: string }> {
  const { provider, user, redirected } = attempt;
  const request: LoginRequest = {
    clientId: 'app',
    ...attempt.request,
    ...(!redirected && { door: 'broker', broker: provider }),
  };
  const result = simulate(place.model, request, user, undefined, {
    actor: (page) => answerTo(page, attempt),
  });
  const simulated = [...result.asked.map(({ page, answer }) => describe(page, answer)), endOf(result)].join(', ');
  return { result, simulated, live: await performLive(place, attempt, request, result) };
}

function answerTo(page: Page, { as, user, opensMail }: Attempt): Answer {
  if (page.kind !== 'form') return { stop: true };
  if (page.accepts.some((proofs) => proofs.some(isOfProvider))) return { give: IDENTITIES.indexOf(as) };
  const owned = new Set<string>(['username', ...user.credentials, ...(opensMail ? ['email'] : [])]);
  const give = page.accepts.findIndex((proofs) => proofs.every((proof) => owned.has(proof)));
  if (give >= 0) return { give };
  const other = page.choices.find(({ execution }) => execution !== page.execution);
  return other ? { choose: other.execution } : { stop: true };
}

const isOfProvider = (proof: string) => proof.startsWith('identity-provider');

function describe(page: Page, answer: Answer): string {
  if (page.kind === 'action') return page.action;
  if (page.kind === 'consent') return 'consent';
  const proofs = page.accepts['give' in answer ? answer.give : 0] ?? [];
  if (proofs.some(isOfProvider)) return 'provider';
  return proofs.length === 0 ? page.authenticator : proofs.join('+');
}

function endOf({ outcome, account }: LoginResult): string {
  const of = account === 'new' ? 'new account' : 'account';
  if (outcome.kind === 'granted') return `${of} acr ${outcome.acr}`;
  if (outcome.kind === 'refused') {
    return `refused ${outcome.status}${outcome.reason === 'acr-not-fulfilled' ? ' acr' : ''}`;
  }
  return outcome.kind === 'abandoned' ? 'abandoned' : `cannot tell: ${JSON.stringify(outcome)}`;
}

/** Does what the simulated person did, as somebody of the partner realm. */
async function performLive(place: Place, attempt: Attempt, request: LoginRequest, { asked }: LoginResult) {
  const { username, there, secret } = await newAccount(place, attempt);
  const browser = new LiveLogin(there, secret);
  const url = authorizationUrl(place, request);
  let arrival = await browser.open(url);
  if (!attempt.redirected) arrival = await followLink(browser, arrival, attempt.provider);
  const seen: string[] = [];
  for (const { page, answer } of asked) {
    if ('redirect' in arrival) break;
    const name = nameOf(arrival.page, place);
    seen.push(name);
    if (name !== describe(page, answer)) return seen.join(', ');
    if ('stop' in answer) return [...seen, 'abandoned'].join(', ');
    if ('choose' in answer && page.kind === 'form') {
      const index = page.choices.findIndex(({ execution }) => execution === answer.choose);
      arrival = await chooseLive(browser, arrival.page, index);
    } else if (name === 'email') arrival = await openMail(place, browser, username);
    else arrival = await answerLive(browser, arrival.page, name);
  }
  return [...seen, await endOfLive(place, username, request, arrival)].join(', ');
}

/** An account, and a user of the partner realm who is linked to it, has its name and address, or neither. */
async function newAccount({ admin, realm, partner }: Place, { provider, as, user }: Attempt) {
  const username = `user-${randomUUID()}`;
  const there = as === 'new' ? `${username}-other` : username;
  const secret = user.credentials.includes('otp') ? randomUUID().slice(0, 20) : undefined;
  const profile = (name: string) => ({
    username: name,
    email: `${name}@moves.invalid`,
    emailVerified: true,
    firstName: 'Some',
    lastName: 'Body',
    enabled: true,
  });
  const password = { type: 'password', value: PASSWORD, temporary: false };
  const { id } = await admin.users.create({
    realm,
    ...profile(username),
    credentials: [password, ...(secret === undefined ? [] : [importedOtp(secret)])],
  });
  const other = await admin.users.create({ realm: partner, ...profile(there), credentials: [password] });
  if (as === 'linked') {
    const federatedIdentity = { identityProvider: provider, userId: other.id, userName: there };
    await admin.users.addToFederatedIdentity({ realm, id, federatedIdentityId: provider, federatedIdentity });
  }
  return { username, there, secret };
}

async function followLink(browser: LiveLogin, arrival: Arrival, provider: string): Promise<Arrival> {
  if ('redirect' in arrival) return arrival;
  const { html, url } = arrival.page;
  const link = load(html)(`#social-${provider}`).attr('href');
  if (link !== undefined) return browser.open(new URL(link, url));
  // A provider that the page hides has the address all the same.
  const another = load(html)('[id^="social-"]').attr('href') ?? '';
  return browser.open(new URL(another.replace(/\/broker\/[^/]+\//, `/broker/${provider}/`), url));
}

/** Pages of first broker logins, by their theme's identity, and the step that shows them. */
const FIRST_LOGIN_PAGES: Readonly<Record<string, string>> = {
  'login-login-idp-link-confirm': 'idp-confirm-link',
  'login-idp-review-user-profile': 'idp-review-profile',
  'login-login-idp-link-email': 'email',
};

function nameOf(page: LivePage, { partner }: Place): string {
  if (page.url.pathname.startsWith(`/realms/${partner}/`)) return 'provider';
  return FIRST_LOGIN_PAGES[load(page.html)('body').attr('data-page-id') ?? ''] ?? page.text;
}

async function openMail({ mailbox, realm }: Place, browser: LiveLogin, username: string): Promise<Arrival> {
  if (!mailbox) throw new Error(`The mails of ${realm} come nowhere`);
  return browser.open(await mailbox.linkTo(`${username}@moves.invalid`));
}

/** “Try another way”, of pages that are no forms too. */
async function chooseLive(browser: LiveLogin, page: LivePage, index: number): Promise<Arrival> {
  const post = (action: string, values: Record<string, string>) =>
    browser.open(new URL(action, page.url), { method: 'POST', body: new URLSearchParams(values) });
  const way = load(page.html)('#kc-select-try-another-way-form').attr('action');
  if (way === undefined) throw new Error(`${page.text} offers no other way`);
  const selection = await post(way, { tryAnotherWay: 'on' });
  if ('redirect' in selection) throw new Error('“Try another way” left Keycloak');
  const $ = load(selection.page.html);
  const execution = $('[name="authenticationExecution"]').eq(index).attr('value') ?? '';
  const form = $('#kc-select-credential-form').first().attr('action') ?? '';
  return post(form, { authenticationExecution: execution });
}

async function answerLive(browser: LiveLogin, page: LivePage, name: string): Promise<Arrival> {
  if (!Object.values(FIRST_LOGIN_PAGES).includes(name)) return browser.answer(page, {});
  const $ = load(page.html);
  const form = name === 'idp-confirm-link' ? $('#linkAccount').closest('form') : $('form').first();
  const fields = Object.fromEntries(form.serializeArray().map((field) => [field.name, field.value]));
  const values = name === 'idp-confirm-link' ? { submitAction: 'linkAccount' } : fields;
  return browser.open(new URL(form.attr('action') ?? '', page.url), {
    method: 'POST',
    body: new URLSearchParams(values),
  });
}

async function endOfLive(place: Place, username: string, { clientId }: LoginRequest, arrival: Arrival) {
  if ('page' in arrival) {
    const { kind, status, html, text } = arrival.page;
    if (kind !== 'error' && status < 400) return nameOf(arrival.page, place) || text;
    return `refused ${status}${html.includes('Authentication requirements not fulfilled') ? ' acr' : ''}`;
  }
  const site = { issuer: async () => `${place.url}/realms/${place.realm}` };
  const claims = claimsOf(await redeem(site, clientId, arrival.redirect));
  return `${claims.preferred_username === username ? 'account' : 'new account'} acr ${claims.acr}`;
}

function authorizationUrl({ url, realm }: Place, request: LoginRequest): URL {
  const authorization = new URL(`${url}/realms/${realm}/protocol/openid-connect/auth`);
  const parameters = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: REDIRECT_URI,
    scope: (request.scope ?? ['openid']).join(' '),
    acr_values: request.acrValues?.join(' '),
    claims: request.acrClaim && JSON.stringify({ id_token: { acr: request.acrClaim } }),
    kc_idp_hint: request.identityProviderHint,
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) authorization.searchParams.set(name, value);
  }
  return authorization;
}
