import * as oidc from 'openid-client';
import type { Arrival, Browser } from './browser';
import type { Asked, LoginPage } from './pages';

/** The client that a user signs in to. */
export interface LoginClient {
  /** Base URL of the realm: `<keycloak>/realms/<name>`. */
  readonly issuer: string;
  readonly clientId: string;
  /** @default none: a public client */
  readonly clientSecret?: string;
}

/** An authorization request. */
export interface LoginRequest {
  readonly client: LoginClient;
  /** One of the client's redirect URIs. It is never requested. */
  readonly redirectUri: string;
  /** Requested acr names, in order of preference (OIDC core, `acr_values`). */
  readonly acrValues?: readonly string[];
  /** @default ['openid'] */
  readonly scope?: readonly string[];
  /** @see OIDC core, section 3.1.2.1 */
  readonly prompt?: 'none' | 'login' | 'consent';
  /** Seconds since which the user must have authenticated (`max_age`). */
  readonly maxAge?: number;
  /** The `claims` parameter (OIDC core, section 5.5), for example an essential acr. */
  readonly claims?: object;
  /** Further parameters, for example `kc_action`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The key that the tokens are to be bound to (DPoP, RFC 9449). @default none */
  readonly dpopKey?: CryptoKeyPair;
}

/** What the user types in a field, or how they find it out from the page. */
export type Answer = string | ((page: LoginPage) => string | Promise<string>);

/** What the user can answer; what is missing here they leave unanswered. */
export type Answers = Readonly<Partial<Record<Asked, Answer>>>;

/** How a login went. */
export interface LoginResult {
  /** All that Keycloak asked the user for, in order. */
  readonly asked: readonly Asked[];
  /**
   * - `granted`: the client has tokens.
   * - `refused`: Keycloak showed or returned an error; {@link error} says which. A wrong answer isn't tried twice.
   * - `unanswered`: Keycloak waits for something that has no answer here; it is the last of {@link asked}.
   * - `unknown-page`: Keycloak shows a page that this driver doesn't know; {@link page} is what is known of it.
   */
  readonly outcome: 'granted' | 'refused' | 'unanswered' | 'unknown-page';
  /** Of the ID token. */
  readonly acr?: string;
  /** Of the ID token; empty without an amr mapper. */
  readonly amr: readonly string[];
  /** Granted scopes. */
  readonly scope: readonly string[];
  /** Claims of the ID token. */
  readonly claims?: oidc.IDToken;
  readonly tokens?: oidc.TokenEndpointResponse;
  /** Message of the page, or OAuth error code with its description. */
  readonly error?: string;
  /** The last page shown. */
  readonly page?: LoginPage;
}

/** More pages than any flow of one login has. */
const PAGES = 15;

/**
 * Signs a user in by the authorization code flow with PKCE, answering Keycloak's pages as a user would. The answer of the
 * authorization endpoint and the ID token, with its signature, are checked by the OIDC library.
 *
 * @throws Error if Keycloak can't be reached or its answer breaks the protocol
 */
export async function signIn(browser: Browser, request: LoginRequest, answers: Answers = {}): Promise<LoginResult> {
  const configuration = await discover(browser, request.client);
  const verifier = oidc.randomPKCECodeVerifier();
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
    idTokenExpected: true,
    ...(request.maxAge !== undefined && { maxAge: request.maxAge }),
  };
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: request.redirectUri,
    scope: (request.scope ?? ['openid']).join(' '),
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...(request.acrValues && { acr_values: request.acrValues.join(' ') }),
    ...(request.prompt && { prompt: request.prompt }),
    ...(request.maxAge !== undefined && { max_age: String(request.maxAge) }),
    ...(request.claims && { claims: JSON.stringify(request.claims) }),
    ...request.parameters,
  });

  const visit = await answerPages(browser, url, new URL(request.redirectUri), answers);
  if (!visit.redirect) return { amr: [], scope: [], ...visit.result };
  return redeem(configuration, visit.redirect, checks, visit.result, request.dpopKey);
}

type Visit =
  | { redirect: URL; result: Pick<LoginResult, 'asked' | 'page'> }
  | { redirect?: undefined; result: Pick<LoginResult, 'asked' | 'page' | 'error' | 'outcome'> };

async function answerPages(browser: Browser, url: URL, leave: URL, answers: Answers): Promise<Visit> {
  const asked: Asked[] = [];
  let last: LoginPage | undefined;
  let arrival: Arrival = await browser.open(url, leave);
  for (let count = 0; count < PAGES; count++) {
    if ('redirect' in arrival) return { redirect: arrival.redirect, result: { asked, page: last } };
    const { page } = arrival;
    const ends = (outcome: LoginResult['outcome'], error = page.error): Visit => ({
      result: { asked, page, outcome, ...(error && { error }) },
    });
    if (page.kind === 'error') return ends('refused');
    if (page.kind === 'unknown') {
      return ends(
        'unknown-page',
        `unknown page ${page.id ?? '(no page id)'} "${page.title}", status ${arrival.status}`,
      );
    }
    // An error on the page that follows an answer is about that answer; the same answer again would only lock the user.
    if (last && page.error) return ends('refused');
    const values = await answer(page, answers, asked);
    if (!values) return ends('unanswered');
    last = page;
    arrival = await browser.submit(page, values, leave);
  }
  throw new Error(`The login did not end after ${PAGES} pages; asked for ${asked.join(', ')}`);
}

async function answer(page: LoginPage, answers: Answers, asked: Asked[]): Promise<Record<string, string> | undefined> {
  asked.push(...page.asks.keys());
  const values: Record<string, string> = {};
  for (const [what, field] of page.asks) {
    const given = answers[what];
    if (given === undefined) return undefined;
    values[field] = typeof given === 'string' ? given : await given(page);
  }
  return values;
}

async function redeem(
  configuration: oidc.Configuration,
  redirect: URL,
  checks: oidc.AuthorizationCodeGrantChecks,
  soFar: Pick<LoginResult, 'asked' | 'page'>,
  dpopKey: CryptoKeyPair | undefined,
): Promise<LoginResult> {
  try {
    const options = dpopKey && { DPoP: oidc.getDPoPHandle(configuration, dpopKey) };
    const tokens = await oidc.authorizationCodeGrant(configuration, redirect, checks, undefined, options);
    const claims = tokens.claims();
    return {
      ...soFar,
      outcome: 'granted',
      ...(typeof claims?.acr === 'string' && { acr: claims.acr }),
      amr: Array.isArray(claims?.amr) ? claims.amr.map(String) : [],
      scope: tokens.scope?.split(' ') ?? [],
      claims,
      tokens,
    };
  } catch (error) {
    if (!(error instanceof oidc.AuthorizationResponseError) && !(error instanceof oidc.ResponseBodyError)) throw error;
    const description = error.error_description;
    return {
      ...soFar,
      outcome: 'refused',
      amr: [],
      scope: [],
      error: description ? `${error.error}: ${description}` : error.error,
    };
  }
}

async function discover(browser: Browser, client: LoginClient): Promise<oidc.Configuration> {
  const authentication = client.clientSecret ? oidc.ClientSecretBasic(client.clientSecret) : oidc.None();
  const insecure = client.issuer.startsWith('http:');
  return oidc.discovery(new URL(client.issuer), client.clientId, undefined, authentication, {
    // Loopback sandboxes speak HTTP; the signature check makes up for the missing TLS.
    execute: [...(insecure ? [oidc.allowInsecureRequests] : []), oidc.enableNonRepudiationChecks],
    [oidc.customFetch]: (url, options) => browser.base(url, options as RequestInit),
  });
}
