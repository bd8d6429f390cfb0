import { createHash, randomBytes } from 'node:crypto';
import { type CheerioAPI, load } from 'cheerio';
import { Browser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { claimsOf, type GrantAnswer, post } from './grants';
import type { Site } from './site';

const REDIRECTS = 20;

/** What a code gave. */
export interface Redeemed {
  readonly acr?: unknown;
  readonly scope: readonly string[];
  readonly answer: GrantAnswer;
}

/**
 * Somebody at a browser who follows any link and fills any form, where the login driver only answers what it is asked. It stays on one
 * page at a time; a redirect to the client leaves Keycloak, and nothing is requested there.
 */
export class Visitor {
  /** The page, or undefined once Keycloak is left. */
  page: CheerioAPI = load('');
  /** Where the page was had. */
  url = new URL('about:blank');
  /** Of the page. */
  status = 0;
  /** The redirect that left Keycloak for the client. */
  left?: URL;

  private readonly verifier = randomBytes(32).toString('base64url');
  private clientId = '';

  constructor(
    private readonly site: Pick<Site, 'issuer'>,
    readonly browser = new Browser(),
  ) {}

  /** Begins a login at a client, with PKCE. */
  async login(clientId: string, parameters: Readonly<Record<string, string>> = {}): Promise<this> {
    this.clientId = clientId;
    const url = new URL(`${await this.site.issuer()}/protocol/openid-connect/auth`);
    url.search = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: REDIRECT_URI,
      code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      ...parameters,
    }).toString();
    return this.open(url);
  }

  async open(url: URL, init: RequestInit = {}): Promise<this> {
    this.left = undefined;
    let next = url;
    let request = init;
    for (let count = 0; count < REDIRECTS; count++) {
      const response = await this.browser.fetch(next, { ...request, redirect: 'manual' });
      const location = response.headers.get('location');
      if (location === null) {
        this.page = load(await response.text());
        this.url = next;
        this.status = response.status;
        return this;
      }
      await response.body?.cancel();
      next = new URL(location, next);
      request = {};
      if (`${next.origin}${next.pathname}` === REDIRECT_URI) {
        this.left = next;
        return this;
      }
    }
    throw new Error(`${url} redirects more than ${REDIRECTS} times`);
  }

  /** Follows the first link whose address or selector matches. */
  async follow(link: RegExp): Promise<this> {
    const found = this.page('a[href]')
      .toArray()
      .map((each) => this.page(each).attr('href') ?? '')
      .find((href) => link.test(href));
    if (found === undefined) throw new Error(`${this.describe()} has no link ${link}`);
    return this.open(new URL(found, this.url));
  }

  /** Whether the page has such a link. */
  links(link: RegExp): boolean {
    return this.page('a[href]')
      .toArray()
      .some((each) => link.test(this.page(each).attr('href') ?? ''));
  }

  /** Sends the page's form with these values over those that it holds. */
  async fill(values: Readonly<Record<string, string>>): Promise<this> {
    const form = this.page('form[action]').first();
    if (form.length === 0) throw new Error(`${this.describe()} has no form`);
    const held = form.serializeArray().map(({ name, value }) => [name, value]);
    return this.open(new URL(form.attr('action') ?? '', this.url), {
      method: 'POST',
      body: new URLSearchParams({ ...Object.fromEntries(held), ...values }),
    });
  }

  /** Identity of the page in the theme: `login-login-otp`. */
  get id(): string | undefined {
    return this.left ? undefined : this.page('body').attr('data-page-id');
  }

  /** What the page says, for a test to look at. */
  get text(): string {
    return this.page('#kc-content, .pf-v5-c-login__main, body').first().text().replace(/\s+/g, ' ').trim();
  }

  /** Whether Keycloak gave the client a code. */
  get hasCode(): boolean {
    return this.left?.searchParams.has('code') === true;
  }

  /** Exchanges the code. @param secret of a confidential client */
  async redeem(secret?: string): Promise<Redeemed> {
    const code = this.left?.searchParams.get('code');
    if (!code) throw new Error(`${this.describe()} is no code`);
    const answer = await post(this.site, 'token', {
      client_id: this.clientId,
      ...(secret && { client_secret: secret }),
      grant_type: 'authorization_code',
      redirect_uri: REDIRECT_URI,
      code,
      code_verifier: this.verifier,
    });
    const { acr, scope } = claimsOf(answer);
    return { acr, scope: String(scope).split(' '), answer };
  }

  private describe(): string {
    return this.left ? `${this.left}` : `${this.id} (${this.status}, ${this.url.pathname}): ${this.text.slice(0, 300)}`;
  }
}
